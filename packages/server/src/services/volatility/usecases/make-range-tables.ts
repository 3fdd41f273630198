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

/** Bars beyond the residuals: a day of them until there is a forecast, those that it looks ahead at, and some for holes. */
const barsBefore = 1_440 + returnsAhead + 500

/** The calibration that the range of a series rests on: the newest of `har-gk` that was applied to it. */
export type Forecaster = {
  readonly machine: BoardMachine
  readonly calibration: NonNullable<BoardMachine['calibration']>
  readonly coefficients: HarCoefficients
  readonly mean: number
  readonly deviation: number
}

/** Undefined where no calibration of `har-gk` was applied. */
export function findForecaster(snapshot: SeriesSnapshot | undefined): Forecaster | undefined {
  const found = (snapshot?.machines ?? []).flatMap((machine): readonly Forecaster[] => {
    const { calibration, thresholds } = machine
    if (calibration === undefined || thresholds.drive?.kind !== 'forecast') return []
    return [{ machine, calibration, ...thresholds.drive }]
  })
  // Their ids are in the order of time.
  return found.toSorted((a, b) => (a.calibration.id < b.calibration.id ? 1 : -1))[0]
}

/** Which table of each series is made: its calibration and midnight. */
export type RangesDone = Map<number, string>

/** Makes the table of the newest midnight of each series that has a forecast, and makes it anew with a new calibration. */
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
      // The threads end with the server, whatever they were at.
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
    // Ranges that were served are held against what came, of all these days.
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
