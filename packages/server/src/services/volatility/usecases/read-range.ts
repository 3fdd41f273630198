import { asGate } from '@gatehouse/kernel/db'
import type { RangeReply } from '../contract/quality.ts'
import type { VolatilityDeps } from '../deps.ts'
import { midnightOf } from '../domain/day-table.ts'
import { returnsAhead } from '../domain/labels.ts'
import { intervalMs } from '../domain/timeframe.ts'
import { rangeResiduals, toVolatilityRange } from '../domain/volatility-range.ts'
import { problems } from '../problems.ts'
import { listRangeTables, type RangeTable } from '../store/range-store.ts'
import { chooseVenue, findSymbol } from './choose-series.ts'
import { type Forecaster, findForecaster } from './make-range-tables.ts'

type Deps = Pick<VolatilityDeps, 'board' | 'db'>

const timeframe = '1m'

/**
 * Reads the range for the next 30 returns of a symbol (specification 7.9). Throws `method_not_calibrated` without an
 * applied calibration of `har-gk`, and `series_warming_up` if there is no forecast or too few of its errors are
 * known.
 */
export function createRangeReader(deps: Deps): (symbol: string) => Promise<RangeReply> {
  const known = new Map<number, RangeTable>()

  /** Tables never change, so the newest one of each series is cached. */
  const findTable = async (
    seriesId: number,
    { calibration }: Forecaster,
    dayMs: number,
  ): Promise<RangeTable | undefined> => {
    const kept = known.get(seriesId)
    if (kept?.dayMs === dayMs && kept.calibrationId === calibration.id) return kept
    const found = await asGate(deps, (tx) =>
      listRangeTables(tx, seriesId, calibration.id, { fromMs: dayMs, toMs: dayMs }),
    )
    const table = found.get(dayMs)
    if (table !== undefined) known.set(seriesId, table)
    return table
  }

  return async (name) => {
    const carried = findSymbol(deps, name)
    const { symbol } = carried
    const venue = chooseVenue(deps, carried, undefined)
    const snapshot = deps.board.find(venue, symbol, timeframe)
    const forecaster = findForecaster(snapshot)
    if (snapshot === undefined || forecaster === undefined)
      throw problems.method_not_calibrated({
        detail: `The range rests on har-gk, for which ${symbol} ${timeframe} has no calibration yet`,
      })
    const { machine, calibration, mean, deviation } = forecaster
    const { reading } = machine
    if (reading?.z == null || machine.barsUntilReady > 0) throw warmingUp('has no forecast yet')
    const asOfMs = reading.openMs + intervalMs[timeframe]
    const table = await findTable(snapshot.seriesId, forecaster, midnightOf(asOfMs))
    if (table?.quantiles == null)
      throw warmingUp(`has fewer than ${rangeResiduals.least} errors of its forecast to measure by`)
    return {
      symbol,
      timeframe,
      venue,
      horizon_bars: returnsAhead,
      horizon_seconds: (returnsAhead * intervalMs[timeframe]) / 1_000,
      as_of_ms: asOfMs,
      ...toWire(toVolatilityRange(mean + deviation * reading.z, table.quantiles)),
      residuals: table.residuals,
      realized_vol: reading.rv,
      coverage: table.coverage,
      calibration: {
        id: calibration.id,
        data_from_ms: calibration.dataFromMs,
        data_to_ms: calibration.dataToMs,
      },
      stale: deps.board.isStale(venue, symbol),
      reason: table.coverage === null ? 'few_matured' : null,
    }

    function warmingUp(what: string): Error {
      return problems.series_warming_up({ detail: `${symbol} ${timeframe} ${what}` })
    }
  }
}

function toWire({
  median,
  interval,
}: ReturnType<typeof toVolatilityRange>): Pick<RangeReply, 'median' | 'interval'> {
  const { '50': half, '80': most, '95': nearlyAll } = interval
  return { median, interval: { '50': [...half], '80': [...most], '95': [...nearlyAll] } }
}
