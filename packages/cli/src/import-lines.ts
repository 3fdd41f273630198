import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'

/** Which column of a file stands for which member of a line. */
export type ColumnMap = ReadonlyMap<string, string>

/** `operator_id=user,client_ts=decided_at`; throws for what is no such list. */
export function parseMap(text: string | undefined): ColumnMap {
  const map = new Map<string, string>()
  for (const pair of (text ?? '').split(',').filter((one) => one.trim() !== '')) {
    const [member = '', column = '', ...more] = pair.split('=').map((one) => one.trim())
    if (member === '' || column === '' || more.length > 0)
      throw new Error(`--map takes pairs such as operator_id=user, and "${pair}" is none`)
    map.set(column, member)
  }
  return map
}

/**
 * The lines of a file as the server takes them, each a JSON object in text: NDJSON as it is, CSV by its header, either of
 * them gzipped. With a sort, all of it is held in memory.
 */
export async function* readImportLines(
  file: string,
  map: ColumnMap,
  isSorted: boolean,
  /** Is handed what says how many bytes of the file were read so far. */
  watch: (bytesRead: () => number) => void = () => undefined,
): AsyncGenerator<string> {
  const lines = readObjects(file, map, watch)
  if (!isSorted) {
    for await (const line of lines) yield toText(line)
    return
  }
  const keyed: { readonly line: Line | string; readonly at: number }[] = []
  for await (const line of lines)
    keyed.push({ line, at: typeof line === 'string' ? Number.NaN : Date.parse(String(line['client_ts'])) })
  // What has no time that can be read stays at the end, where the server says so.
  for (const { line } of keyed.toSorted((a, b) => (a.at || Infinity) - (b.at || Infinity))) yield toText(line)
}

function toText(line: Line | string): string {
  return typeof line === 'string' ? line : JSON.stringify(line)
}

type Line = Readonly<Record<string, unknown>>

async function* readObjects(
  file: string,
  map: ColumnMap,
  watch: (bytesRead: () => number) => void,
): AsyncGenerator<Line | string> {
  const name = basename(file).toLowerCase()
  const isPacked = name.endsWith('.gz')
  const raw = createReadStream(file)
  watch(() => raw.bytesRead)
  const input = isPacked ? raw.pipe(createGunzip()) : raw
  raw.on('error', (error) => input.destroy(error))
  const kind = /\.(csv|ndjson|jsonl)(?:\.gz)?$/.exec(name)?.[1]
  if (kind === undefined) throw new Error(`${file} must end in .csv, .ndjson or .jsonl, with or without .gz`)
  if (kind === 'csv') {
    const rows = input.pipe(parse({ columns: true, bom: true, relax_column_count: false }))
    input.on('error', (error: Error) => rows.destroy(error))
    // Safe: with columns, each row is an object of texts.
    for await (const row of rows) yield toLine(row as Readonly<Record<string, string>>, map)
    return
  }
  for await (const text of createInterface({ input, crlfDelay: Infinity }))
    if (text.trim() !== '') yield rename(text, map)
}

/** What is no object of JSON goes as it is: the server rejects it under its line. */
function rename(text: string, map: ColumnMap): Line | string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return text
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return text
  return Object.fromEntries(
    Object.entries(value).map(([name, member]: [string, unknown]) => [map.get(name) ?? name, member]),
  )
}

const booleans = new Set([
  'ai_recommendation_presented',
  'ai_available',
  'outcome_correct',
  'ai_correct',
  'initial_decision.agrees_with_ai',
  'initial_decision.correct',
])
const numbers = new Set([
  'time_to_decision_ms',
  'modification_extent',
  'hover_events',
  'scroll_depth',
  'alternative_views_checked',
  'operator_confidence',
  'initial_decision.value',
  'initial_decision.ai_value',
  'initial_decision.final_value',
])

/** A row of CSV: an empty cell is not sent, and a dot in a name leads into an object. */
function toLine(row: Readonly<Record<string, string>>, map: ColumnMap): Line {
  const line: Record<string, unknown> = {}
  for (const [column, cell] of Object.entries(row)) {
    if (cell === '') continue
    const name = map.get(column) ?? column
    const [outer = '', inner] = name.split('.', 2)
    const value = toValue(name, cell)
    if (inner === undefined) line[outer] = value
    // Safe: whatever stands there was put there as an object, one member earlier.
    else line[outer] = { ...(line[outer] as object | undefined), [inner]: value }
  }
  return line
}

/** What cannot be read as what it should be is sent as it is: the server says what it would take. */
function toValue(name: string, cell: string): unknown {
  if (booleans.has(name)) return toBoolean(cell)
  const value = Number(cell)
  return numbers.has(name) && Number.isFinite(value) ? value : cell
}

function toBoolean(cell: string): unknown {
  if (/^(?:true|1|yes)$/i.test(cell)) return true
  return /^(?:false|0|no)$/i.test(cell) ? false : cell
}
