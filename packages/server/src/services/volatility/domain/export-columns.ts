import type { Regime } from './regime-code.ts'

export const exportFormats = ['csv', 'ndjson', 'parquet'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** In the order of the export (specification 9.3). */
export const exportColumns = [
  'open_ms',
  'ts_ms',
  'open',
  'high',
  'low',
  'close',
  'volume',
  'realized_vol',
  'baseline_vol',
  'z_vol',
  'regime',
  'confidence',
] as const
export type ExportColumn = (typeof exportColumns)[number]

/**
 * The first `rows` values of each column; a number that is not known is NaN. The arrays are filled anew for the next
 * page, because millions of rows are exported.
 */
export type ExportPage = Readonly<Record<Exclude<ExportColumn, 'regime'>, Float64Array>> & {
  readonly regime: (Regime | null)[]
  rows: number
}

export function emptyPage(rowsMax: number): ExportPage {
  return {
    open_ms: new Float64Array(rowsMax),
    ts_ms: new Float64Array(rowsMax),
    open: new Float64Array(rowsMax),
    high: new Float64Array(rowsMax),
    low: new Float64Array(rowsMax),
    close: new Float64Array(rowsMax),
    volume: new Float64Array(rowsMax),
    realized_vol: new Float64Array(rowsMax),
    baseline_vol: new Float64Array(rowsMax),
    z_vol: new Float64Array(rowsMax),
    regime: Array<Regime | null>(rowsMax).fill(null),
    confidence: new Float64Array(rowsMax),
    rows: 0,
  }
}

/** The values of a column, for writers that take them at once. */
export function listValues(page: ExportPage, column: ExportColumn): (number | string | null)[] {
  return Array.from({ length: page.rows }, (_, row) => cellOf(page, column, row))
}

export function toCsvHeader(columns: readonly ExportColumn[]): string {
  return `${columns.join(',')}\n`
}

/** Rows `from` up to but without `to`. */
type WriteRows = (page: ExportPage, columns: readonly ExportColumn[], from: number, to: number) => string

/** Numbers as the shortest decimals that parse to the same value; unknown values are empty. */
export const toCsv: WriteRows = (page, columns, from, to) => {
  let text = ''
  for (let row = from; row < to; row += 1) {
    for (let index = 0; index < columns.length; index += 1) {
      const column = columns[index]
      if (index > 0) text += ','
      if (column !== undefined) text += cellOf(page, column, row) ?? ''
    }
    text += '\n'
  }
  return text
}

/** One JSON object per line. */
export const toNdjson: WriteRows = (page, columns, from, to) => {
  let text = ''
  for (let row = from; row < to; row += 1)
    text += `${JSON.stringify(Object.fromEntries(columns.map((column) => [column, cellOf(page, column, row)])))}\n`
  return text
}

/** Writes a page in pieces that are dropped as soon as they are sent, instead of one that outlives a collection. */
export function* inPieces(
  page: ExportPage,
  columns: readonly ExportColumn[],
  write: WriteRows,
  rowsAtOnce: number,
): Generator<string> {
  for (let row = 0; row < page.rows; row += rowsAtOnce)
    yield write(page, columns, row, Math.min(page.rows, row + rowsAtOnce))
}

function cellOf(page: ExportPage, column: ExportColumn, row: number): number | string | null {
  if (column === 'regime') return page.regime[row] ?? null
  const value = page[column][row]
  return value === undefined || Number.isNaN(value) ? null : value
}
