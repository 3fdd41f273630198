import { availableParallelism } from 'node:os'
import { asGate } from '@gatehouse/kernel/db'
import {
  calibrate,
  type CalibrationProgress,
  type CalibrationReport,
} from '../services/volatility/calibration/calibrate.ts'
import type { Timeframe } from '../services/volatility/domain/timeframe.ts'
import { listOpenProposals, type Proposal } from '../services/volatility/store/calibration-store.ts'
import { listMarkets } from '../services/volatility/store/market-store.ts'
import { adoptPresets } from '../services/volatility/usecases/adopt-presets.ts'
import {
  applyCalibration,
  type AppliedVersion,
  declineCalibration,
} from '../services/volatility/usecases/apply-calibration.ts'
import { calibrateSeries } from '../services/volatility/usecases/calibrate-series.ts'
import { entrantsOf, memoryIn, movedStarts } from './calibrate-volatility.ts'
import type { LocalInstance } from './local-instance.ts'
import { toMissing } from './volatility-markets.ts'

export type StoredCalibrationWish = {
  readonly symbol: string
  readonly timeframe: Timeframe
  /** The newest days of its bars that count. */
  readonly days: number
  /** `all`, or who is compared with the default. */
  readonly method: string
  readonly trainDays: number
  readonly testDays: number
  /** Threads; as many as this machine has cores where absent. */
  readonly workers: number | undefined
  /** Whether what was found is to be served. */
  readonly isApplied: boolean
  /** Where what was computed is kept meanwhile, so that the next run goes on there; nowhere where absent. */
  readonly folder: string | undefined
  readonly signal: AbortSignal
  readonly onProgress: (progress: CalibrationProgress) => void
}

export type StoredCalibrationRun = {
  readonly report: CalibrationReport
  readonly calibrations: readonly { readonly id: string; readonly method: string }[]
  readonly applied: readonly AppliedVersion[]
}

/** Calibrates a symbol on the bars that the instance has stored, keeps what was found, and applies it if asked. */
export async function calibrateStored(
  local: LocalInstance,
  { method, workers, isApplied, folder, signal, onProgress, ...wish }: StoredCalibrationWish,
): Promise<StoredCalibrationRun> {
  const options = {
    workers: workers ?? availableParallelism(),
    signal,
    onProgress,
    ...(folder === undefined ? {} : { memory: memoryIn(folder) }),
  }
  const { symbol } = wish
  const markets = await asGate(local, listMarkets)
  const venue = markets.find((one) => one.symbol === symbol && one.isPrimary)?.venue
  if (venue === undefined) throw new Error(toMissing(markets, symbol, undefined))
  const { report, calibrations } = await calibrateSeries(
    local,
    { ...wish, venue, movedStarts, entrants: entrantsOf(method), because: 'command' },
    (input) => calibrate(input, options),
  )
  const applied: AppliedVersion[] = []
  if (isApplied) for (const { id } of calibrations) applied.push(...(await applyCalibration(local, id)))
  if (applied.length > 0) await adoptPresets(local, signal)
  return { report, calibrations: calibrations.map(({ id, method: name }) => ({ id, method: name })), applied }
}

/** What the nightly calibration would change, as far as nobody has decided. */
export function listCalibrationProposals(
  local: LocalInstance,
): Promise<readonly (Proposal & { readonly filedAtMs: number })[]> {
  return asGate(local, listOpenProposals)
}

/** Serves what a calibration found: its presets get their next version. */
export async function acceptCalibration(
  local: LocalInstance,
  id: string,
  signal: AbortSignal,
): Promise<readonly AppliedVersion[]> {
  const applied = await applyCalibration(local, id)
  await adoptPresets(local, signal)
  return applied
}

export async function refuseCalibration(local: LocalInstance, id: string): Promise<void> {
  await declineCalibration(local, id)
}
