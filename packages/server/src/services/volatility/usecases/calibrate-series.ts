import { asGate, asWriter, type GateTx } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import type { CalibrationInput, CalibrationReport } from '../calibration/calibrate.ts'
import { toCalibrations } from '../calibration/to-parameters.ts'
import type { VolatilityDeps } from '../deps.ts'
import { dayMs } from '../domain/day-table.ts'
import { newestVersions } from '../domain/tracked-presets.ts'
import { type AppliedPreset, listAppliedPresets } from '../store/applied-preset-store.ts'
import { listBarColumns } from '../store/bar-columns-store.ts'
import {
  fileProposal,
  findCalibration,
  insertCalibration,
  type Proposal,
  type StoredCalibration,
} from '../store/calibration-store.ts'
import { saveQuality } from '../store/quality-store.ts'
import { findSeriesHead } from '../store/series-head-store.ts'

export type CalibrationWish = Omit<CalibrationInput, 'name' | 'bars'> & {
  readonly symbol: string
  /** Its primary venue. */
  readonly venue: string
  /** The number of newest days to evaluate. */
  readonly days: number
  readonly because: StoredCalibration['because']
}

type Deps = Pick<VolatilityDeps, 'clock' | 'db'>

/** Smaller changes of macro-F1 are not proposed (specification 7.6). */
const movesLeast = 0.001

/**
 * Calibrates a symbol on the stored bars of its primary venue, and stores the result: the parameters of each method,
 * and the measurement for the quality panel. It does not change what is served.
 */
export async function calibrateSeries(
  deps: Deps,
  { symbol, venue, days, because, ...wish }: CalibrationWish,
  run: (input: CalibrationInput) => Promise<CalibrationReport>,
): Promise<{ readonly report: CalibrationReport; readonly calibrations: readonly StoredCalibration[] }> {
  const { timeframe } = wish
  const bars = await asGate(deps, async (tx) => {
    const head = await findSeriesHead(tx, venue, symbol, timeframe)
    if (head?.lastOpenMs == null) throw new Error(`${symbol} ${timeframe} has no bars at ${venue}`)
    const { marketId, lastOpenMs } = head
    return listBarColumns(
      tx,
      marketId,
      {
        timeframe,
        afterMs: lastOpenMs - days * dayMs,
        barsMax: Number.MAX_SAFE_INTEGER,
      },
      ['open', 'high', 'low', 'close', 'volume'],
    )
  })
  const report = await run({ ...wish, name: symbol, bars })
  const atMs = deps.clock.now()
  const calibrations = toCalibrations(report, { symbol, venue, because }, () => newId(atMs))
  const proposals = because === 'nightly' ? await findMoves(deps, report, calibrations) : []
  await asWriter(deps, async (tx) => {
    for (const one of calibrations) await insertCalibration(tx, one, atMs)
    for (const proposal of proposals) await fileProposal(tx, proposal, atMs)
    await saveQuality(tx, { symbol, timeframe, venue, report, atMs })
  })
  return { report, calibrations }
}

/** The changes that the calibrations would make to methods that are already served. */
async function findMoves(
  deps: Deps,
  report: CalibrationReport,
  calibrations: readonly StoredCalibration[],
): Promise<readonly Proposal[]> {
  return asGate(deps, async (tx) => {
    const applied = newestVersions(
      (await listAppliedPresets(tx)).filter(
        (one) => one.symbol === report.name && one.timeframe === report.timeframe,
      ),
    )
    const proposals: Proposal[] = []
    for (const { id, symbol, timeframe, method, presets } of calibrations) {
      const own = applied.filter((one) => one.method === method)
      if (method !== 'published' && own.length === 0) continue
      const moves: Record<string, Proposal['moves'][string]> = {}
      for (const { preset, global } of report.builtIn) {
        const used = own.find((one) => one.preset === preset)
        const inUse = used?.calibration.isFitted === true ? await scoreOf(tx, used) : global.macroF1
        const proposed = presets[preset]?.macroF1 ?? null
        if (proposed !== null && (inUse === null || Math.abs(proposed - inUse) > movesLeast))
          moves[preset] = { inUse, proposed }
      }
      if (Object.keys(moves).length > 0)
        proposals.push({ calibrationId: id, symbol, timeframe, method, moves })
    }
    return proposals
  })
}

/** The score of a preset on the bars that it was fitted to. */
async function scoreOf(tx: GateTx, { preset, calibration }: AppliedPreset): Promise<number | null> {
  const fitted = await findCalibration(tx, calibration.id)
  const found = Object.entries(fitted?.presets ?? {}).find(([name]) => name === preset)
  return found?.[1]?.macroF1 ?? null
}
