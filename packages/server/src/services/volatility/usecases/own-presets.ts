import { type AuditedTx, mutate } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import type { Principal } from '@gatehouse/kernel/principal'
import type { z } from 'zod'
import type { presetReply } from '../contract/catalog.ts'
import { presetName } from '../contract/query-fields.ts'
import type { VolatilityDeps } from '../deps.ts'
import { builtInPresets } from '../domain/built-in-presets.ts'
import type { Thresholds } from '../domain/regime-machine.ts'
import { volatilityPolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import {
  deleteOwnPreset,
  findOwnPreset,
  insertPresetVersion,
  listNumbersUsing,
  listOwnPresets,
  lockOwnPresets,
  type OwnPreset,
} from '../store/preset-store.ts'
import { isBuiltIn, notFound } from './choose-preset.ts'
import { assertFollowed } from './choose-series.ts'
import { planOfOrg } from './plan-of-org.ts'
import { type GivenThresholds, overlayThresholds, toWireThresholds } from './wire-thresholds.ts'

type Deps = Pick<VolatilityDeps, 'audit' | 'billing' | 'board' | 'clock' | 'db'>
type Wire = z.input<typeof presetReply>

export type WantedPreset = GivenThresholds & {
  readonly name: string
  /** The preset whose thresholds replace missing ones. */
  readonly base?: string | undefined
  readonly method?: string | undefined
  readonly description?: string | undefined
}

/** Whether the name must be new, must exist, or either. */
type Saving = 'create' | 'replace' | 'either'

/** Creates a version of an organisation's own preset, which becomes the newest. */
export async function savePreset(
  deps: Deps,
  principal: Principal,
  { name, base, method = 'published', description, ...given }: WantedPreset,
  saving: Saving,
): Promise<{ readonly preset: Wire; readonly isNew: boolean }> {
  const nowMs = deps.clock.now()
  return mutate(deps, principal, async (tx) => {
    await lockOwnPresets(tx)
    const own = await listOwnPresets(tx)
    const from = thresholdsOf(base ?? 'balanced', own)
    const before = own.find((preset) => preset.name === name)
    if (saving === 'replace' && before === undefined) throw problems.preset_not_found()
    assertName(name)
    if (isBuiltIn(name) || (saving === 'create' && before !== undefined))
      throw problems.preset_name_taken({ detail: `There is a preset ${name} already` })
    assertFollowed(deps, { preset: volatilityPolicy.defaultPreset, method })
    const thresholds = overlayThresholds(from, given)
    if (before === undefined) await assertRoom(deps, tx, own.length)
    const made: OwnPreset = {
      id: before?.id ?? newId(nowMs),
      name,
      version: (before?.version ?? 0) + 1,
      method,
      thresholds,
      description: description ?? null,
      madeAtMs: nowMs,
    }
    await insertPresetVersion(tx, made)
    const action = before === undefined ? 'preset.create' : 'preset.update'
    return {
      result: { preset: toPresetReply(made), isNew: before === undefined },
      entry: toEntry(action, made, nowMs),
    }
  })
}

export async function deletePreset(deps: Deps, principal: Principal, name: string): Promise<void> {
  const nowMs = deps.clock.now()
  await mutate(deps, principal, async (tx) => {
    await lockOwnPresets(tx)
    const found = await findOwnPreset(tx, name)
    if (found === undefined) throw problems.preset_not_found()
    const using = await listNumbersUsing(tx, name)
    if (using.length > 0)
      throw problems.preset_in_use({
        detail: `${name} is used by ${using.length === 1 ? 'the webhook subscription' : 'the webhook subscriptions'} ${using.join(', ')}`,
      })
    await deleteOwnPreset(tx, found.id)
    return { result: undefined, entry: toEntry('preset.delete', found, nowMs) }
  })
}

/** The organisation's presets, by name. */
export async function readOwnPresets(deps: Pick<Deps, 'db'>, principal: Principal): Promise<readonly Wire[]> {
  return (await within(deps, principal, listOwnPresets)).map(toPresetReply)
}

/** Throws `preset_not_found`, with the same message whether or not another organisation has a preset of that name. */
export async function readOwnPreset(
  deps: Pick<Deps, 'db'>,
  principal: Principal,
  name: string,
): Promise<Wire> {
  const found = await within(deps, principal, (tx) => findOwnPreset(tx, name))
  if (found === undefined) throw problems.preset_not_found()
  return toPresetReply(found)
}

function thresholdsOf(name: string, own: readonly OwnPreset[]): Thresholds {
  if (isBuiltIn(name)) return builtInPresets[name]
  const found = own.find((preset) => preset.name === name)
  if (found === undefined) throw notFound(name)
  return found.thresholds
}

/** `custom` is a segment of the path of own presets. */
const reserved = 'custom'

function assertName(name: string): void {
  const judged = presetName.safeParse(name)
  const message =
    name === reserved
      ? `must not be ${reserved}`
      : judged.success
        ? undefined
        : judged.error.issues[0]?.message
  if (message !== undefined) throw problems.VALIDATION_ERROR({ fields: [{ field: 'name', message }] })
}

async function assertRoom(deps: Deps, tx: AuditedTx, there: number): Promise<void> {
  const { name, limits } = await planOfOrg(deps, tx)
  if (there < limits.presetsMax) return
  throw problems.plan_limit_reached({
    detail: `The plan ${name} allows ${limits.presetsMax} custom presets; there are ${there}`,
  })
}

function toPresetReply({ name, version, method, thresholds, description }: OwnPreset): Wire {
  return { name, builtin: false, version, method, ...toWireThresholds(thresholds), description }
}

function toEntry(action: string, { id, name, version }: OwnPreset, at: number) {
  return { action, resourceId: id, detail: { service: 'volatility', name, version }, at }
}
