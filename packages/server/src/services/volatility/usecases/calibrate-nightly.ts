import { asGate } from '@gatehouse/kernel/db'
import { toErrorFields } from '@gatehouse/kernel/log'
import type { CalibrationInput, CalibrationReport } from '../calibration/calibrate.ts'
import type { VolatilityDeps } from '../deps.ts'
import { entrantNames } from '../domain/contest.ts'
import { dayMs } from '../domain/day-table.ts'
import { findTablesHead } from '../store/day-table-store.ts'
import { calibrateSeries } from './calibrate-series.ts'

type Deps = Pick<VolatilityDeps, 'board' | 'clock' | 'db' | 'log'>

const timeframe = '1m'
/** The evaluated days, as in `gatehouse volatility calibrate`; with less history, the protocol of a month. */
const whole = { days: 180, trainDays: 120, testDays: 20 } as const
const month = { days: 180, trainDays: 14, testDays: 5 } as const
const movedStarts = [1, 2, 3, 4] as const

/**
 * Calibrates every symbol with enough minutes again, one after the other, and files proposals for a person to accept
 * (specification 7.6). A failure does not stop the others.
 */
export async function calibrateNightly(
  deps: Deps,
  run: (input: CalibrationInput) => Promise<CalibrationReport>,
  signal: AbortSignal,
): Promise<void> {
  for (const { symbol, primary: venue } of deps.board.symbols) {
    if (signal.aborted) return
    const snapshot = deps.board.find(venue, symbol, timeframe)
    if (snapshot?.reading == null) continue
    const { seriesId, reading } = snapshot
    const head = await asGate(deps, (tx) => findTablesHead(tx, seriesId, timeframe))
    if (head?.firstOpenMs == null) continue
    const protocol = protocolOf((reading.openMs - head.firstOpenMs) / dayMs)
    if (protocol === undefined) continue
    const wish = { symbol, venue, timeframe, ...protocol, movedStarts, entrants: entrantNames } as const
    try {
      await calibrateSeries(deps, { ...wish, because: 'nightly' }, run)
    } catch (error) {
      if (signal.aborted) return
      deps.log.warn(`The nightly calibration of ${symbol} failed`, toErrorFields(error))
    }
  }
}

/** The number of days to train on and to test; undefined if there are too few. */
export function protocolOf(days: number): typeof whole | typeof month | undefined {
  if (days >= whole.trainDays + whole.testDays) return whole
  return days >= month.trainDays + month.testDays ? month : undefined
}
