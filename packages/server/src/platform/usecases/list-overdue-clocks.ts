import { within } from '@gatehouse/kernel/db'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import { isOverdue, toDueMs } from '../domain/deadline.ts'
import { isTellingDue } from '../domain/security-incident.ts'
import { policy } from '../policy.ts'
import { listOpenIncidents } from '../store/security-incident-store.ts'

export type OverdueClock = {
  readonly clock: 'customers-told'
  /** The id of the incident. */
  readonly of: string
  readonly dueAtMs: number
}

/** What should have been done by now and was not: to customers who were not told. */
export async function listOverdueClocks(
  deps: Pick<PlatformDeps, 'db'>,
  nowMs: number,
): Promise<readonly OverdueClock[]> {
  const principal = { kind: 'system', orgId: instanceOrgId, because: 'posture' } as const
  const { tell } = policy.incidents
  const incidents = await within(deps, principal, listOpenIncidents)
  return incidents
    .filter((incident) => isTellingDue(incident) && isOverdue(incident.clockFromMs, tell, nowMs))
    .map(({ id, clockFromMs }) => ({ clock: 'customers-told', of: id, dueAtMs: toDueMs(clockFromMs, tell) }))
}
