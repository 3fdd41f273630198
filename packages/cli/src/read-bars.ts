import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'

/** Accepted column names: those of recorded files, and those of the server's export. */
const names = {
  openMs: ['open_time_ms', 'open_ms'],
  opens: ['open'],
  highs: ['high'],
  lows: ['low'],
  closes: ['close'],
  volumes: ['volume'],
} as const

type Column = keyof typeof names
export type BarColumns = Readonly<Record<Column, Float64Array>>

// Safe: these are the keys of the object above.
const columns = Object.keys(names) as readonly Column[]

/**
 * Reads the bars of a CSV file with a header, also gzipped. Throws if a column is missing or a value is not a number,
 * and names it.
 */
export async function readBars(file: string): Promise<BarColumns> {
  const raw = createReadStream(file)
  const input = file.toLowerCase().endsWith('.gz') ? raw.pipe(createGunzip()) : raw
  raw.on('error', (error) => input.destroy(error))
  const rows = input.pipe(parse({ bom: true }))
  input.on('error', (error: Error) => rows.destroy(error))
  const read: Record<Column, number[]> = {
    openMs: [],
    opens: [],
    highs: [],
    lows: [],
    closes: [],
    volumes: [],
  }
  let places: readonly (readonly [Column, number])[] | undefined
  let line = 0
  for await (const row of rows) {
    line += 1
    // Safe: without a header option, the parser yields each row as a list of strings.
    const cells = row as readonly string[]
    if (places === undefined) {
      places = columns.map((column) => [column, placeOf(column, cells, file)])
      continue
    }
    for (const [column, place] of places) {
      const cell = cells[place] ?? ''
      const value = Number(cell)
      if (cell === '' || !Number.isFinite(value))
        throw new Error(`${file}, line ${line}: ${names[column][0]} is no number`)
      read[column].push(value)
    }
  }
  return {
    openMs: Float64Array.from(read.openMs),
    opens: Float64Array.from(read.opens),
    highs: Float64Array.from(read.highs),
    lows: Float64Array.from(read.lows),
    closes: Float64Array.from(read.closes),
    volumes: Float64Array.from(read.volumes),
  }
}

function placeOf(column: Column, header: readonly string[], file: string): number {
  const place = header.findIndex((name) => names[column].some((known) => known === name))
  if (place < 0) throw new Error(`${file} has no column ${names[column].join(' or ')}`)
  return place
}
