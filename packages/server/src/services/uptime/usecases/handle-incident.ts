import { withoutGaps } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import type { IncidentChangeBody, IncidentReply } from '../contract/incidents.ts'
import type { UptimeDeps } from '../deps.ts'
import { assign } from '../domain/assignment.ts'
import { problems } from '../problems.ts'
import type { Incident } from '../store/incident-store.ts'
import { assertUnresolved, changeIncident } from './change-incident.ts'
import { toAuthor } from './to-author.ts'

export async function updateIncident(
  deps: UptimeDeps,
  principal: Principal,
  id: string,
  sent: IncidentChangeBody,
): Promise<IncidentReply> {
  return changeIncident(deps, principal, id, (incident) => {
    assertUnresolved(incident)
    if (sent.title !== undefined && incident.type !== 'manual')
      throw problems.INVALID_STATE({ detail: 'title: only an incident that a person opened has one' })
    const change = withoutGaps(sent)
    return {
      after: { ...incident, ...change, ...toCause(incident, sent.cause) },
      entry: { action: 'incident.update', detail: change },
    }
  })
}

/** A member who acknowledges an unassigned incident becomes its assignee; a key does not. */
export async function acknowledgeIncident(
  deps: UptimeDeps,
  principal: Principal,
  id: string,
): Promise<IncidentReply> {
  return changeIncident(deps, principal, id, (incident, now) => {
    assertUnresolved(incident)
    if (incident.status === 'acknowledged')
      throw problems.INVALID_STATE({ detail: 'The incident is acknowledged already' })
    const acknowledged = {
      status: 'acknowledged',
      acknowledgedAtMs: now,
      acknowledgedBy: toAuthor(principal),
    } as const
    const taken =
      principal.kind === 'member' && incident.assigneeId === null
        ? assign(incident, { atMs: now, assigneeId: principal.userId, by: principal.userId })
        : {}
    return {
      after: { ...incident, ...acknowledged, ...taken },
      entry: { action: 'incident.acknowledge' },
      tell: (tx) => deps.notices.queueIncident(tx, id, 'incident.acknowledged'),
    }
  })
}

/** For an incident that the judge opened, the judge sends the notification, and records that a person closed it. */
export async function resolveIncident(
  deps: UptimeDeps,
  principal: Principal,
  id: string,
  cause: string | undefined,
): Promise<IncidentReply> {
  return changeIncident(deps, principal, id, (incident, now) => {
    assertUnresolved(incident)
    const { monitorId, type } = incident
    const after: Incident = {
      ...incident,
      status: 'resolved',
      resolvedAtMs: now,
      ...toCause(incident, cause),
      publicPhase: incident.publicPhase === null ? null : 'resolved',
    }
    return {
      after,
      entry: { action: 'incident.resolve', ...(cause === undefined ? {} : { detail: { cause } }) },
      tell: (tx) =>
        monitorId !== null && type === 'auto'
          ? deps.engine.judgeEvent(tx, [monitorId], { kind: 'resolved_by_person', atMs: now, incidentId: id })
          : deps.notices.queueIncident(tx, id, 'incident.resolved'),
    }
  })
}

export async function setIncidentVisibility(
  deps: UptimeDeps,
  principal: Principal,
  id: string,
  visibility: Incident['visibility'],
): Promise<IncidentReply> {
  return changeIncident(deps, principal, id, (incident) => ({
    after: { ...incident, visibility },
    entry: { action: 'incident.set_visibility', detail: { visibility } },
  }))
}

/** A cause that a person wrote has no code; one that was sent back unchanged keeps it. */
function toCause(incident: Incident, sent: string | undefined): Pick<Incident, 'cause' | 'causeReason'> {
  const { cause, causeReason } = incident
  return sent === undefined || sent === cause ? { cause, causeReason } : { cause: sent, causeReason: null }
}
