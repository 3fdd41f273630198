import type { Principal } from '@gatehouse/kernel/principal'
import type { IncidentReply } from '../contract/incidents.ts'
import type { UptimeDeps } from '../deps.ts'
import { assign } from '../domain/assignment.ts'
import { problems } from '../problems.ts'
import { assertUnresolved, changeIncident } from './change-incident.ts'
import { toAuthor } from './to-author.ts'

/** Assigns an incident to a member of the organisation, or to nobody. */
export async function assignIncident(
  deps: UptimeDeps,
  principal: Principal,
  id: string,
  assigneeId: string | null,
): Promise<IncidentReply> {
  return changeIncident(deps, principal, id, async (incident, now, tx) => {
    assertUnresolved(incident)
    if (assigneeId !== null && !(await deps.listMemberNames(tx, [assigneeId])).has(assigneeId))
      throw problems.VALIDATION_ERROR({
        fields: [{ field: 'assigneeId', message: 'must be a member of this organisation' }],
      })
    return {
      after: { ...incident, ...assign(incident, { atMs: now, assigneeId, by: toAuthor(principal) }) },
      entry: { action: 'incident.assign', detail: { assigneeId } },
    }
  })
}
