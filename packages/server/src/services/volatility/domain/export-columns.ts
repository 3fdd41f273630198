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

/** Columns of the same length, by name. */
export type ExportPage = Readonly<Record<ExportColumn, readonly (number | string | null)[]>> & {
  readonly rows: number
}

export function toCsvHeader(columns: readonly ExportColumn[]): string {
  return `${columns.join(',')}\n`
}

/** Numbers as the shortest decimals that parse to the same value; unknown values are empty. */
export function toCsv(page: ExportPage, columns: readonly ExportColumn[]): string {
  let text = ''
  for (let row = 0; row < page.rows; row += 1) {
    for (const [index, column] of columns.entries())
      text += `${index === 0 ? '' : ','}${page[column][row] ?? ''}`
    text += '\n'
  }
  return text
}

/** One JSON object per line. */
export function toNdjson(page: ExportPage, columns: readonly ExportColumn[]): string {
  let text = ''
  for (let row = 0; row < page.rows; row += 1)
    text += `${JSON.stringify(Object.fromEntries(columns.map((column) => [column, page[column][row] ?? null])))}\n`
  return text
}
