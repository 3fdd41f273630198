export type Cell = string | number | boolean | null

type Exported<Row> = {
  readonly id: string
  readonly title: string
  readonly value: (row: Row) => Cell
}

/** RFC 4180, with a byte order mark by which spreadsheets detect UTF-8. */
export function toCsv<Row>(columns: readonly Exported<Row>[], rows: readonly Row[]): string {
  const lines = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ value }) => value(row))),
  ]
  return `\uFEFF${lines.map((line) => line.map(toCsvCell).join(',')).join('\r\n')}\r\n`
}

export function toJson<Row>(columns: readonly Exported<Row>[], rows: readonly Row[]): string {
  const objects = rows.map((row) => Object.fromEntries(columns.map(({ id, value }) => [id, value(row)])))
  return `${JSON.stringify(objects, null, 2)}\n`
}

function toCsvCell(value: Cell): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  // Prevents a spreadsheet from evaluating the text as a formula.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
