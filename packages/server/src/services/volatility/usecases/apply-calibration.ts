import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import { instanceOrgId, type SystemPrincipal } from '@gatehouse/kernel/principal'
import type { VolatilityDeps } from '../deps.ts'
import { type BuiltInPreset, builtInPresets } from '../domain/built-in-presets.ts'
import { newestVersions } from '../domain/tracked-presets.ts'
import { type AppliedPreset, insertAppliedPreset, listAppliedPresets } from '../store/applied-preset-store.ts'
import { closeProposals, findCalibration, type StoredCalibration } from '../store/calibration-store.ts'

type Deps = Pick<VolatilityDeps, 'audit' | 'clock' | 'db'>

/** The operator of the instance decides what it serves. */
const operator: SystemPrincipal = { kind: 'system', orgId: instanceOrgId, because: 'command' }

export type AppliedVersion = Pick<AppliedPreset, 'preset' | 'method' | 'version'>

/**
 * Applies a calibration's parameters as the next version of its presets, in one audited decision. Each series of the
 * symbol uses it once its machines were replayed (`adoptPresets`). A preset of the published method without a
 * combination in its band returns to the built-in thresholds; with another method it stays unchanged. Throws if there
 * is no such calibration.
 */
export async function applyCalibration(deps: Deps, id: string): Promise<readonly AppliedVersion[]> {
  const calibration = await findOrRefuse(deps, id)
  const { symbol, timeframe, method } = calibration
  const atMs = deps.clock.now()
  return mutate(deps, operator, async (tx) => {
    const own = newestVersions(
      (await listAppliedPresets(tx)).filter(
        (one) => one.symbol === symbol && one.timeframe === timeframe && one.method === method,
      ),
    )
    const made: AppliedVersion[] = []
    // Safe: these are the keys of an object literal.
    for (const preset of Object.keys(builtInPresets) as BuiltInPreset[]) {
      const before = own.find((one) => one.preset === preset)
      const fitted = calibration.presets[preset]
      // Nothing was fitted, and nothing fitted is in use, so nothing would change.
      if (fitted === null && (method !== 'published' || before?.calibration.isFitted !== true)) continue
      const version = (before?.version ?? (method === 'published' ? 1 : 0)) + 1
      const thresholds = fitted?.thresholds ?? builtInPresets[preset]
      const from = { id, isFitted: fitted !== null }
      await insertAppliedPreset(
        tx,
        { symbol, timeframe, method, preset, version, thresholds, calibration: from },
        atMs,
      )
      made.push({ preset, method, version })
    }
    await closeProposals(tx, calibration, 'accepted', atMs)
    const versions = Object.fromEntries(made.map(({ preset, version }) => [preset, version]))
    return {
      result: made,
      entry: {
        action: 'calibration.apply',
        resourceId: id,
        detail: { symbol, timeframe, method, versions },
        at: atMs,
      },
    }
  })
}

/** Declines a proposal; throws if it is not open. */
export async function declineCalibration(deps: Deps, id: string): Promise<void> {
  const calibration = await findOrRefuse(deps, id)
  const { symbol, timeframe, method } = calibration
  const atMs = deps.clock.now()
  await mutate(deps, operator, async (tx) => {
    if (!(await closeProposals(tx, calibration, 'declined', atMs)))
      throw new Error(`The calibration ${id} is not proposed, or that was settled already`)
    return {
      result: undefined,
      entry: {
        action: 'calibration.decline',
        resourceId: id,
        detail: { symbol, timeframe, method },
        at: atMs,
      },
    }
  })
}

async function findOrRefuse(deps: Deps, id: string): Promise<StoredCalibration> {
  const found = await asGate(deps, (tx) => findCalibration(tx, id))
  if (found === undefined) throw new Error(`There is no calibration ${id}`)
  return found
}
