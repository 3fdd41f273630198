import { type AuditedTx, type Decision, mutate } from '@gatehouse/kernel/audit'
import type { Principal } from '@gatehouse/kernel/principal'
import type { IncidentReply } from '../contract/incidents.ts'
import type { UptimeDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { findIncident, type Incident, lockIncident, setIncident } from '../store/incident-store.ts'
import { lockMonitors, raisePageVersion } from '../store/judge-store.ts'
import { toIncidentReply } from './to-incident-reply.ts'

export type IncidentChange = {
  readonly after: Incident
  readonly entry: Omit<Decision, 'resourceId' | 'at'>
  /** Called after the incident was written, to publish the change. */
  readonly tell?: (tx: AuditedTx) => Promise<void>
}

/** Changes one incident while holding its lock, so that a concurrent change sees the result of the first. */
export async function changeIncident(
  deps: UptimeDeps,
  principal: Principal,
  id: string,
  decide: (incident: Incident, nowMs: number, tx: AuditedTx) => IncidentChange | Promise<IncidentChange>,
): Promise<IncidentReply> {
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const incident = await lockWithMonitor(tx, id)
    const { after, entry, tell } = await decide(incident, now, tx)
    const written = { ...after, updatedAtMs: now }
    await setIncident(tx, written)
    await raisePageVersion(tx, incident.serviceId)
    await tell?.(tx)
    return { result: toIncidentReply(tx.orgId, written), entry: { ...entry, resourceId: id, at: now } }
  })
}

/** Locks the state of the incident's monitor first, then the incident: the judge locks in the same order. */
export async function lockWithMonitor(tx: AuditedTx, id: string): Promise<Incident> {
  const known = await findIncident(tx, id)
  if (known !== undefined && known.monitorId !== null) await lockMonitors(tx, [known.monitorId])
  const incident = await lockIncident(tx, id)
  if (incident === undefined) throw problems.NOT_FOUND({ detail: 'Incident not found' })
  return incident
}

export function assertUnresolved({ status }: Incident): void {
  if (status === 'resolved') throw problems.INVALID_STATE({ detail: 'The incident is resolved' })
}
