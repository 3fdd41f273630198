import {
  type IncidentReply,
  shownIncidentSettings,
  shownUpdateSettings,
  type UpdateReply,
} from '../contract/incidents.ts'
import { pickShown } from '../../../service/pick-shown.ts'
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
    ...pickShown(shownIncidentSettings, incident),
    causeReason: incident.causeReason,
    startedAt: toTime(incident.startedAtMs),
    confirmedAt: toTime(incident.confirmedAtMs),
    acknowledgedAt: toTimeOrNull(incident.acknowledgedAtMs),
    acknowledgedBy: incident.acknowledgedBy,
    assigneeId: incident.assigneeId,
    resolvedAt: toTimeOrNull(incident.resolvedAtMs),
    threshold: incident.threshold,
    publicPhase: incident.publicPhase,
    visibility: incident.visibility,
    createdAt: toTime(incident.createdAtMs),
    updatedAt: toTime(incident.updatedAtMs),
  }
}

export function toUpdateReply(update: IncidentUpdate): UpdateReply {
  const { id, authorId, displayAtMs } = update
  return { id, ...pickShown(shownUpdateSettings, update), authorId, displayAt: toTime(displayAtMs) }
}
