import { within } from '@gatehouse/kernel/db'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import { isOverdue, toDueMs } from '../domain/deadline.ts'
import { type CaseClock, listCaseClocks } from '../domain/disclosure-case.ts'
import { isTellingDue } from '../domain/security-incident.ts'
import { policy } from '../policy.ts'
import { listOpenCases } from '../store/disclosure-store.ts'
import { listOpenIncidents } from '../store/security-incident-store.ts'

export type OverdueClock = {
  /**
   * `tell`: affected customers must be notified of an incident; otherwise a report must be acknowledged, or a weakness
   * that is or may be critical must be fixed.
   */
  readonly clock: 'tell' | CaseClock
  /** The id of the incident or of the case. */
  readonly of: string
  readonly dueAtMs: number
}

/** The deadlines that have passed. */
export async function listOverdueClocks(
  deps: Pick<PlatformDeps, 'db'>,
  nowMs: number,
): Promise<readonly OverdueClock[]> {
  const principal = { kind: 'system', orgId: instanceOrgId, because: 'posture' } as const
  const { incidents, cases } = await within(deps, principal, async (tx) => ({
    incidents: await listOpenIncidents(tx),
    cases: await listOpenCases(tx),
  }))
  const { tell } = policy.incidents
  const { clocks } = policy.disclosure
  return [
    ...incidents
      .filter((incident) => isTellingDue(incident) && isOverdue(incident.clockFromMs, tell, nowMs))
      .map(
        ({ id, clockFromMs }) => ({ clock: 'tell', of: id, dueAtMs: toDueMs(clockFromMs, tell) }) as const,
      ),
    ...cases.flatMap((found) =>
      listCaseClocks(found)
        .filter((clock) => isOverdue(found.receivedAtMs, clocks[clock], nowMs))
        .map((clock) => ({ clock, of: found.id, dueAtMs: toDueMs(found.receivedAtMs, clocks[clock]) })),
    ),
  ]
}
