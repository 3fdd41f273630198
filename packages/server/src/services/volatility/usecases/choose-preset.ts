import { type Database, type TenantTx, within } from '@gatehouse/kernel/db'
import type { Visitor } from '@gatehouse/kernel/endpoint'
import type { KeyPrincipal, MemberPrincipal, Principal } from '@gatehouse/kernel/principal'
import { type BuiltInPreset, builtInPresets } from '../domain/built-in-presets.ts'
import type { Thresholds } from '../domain/regime-machine.ts'
import { problems } from '../problems.ts'
import { findOwnPreset } from '../store/preset-store.ts'

/** Who may ask for what everybody may read: a visitor has no presets of their own. */
export type Reader = KeyPrincipal | MemberPrincipal | Visitor

export type NamedPreset = { readonly preset: string; readonly method: string }

/** The newest version of a preset of an org's own, and who asked for it. */
export type OwnChoice = {
  readonly principal: Principal
  readonly presetId: string
  readonly version: number
  readonly thresholds: Thresholds
}

/** What the words of a caller mean, on whatever series. */
export type AskedPreset = NamedPreset & {
  /** Absent: it is built in. */
  readonly own?: OwnChoice
}

/** At once where it is built in; otherwise the newest version of the one that the caller's org has of that name. */
export function findAsked(
  deps: { readonly db: Database },
  caller: Reader,
  name: string,
  method: string,
): AskedPreset | Promise<AskedPreset> {
  if (isBuiltIn(name)) return { preset: name, method }
  if (caller.kind === 'visitor') throw notFound(name)
  return within(deps, caller, (tx) => findAskedOwn(tx, caller, name, method))
}

type Named = { readonly preset: string; readonly method: string }

/** What was asked for, with the preset that its words mean. */
export type WithPreset<Asked extends Named> = Omit<Asked, 'preset' | 'method'> & {
  readonly preset: AskedPreset
}

export async function withPreset<Asked extends Named>(
  deps: { readonly db: Database },
  caller: Reader,
  { preset: name, method, ...asked }: Asked,
): Promise<WithPreset<Asked>> {
  return { ...asked, preset: await findAsked(deps, caller, name, method) }
}

/** The same within a transaction of the org. */
export async function findAskedOwn(
  tx: TenantTx,
  principal: Principal,
  name: string,
  method: string,
): Promise<AskedPreset> {
  if (isBuiltIn(name)) return { preset: name, method }
  const found = await findOwnPreset(tx, name)
  if (found === undefined) throw notFound(name)
  // Whoever names a preset of their own means its method; `published` is what is asked for where none is.
  if (method !== found.method && method !== 'published')
    throw notCalibrated(method, `the preset ${name} is of the method ${found.method}`)
  const { id: presetId, version, thresholds } = found
  return { preset: name, method: found.method, own: { principal, presetId, version, thresholds } }
}

export function isBuiltIn(name: string): name is BuiltInPreset {
  return Object.hasOwn(builtInPresets, name)
}

export function notCalibrated(method: string, because: string): Error {
  return problems.method_not_calibrated({
    fields: [{ field: 'method', message: `is ${method}, for which ${because}` }],
  })
}

export function notFound(name: string): Error {
  return problems.preset_not_found({ detail: `There is no preset ${name}` })
}
