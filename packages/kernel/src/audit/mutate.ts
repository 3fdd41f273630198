import { type Database, type TenantTx, within } from '../db/index.ts'
import type { Principal } from '../principal/index.ts'
import type { AuditLog } from './audit-log.ts'
import type { Decision } from './audit-entry.ts'

declare const audited: unique symbol

/** A transaction that cannot commit without its audit entry. Only `mutate` makes one. */
export type AuditedTx = TenantTx & { readonly [audited]: true }

export type MutateDeps = { readonly db: Database; readonly audit: AuditLog }

export type Mutation<T> = {
  readonly result: T
  readonly entry: Decision | readonly [Decision, ...Decision[]]
}

/** Carries out something decided: its writes and its audit entry commit together, or neither does. */
export async function mutate<T>(
  deps: MutateDeps,
  principal: Principal,
  work: (tx: AuditedTx) => Promise<Mutation<T>>,
): Promise<T> {
  return within(deps, principal, async (tx) => {
    // Safe: the entry is appended below before the transaction can commit.
    const { result, entry } = await work(tx as AuditedTx)
    await deps.audit.append(tx, Array.isArray(entry) ? entry : [entry as Decision])
    return result
  })
}
