import { type Database, decideWithin } from '../db/index.ts'
import type { Principal } from '../principal/index.ts'
import type { AuditedTx } from './audited-tx.ts'
import type { AuditLog, SignedLink } from './audit-log.ts'
import type { Decision } from './audit-entry.ts'

export type MutateDeps = { readonly db: Database; readonly audit: AuditLog }

export type Mutation<T> = {
  readonly entry: Decision | readonly [Decision, ...Decision[]]
} & (
  | { readonly result: T }
  /**
   * Computes the result from the links of the new entries, one per entry. Its writes are part of the same transaction.
   */
  | { readonly conclude: (links: readonly SignedLink[]) => Promise<T> }
)

/** Carries out a decision: its writes and its audit entry commit together or not at all. */
export async function mutate<T>(
  deps: MutateDeps,
  principal: Principal,
  work: (tx: AuditedTx) => Promise<Mutation<T>>,
): Promise<T> {
  return decideWithin(deps, principal, async (opened) => {
    // Safe: the entry is appended below before the transaction can commit.
    const tx = opened as AuditedTx
    const mutation = await work(tx)
    const { entry } = mutation
    const links = await deps.audit.append(tx, Array.isArray(entry) ? entry : [entry as Decision])
    return 'conclude' in mutation ? mutation.conclude(links) : mutation.result
  })
}
