import { mutate } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import type { VolatilityDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { findAllowlist, isLivingKey, setCeiling } from '../store/own-store.ts'
import { findSymbol } from './choose-series.ts'

type Reply = { readonly symbols: string[] }

/** The symbols that a key may choose from; empty means all. */
export async function readCeiling(
  deps: Pick<VolatilityDeps, 'clock' | 'db'>,
  member: MemberPrincipal,
  keyId: string,
): Promise<Reply> {
  return within(deps, member, async (tx) => {
    if (!(await isLivingKey(tx, keyId, deps.clock.now()))) throw problems.key_not_found()
    return { symbols: [...(await findAllowlist(tx, keyId)).ceiling] }
  })
}

/** Limits a key and its rotations. Symbols that its own list has beyond the limit become invisible immediately. */
export async function changeCeiling(
  deps: Pick<VolatilityDeps, 'audit' | 'board' | 'clock' | 'db'>,
  member: MemberPrincipal,
  presentedKeyId: string,
  symbols: readonly string[],
): Promise<Reply> {
  const ceiling = [...new Set(symbols)]
  for (const symbol of ceiling) findSymbol(deps, symbol)
  const nowMs = deps.clock.now()
  return mutate(deps, member, async (tx) => {
    if (!(await isLivingKey(tx, presentedKeyId, nowMs))) throw problems.key_not_found()
    const { keyId } = await findAllowlist(tx, presentedKeyId)
    await setCeiling(tx, { keyId, presentedKeyId }, ceiling, nowMs)
    const entry = {
      action: 'key.set_ceiling',
      resourceId: presentedKeyId,
      detail: { symbols: ceiling },
      at: nowMs,
    }
    return { result: { symbols: ceiling }, entry }
  })
}
