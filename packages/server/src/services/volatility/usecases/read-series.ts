import { asGate } from '@gatehouse/kernel/db'
import type { InputOf, ReplyOf } from '@gatehouse/kernel/endpoint'
import type { getSeries } from '../contract/regime.ts'
import type { ComputingDeps } from '../deps.ts'
import { barsEndedBy, regimeAfter } from '../domain/classified-series.ts'
import { toConfidence } from '../domain/confidence.ts'
import { midnightOf } from '../domain/day-table.ts'
import { intervalMs } from '../domain/timeframe.ts'
import { problems } from '../problems.ts'
import { listDayTables } from '../store/day-table-store.ts'
import type { WithPreset } from './choose-preset.ts'
import { historyKinds } from './history-cache.ts'
import { findSeries, readClassified } from './read-classified.ts'

/**
 * Bars of a series with what was known after each; those that end from `from_ms` (inclusive) to `to_ms` (exclusive).
 */
export async function readSeries(
  deps: ComputingDeps,
  symbol: string,
  { limit, from_ms: fromMs, to_ms: toMs, ...asked }: WithPreset<InputOf<typeof getSeries>['query']>,
): Promise<ReplyOf<typeof getSeries>> {
  if (fromMs !== undefined && toMs !== undefined && fromMs > toMs)
    throw problems.VALIDATION_ERROR({ fields: [{ field: 'from_ms', message: 'must not be after to_ms' }] })
  const found = findSeries(deps, { symbol, ...asked })
  const series = await readClassified(deps, found, historyKinds.ranges)
  const end = toMs === undefined ? series.openMs.length : barsEndedBy(series, toMs - 1)
  const first = fromMs === undefined ? 0 : barsEndedBy(series, fromMs - 1)
  const [from, to] =
    fromMs === undefined ? [Math.max(first, end - limit), end] : [first, Math.min(end, first + limit)]
  const bars = Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)
  const interval = intervalMs[asked.timeframe]
  const endOf = (bar: number): number => (series.openMs[bar] ?? 0) + interval
  const seriesId = found.snapshot?.seriesId
  const [firstBar, lastBar] = [bars.at(0), bars.at(-1)]
  const tables =
    seriesId === undefined || firstBar === undefined || lastBar === undefined
      ? undefined
      : await asGate(deps, (tx) =>
          listDayTables(tx, seriesId, {
            fromMs: midnightOf(endOf(firstBar)),
            toMs: midnightOf(endOf(lastBar)),
          }),
        )
  const column = (values: Float64Array) => bars.map((bar) => orNull(values[bar]))
  return {
    ...found.told,
    count: bars.length,
    ts_ms: bars.map(endOf),
    close: bars.map((bar) => series.closes[bar] ?? 0),
    realized_vol: column(series.rv),
    z_vol: column(series.z),
    regime: bars.map((bar) => regimeAfter(series, bar)),
    confidence: bars.map((bar) => {
      const endMs = endOf(bar)
      const regime = regimeAfter(series, bar)
      const [z, garmanKlass] = [orNull(series.z[bar]), orNull(series.garmanKlass[bar])]
      return toConfidence({ endMs, regime, z, garmanKlass }, tables?.get(midnightOf(endMs))).confidence
    }),
  }
}

function orNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value
}
