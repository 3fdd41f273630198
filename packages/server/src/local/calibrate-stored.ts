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
  /** How many of the newest days of its bars are used. */
  readonly days: number
  /** `all`, or the name of the method that is compared with the default. */
  readonly method: string
  readonly trainDays: number
  readonly testDays: number
  /** The number of threads. Default: the number of cores. */
  readonly workers: number | undefined
  /** Whether the result is to be served from now on. */
  readonly isApplied: boolean
  /** A folder for intermediate results, from which an interrupted run continues; without it nothing is kept. */
  readonly folder: string | undefined
  readonly signal: AbortSignal
  readonly onProgress: (progress: CalibrationProgress) => void
}

export type StoredCalibrationRun = {
  readonly report: CalibrationReport
  readonly calibrations: readonly { readonly id: string; readonly method: string }[]
  readonly applied: readonly AppliedVersion[]
}

/** Calibrates a symbol on the bars that the instance has stored, stores the result, and applies it if requested. */
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

/** The changes that the nightly calibration proposes and nobody has decided on. */
export function listCalibrationProposals(
  local: LocalInstance,
): Promise<readonly (Proposal & { readonly filedAtMs: number })[]> {
  return asGate(local, listOpenProposals)
}

/** Applies the result of a calibration: its presets get their next version. */
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
