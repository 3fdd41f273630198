import { asGate } from '@gatehouse/kernel/db'
import { listDueOrgs, listErasures } from '../store/org-life-store.ts'
import { eraseOrg, type EraseDeps } from './erase-org.ts'

const orgsAtOnceMax = 100
const sweptAgainForMs = 86_400_000

/**
 * Erases the orgs that are due, and continues interrupted erasures. Orgs that were erased recently are swept once more:
 * a check or a call that was under way may have written rows afterwards.
 */
export async function eraseDueOrgs(deps: EraseDeps, signal: AbortSignal): Promise<void> {
  const now = deps.clock.now()
  const orgIds = await asGate(deps, async (tx) => [
    ...(await listErasures(tx, now - sweptAgainForMs)),
    ...(await listDueOrgs(tx, now, orgsAtOnceMax)),
  ])
  const failures: unknown[] = []
  for (const orgId of orgIds) {
    signal.throwIfAborted()
    const principal = { kind: 'system', orgId, because: 'org deletion' } as const
    await eraseOrg(
      deps,
      principal,
      // The deletion may have been cancelled since the list was read.
      (_tx, { deletionScheduledAtMs: dueMs }) => dueMs !== null && dueMs <= now,
      signal,
    ).catch((error: unknown) => failures.push(error))
  }
  signal.throwIfAborted()
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} orgs could not be erased`)
}
