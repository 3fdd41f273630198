export const exportFormats = ['csv', 'ndjson', 'parquet'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** In their order (specification 9.3). */
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

/** Columns of one length, by name. */
export type ExportPage = Readonly<Record<ExportColumn, readonly (number | string | null)[]>> & {
  readonly rows: number
}

export function toCsvHeader(columns: readonly ExportColumn[]): string {
  return `${columns.join(',')}\n`
}

/** Shortest decimals that read back the same; nothing for what is not known. */
export function toCsv(page: ExportPage, columns: readonly ExportColumn[]): string {
  let text = ''
  for (let row = 0; row < page.rows; row += 1) {
    for (const [index, column] of columns.entries())
      text += `${index === 0 ? '' : ','}${page[column][row] ?? ''}`
    text += '\n'
  }
  return text
}

/** One object a line. */
export function toNdjson(page: ExportPage, columns: readonly ExportColumn[]): string {
  let text = ''
  for (let row = 0; row < page.rows; row += 1)
    text += `${JSON.stringify(Object.fromEntries(columns.map((column) => [column, page[column][row] ?? null])))}\n`
  return text
}
