import { asGate, toTestOrgId, within } from '@gatehouse/kernel/db'
import { type CallingAddress, listKeyOwners, listNewAddresses } from '../operations/store/address-store.ts'
import type { LocalInstance } from './local-instance.ts'

export type LocalAddress = Omit<CallingAddress, 'firstMs' | 'lastMs'> & {
  readonly orgId: string
  readonly first: string
  readonly last: string
}

/** An address that has not called for this long counts as new (volatility.md §13). */
const knownMs = 30 * 86_400_000

/**
 * Lists the addresses from which keys with this prefix, of any org, called since `sinceMs` and did not call in the 30
 * days before.
 */
export async function listLocalAddresses(
  local: LocalInstance,
  { prefix, sinceMs }: { readonly prefix: string; readonly sinceMs: number },
): Promise<readonly LocalAddress[]> {
  const owners = await asGate(local, (tx) => listKeyOwners(tx, prefix))
  if (owners.length === 0) throw new Error(`No organisation has a key that begins with ${prefix}`)
  const orgIds = new Set(owners.flatMap((orgId) => [orgId, toTestOrgId(orgId)]))
  const found: LocalAddress[] = []
  for (const orgId of orgIds) {
    const system = { kind: 'system', orgId, because: 'command' } as const
    const span = { prefix, sinceMs, knownFromMs: sinceMs - knownMs }
    for (const { firstMs, lastMs, ...address } of await within(local, system, (tx) =>
      listNewAddresses(tx, span),
    ))
      found.push({
        ...address,
        orgId,
        first: new Date(firstMs).toISOString(),
        last: new Date(lastMs).toISOString(),
      })
  }
  return found
}
