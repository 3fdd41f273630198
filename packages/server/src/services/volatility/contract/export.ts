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
  summary: 'Download all stored bars of a series with their regimes, as CSV, NDJSON or Parquet',
  description:
    'One row per closed bar in ascending order, with the values that were published after that bar. `from_ms` (inclusive) and `to_ms` (exclusive) limit the open times of the bars; by default, the last 400 days are exported. CSV and NDJSON are compressed if the client accepts it. An organisation can run one export at a time.',
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
