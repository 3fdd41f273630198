import { defineEndpoint, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { exportColumns, exportFormats } from '../domain/export-columns.ts'
import { oneOf, symbol } from './fields.ts'
import { common, queryMoment } from './query-fields.ts'

const names: readonly string[] = exportColumns

/** A selection of columns. They are returned in their standard order, whatever the order of the request. */
const columns = text(1, 300)
  .transform((list) => list.split(','))
  .refine(
    (asked) => asked.every((name) => names.includes(name)),
    `must be some of ${exportColumns.join(', ')}, separated by commas`,
  )
  .transform((asked) => exportColumns.filter((name) => asked.includes(name)))

export const exportSeries = defineEndpoint({
  method: 'GET',
  path: '/v1/regime/{symbol}/export',
  id: 'exportSeries',
  summary: 'Download every stored bar with what the series said of it, as CSV, NDJSON or Parquet',
  description:
    'One row a closed bar, ascending: the values that a reader was told after it. Without `from_ms` the last 400 days; `from_ms` and `to_ms` bound the open times of bars, the latter not included. CSV and NDJSON are compressed where the client accepts it. One export at a time for an organisation.',
  tag: 'volatility',
  access: { kind: 'key', scope: 'regime:read' },
  passesOverUnknownQuery: true,
  params: z.strictObject({ symbol }),
  query: z.object({
    ...common,
    format: oneOf(exportFormats).default('csv'),
    from_ms: queryMoment.optional(),
    to_ms: queryMoment.optional(),
    columns: columns.optional(),
  }),
  example: { params: { symbol: 'btcusdt' }, query: { columns: 'ts_ms,close,regime' } },
  reply: { status: 200, mediaType: 'text/csv; charset=utf-8' },
  problems: [
    'symbol_not_found',
    'symbol_not_listed',
    'preset_not_found',
    'method_not_calibrated',
    'range_too_large',
    'export_running',
  ],
})
