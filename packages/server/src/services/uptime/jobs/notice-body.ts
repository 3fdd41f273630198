import type { FlapSummary } from '../domain/flapping.ts'
import type { NoticeBody } from '../domain/notice-body.ts'
import type { NoticeIncident } from '../store/notice-store.ts'

export type NoticeContext = {
  readonly event: string
  readonly orgId: string
  readonly publicUrl: string
  readonly atMs: number
}

export function toIncidentBody(context: NoticeContext, incident: NoticeIncident): NoticeBody {
  const { event, orgId, publicUrl, atMs } = context
  const { id, monitorId, monitorName, serviceName, title, cause, startedAtMs, resolvedAtMs, severity, type } =
    incident
  const isCreated = event === 'incident.created'
  return {
    event,
    monitorName: monitorName ?? serviceName,
    monitorId,
    teamId: orgId,
    incidentId: id,
    timestamp: toTime(atMs),
    ...(isCreated && monitorId !== null
      ? { monitorUrl: `${publicUrl}/app/uptime/monitors/${monitorId}` }
      : {}),
    ...(isCreated ? { severity } : {}),
    ...(type === 'manual' && title !== null ? { title } : {}),
    ...(cause === null ? {} : { cause }),
    startedAt: toTime(startedAtMs),
    ...(resolvedAtMs === null
      ? {}
      : {
          resolvedAt: toTime(resolvedAtMs),
          durationSeconds: Math.max(0, Math.round((resolvedAtMs - startedAtMs) / 1000)),
        }),
    incidentUrl: `${publicUrl}/app/uptime/incidents/${id}`,
  }
}

export function toMonitorBody(
  { event, orgId, atMs }: NoticeContext,
  monitor: { readonly id: string; readonly name: string },
  incidentId: string | null,
  told: { readonly state: string; readonly changes?: number; readonly summary?: FlapSummary },
): NoticeBody {
  const { state, changes, summary } = told
  return {
    event,
    monitorName: monitor.name,
    monitorId: monitor.id,
    teamId: orgId,
    incidentId: incidentId ?? '',
    timestamp: toTime(atMs),
    state,
    ...(changes === undefined ? {} : { changes }),
    ...(summary === undefined
      ? {}
      : {
          changes: summary.changes,
          windowSeconds: summary.windowSeconds,
          suppressed: summary.changes,
          downSeconds: summary.downSeconds,
        }),
  }
}

function toTime(ms: number): string {
  return new Date(ms).toISOString()
}
