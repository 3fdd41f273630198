import type { IncidentReply, UpdateReply } from '../contract/incidents.ts'
import { toTime, toTimeOrNull } from '../../../service/shapes.ts'
import type { Incident, IncidentUpdate } from '../store/incident-store.ts'

export function toIncidentReply(orgId: string, incident: Incident): IncidentReply {
  return {
    id: incident.id,
    teamId: orgId,
    monitorId: incident.monitorId,
    monitorName: incident.monitorName,
    serviceId: incident.serviceId,
    type: incident.type,
    status: incident.status,
    severity: incident.severity,
    title: incident.title,
    cause: incident.cause,
    startedAt: toTime(incident.startedAtMs),
    confirmedAt: toTime(incident.confirmedAtMs),
    acknowledgedAt: toTimeOrNull(incident.acknowledgedAtMs),
    acknowledgedBy: incident.acknowledgedBy,
    resolvedAt: toTimeOrNull(incident.resolvedAtMs),
    threshold: incident.threshold,
    publicPhase: incident.publicPhase,
    impact: incident.impact,
    visibility: incident.visibility,
    createdAt: toTime(incident.createdAtMs),
    updatedAt: toTime(incident.updatedAtMs),
  }
}

export function toUpdateReply(update: IncidentUpdate): UpdateReply {
  const { id, phase, body, authorId, displayAtMs, supersedes } = update
  return { id, phase, body, authorId, displayAt: toTime(displayAtMs), supersedes }
}
