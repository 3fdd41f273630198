import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'

/** Maps columns of a CSV file to members of an import line. */
export type ColumnMap = ReadonlyMap<string, string>

/** Parses `operator_id=user,client_ts=decided_at`; throws a UsageError if the text has another form. */
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
 * Reads a file as import lines, each a JSON object as text. Accepts NDJSON and CSV with a header, also gzipped. With
 * `sort`, the whole file is held in memory.
 */
export async function* readImportLines(
  file: string,
  map: ColumnMap,
  isSorted: boolean,
  /** Receives a function that returns how many bytes of the file were read so far. */
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
  // Lines without a readable time come last; the server then rejects them with a reason.
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
    // Safe: with a header, the parser yields each row as an object of strings.
    for await (const row of rows) yield toLine(row as Readonly<Record<string, string>>, map)
    return
  }
  for await (const text of createInterface({ input, crlfDelay: Infinity }))
    if (text.trim() !== '') yield rename(text, map)
}

/** A line that is not a JSON object is sent unchanged: the server rejects it under its line number. */
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

/** Converts a CSV row: empty cells are omitted, and a dot in a column's name addresses a member of a nested object. */
function toLine(row: Readonly<Record<string, string>>, map: ColumnMap): Line {
  const line: Record<string, unknown> = {}
  for (const [column, cell] of Object.entries(row)) {
    if (cell === '') continue
    const name = map.get(column) ?? column
    const [outer = '', inner] = name.split('.', 2)
    const value = toValue(name, cell)
    if (inner === undefined) line[outer] = value
    // Safe: any value here was set as an object by an earlier column.
    else line[outer] = { ...(line[outer] as object | undefined), [inner]: value }
  }
  return line
}

/** A cell that does not parse is sent as text: the server rejects it and says what it expects. */
function toValue(name: string, cell: string): unknown {
  if (booleans.has(name)) return toBoolean(cell)
  const value = Number(cell)
  return numbers.has(name) && Number.isFinite(value) ? value : cell
}

function toBoolean(cell: string): unknown {
  if (/^(?:true|1|yes)$/i.test(cell)) return true
  return /^(?:false|0|no)$/i.test(cell) ? false : cell
}
