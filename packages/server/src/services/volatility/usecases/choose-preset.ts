import { type Database, type TenantTx, within } from '@gatehouse/kernel/db'
import type { Visitor } from '@gatehouse/kernel/endpoint'
import type { KeyPrincipal, MemberPrincipal, Principal } from '@gatehouse/kernel/principal'
import { type BuiltInPreset, builtInPresets } from '../domain/built-in-presets.ts'
import type { Thresholds } from '../domain/regime-machine.ts'
import { problems } from '../problems.ts'
import { findOwnPreset } from '../store/preset-store.ts'

/** Callers of public operations; a visitor has no presets of their own. */
export type Reader = KeyPrincipal | MemberPrincipal | Visitor

export type NamedPreset = { readonly preset: string; readonly method: string }

/** The newest version of an organisation's own preset, and the caller. */
export type OwnChoice = {
  readonly principal: Principal
  readonly presetId: string
  readonly version: number
  readonly thresholds: Thresholds
}

/** The meaning of a caller's preset and method, independent of a series. */
export type AskedPreset = NamedPreset & {
  /** Absent for a built-in preset. */
  readonly own?: OwnChoice
}

/** Synchronous for a built-in preset; otherwise the newest version of the organisation's preset of that name. */
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

/** A request with its preset resolved. */
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

/** The same within a transaction of the organisation. */
export async function findAskedOwn(
  tx: TenantTx,
  principal: Principal,
  name: string,
  method: string,
): Promise<AskedPreset> {
  if (isBuiltIn(name)) return { preset: name, method }
  const found = await findOwnPreset(tx, name)
  if (found === undefined) throw notFound(name)
  // An own preset determines the method; `published` is the default if none was requested.
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
