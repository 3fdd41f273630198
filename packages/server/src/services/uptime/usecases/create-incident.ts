import { mutate } from '@gatehouse/kernel/audit'
import { withoutGaps } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import type { Principal } from '@gatehouse/kernel/principal'
import type { IncidentReply, NewIncidentBody } from '../contract/incidents.ts'
import type { UptimeDeps } from '../deps.ts'
import { insertIncident } from '../store/incident-store.ts'
import { raisePageVersion } from '../store/judge-store.ts'
import { chooseService } from './choose-service.ts'
import { toIncidentReply } from './to-incident-reply.ts'

/** Opens an incident without a monitor. It is public immediately, because it is opened for readers. */
export async function createIncident(
  deps: UptimeDeps,
  principal: Principal,
  { serviceId: chosen, ...settings }: NewIncidentBody,
): Promise<IncidentReply> {
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const { serviceId, entries } = await chooseService(tx, chosen, now)
    const incident = await insertIncident(tx, {
      impact: 'minor',
      ...withoutGaps(settings),
      id: newId(now),
      serviceId,
      type: 'manual',
      status: 'ongoing',
      severity: 'critical',
      startedAtMs: now,
      confirmedAtMs: now,
      publicPhase: 'investigating',
      visibility: 'public',
      createdAtMs: now,
      updatedAtMs: now,
    })
    const { title, impact } = incident
    await raisePageVersion(tx, serviceId)
    await deps.notices.queueIncident(tx, incident.id, 'incident.created')
    return {
      result: toIncidentReply(tx.orgId, incident),
      entry: [
        { action: 'incident.create', resourceId: incident.id, detail: { title, serviceId, impact }, at: now },
        ...entries,
      ],
    }
  })
}
