import { asGate, asWriter } from '@gatehouse/kernel/db'
import type { VolatilityDeps } from '../deps.ts'
import { dayMs } from '../domain/day-table.ts'
import type { HarCoefficients } from '../domain/har-windows.ts'
import { returnsAhead } from '../domain/labels.ts'
import { liveDays } from '../domain/live-quality.ts'
import { intervalMs } from '../domain/timeframe.ts'
import { rangeResiduals } from '../domain/volatility-range.ts'
import { listBarColumns } from '../store/bar-columns-store.ts'
import { findOpenBefore } from '../store/day-table-store.ts'
import { insertRangeTable, listRangeTables } from '../store/range-store.ts'
import { findSeriesHead } from '../store/series-head-store.ts'
import type { BoardMachine, SeriesSnapshot } from './board.ts'

type Deps = Pick<VolatilityDeps, 'board' | 'compute' | 'db'>

/** Bars beyond the residuals: a day of them before a forecast exists, those that it looks ahead, and some for gaps. */
const barsBefore = 1_440 + returnsAhead + 500

/** The calibration behind a series' range: the newest applied one of `har-gk`. */
export type Forecaster = {
  readonly machine: BoardMachine
  readonly calibration: NonNullable<BoardMachine['calibration']>
  readonly coefficients: HarCoefficients
  readonly mean: number
  readonly deviation: number
}

/** Undefined if no calibration of `har-gk` was applied. */
export function findForecaster(snapshot: SeriesSnapshot | undefined): Forecaster | undefined {
  const found = (snapshot?.machines ?? []).flatMap((machine): readonly Forecaster[] => {
    const { calibration, thresholds } = machine
    if (calibration === undefined || thresholds.drive?.kind !== 'forecast') return []
    return [{ machine, calibration, ...thresholds.drive }]
  })
  // Ids are in order of time.
  return found.toSorted((a, b) => (a.calibration.id < b.calibration.id ? 1 : -1))[0]
}

/** By series: calibration and midnight of its table. */
export type RangesDone = Map<number, string>

/** Makes the table of the newest midnight of each series with a forecast, and again after a new calibration. */
export async function makeDueRangeTables(deps: Deps, done: RangesDone, signal: AbortSignal): Promise<void> {
  for (const snapshot of deps.board.all()) {
    if (signal.aborted) return
    const { seriesId, timeframe, reading } = snapshot
    const forecaster = findForecaster(snapshot)
    if (reading === null || forecaster === undefined) continue
    const midnightMs = Math.floor((reading.openMs + intervalMs[timeframe]) / dayMs) * dayMs
    const { id: calibrationId } = forecaster.calibration
    const stamp = `${snapshot.version} ${calibrationId} ${midnightMs}`
    if (done.get(seriesId) === stamp) continue
    try {
      await makeTable(deps, snapshot, forecaster, midnightMs)
    } catch (error) {
      // The threads were ended with the server, so the error is expected.
      if (signal.aborted) return
      throw error
    }
    done.set(seriesId, stamp)
  }
}

async function makeTable(
  deps: Deps,
  { seriesId, timeframe, venue, symbol }: SeriesSnapshot,
  { calibration: { id: calibrationId }, coefficients }: Forecaster,
  midnightMs: number,
): Promise<void> {
  const days = { fromMs: midnightMs - liveDays * dayMs, toMs: midnightMs }
  const read = await asGate(deps, async (tx) => {
    const served = await listRangeTables(tx, seriesId, calibrationId, days)
    const head = await findSeriesHead(tx, venue, symbol, timeframe)
    if (served.has(midnightMs) || head === undefined) return undefined
    const { marketId, version } = head
    // Coverage needs the outcomes of all days on which ranges were served.
    const wanted = served.size === 0 ? rangeResiduals.window : (liveDays * dayMs) / intervalMs[timeframe]
    const bars = wanted + barsBefore
    const afterMs = (await findOpenBefore(tx, { marketId, timeframe, beforeMs: midnightMs, bars })) ?? -1
    const columns = await listBarColumns(tx, marketId, { timeframe, afterMs, barsMax: bars }, [
      'open',
      'high',
      'low',
      'close',
    ])
    return { columns, version, served }
  })
  if (read === undefined) return
  const input = { timeframe, bars: read.columns, coefficients }
  const made = await deps.compute.run('rangeTable', { ...input, midnightMs })
  const quantiles = new Map(
    [...read.served].flatMap(([day, table]) =>
      table.quantiles === null ? [] : [[day, table.quantiles] as const],
    ),
  )
  const coverage =
    quantiles.size === 0 ? null : await deps.compute.run('rangeCoverage', { ...input, ...days, quantiles })
  const table = { seriesId, seriesVersion: read.version, calibrationId, dayMs: midnightMs, ...made, coverage }
  await asWriter(deps, (tx) => insertRangeTable(tx, table))
}
