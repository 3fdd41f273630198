import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import { toTime, toTimeOrNull } from '../../service/shapes.ts'
import type { securityIncidentEndpoints, WireIncident } from '../contract/security-incidents.ts'
import type { PlatformDeps } from '../deps.ts'
import { isOverdue, toDueMs } from '../domain/deadline.ts'
import { isTellingDue, type Said, type SecurityIncident } from '../domain/security-incident.ts'
import { policy } from '../policy.ts'
import {
  changeSecurityIncident,
  closeSecurityIncident,
  containSecurityIncident,
  notifyAffected,
  publishIncidentReport,
} from '../usecases/change-security-incident.ts'
import { openSecurityIncident } from '../usecases/open-security-incident.ts'
import {
  listSecurityIncidents,
  previewNotice,
  readSecurityIncident,
} from '../usecases/read-security-incidents.ts'
import { acknowledgeNotice, listSecurityNotices } from '../usecases/security-notices.ts'

export function securityIncidentHandlers(deps: PlatformDeps): HandlersOf<typeof securityIncidentEndpoints> {
  const toWire = (incident: SecurityIncident) => toWireIncident(incident, deps.clock.now())
  return {
    adminListSecurityIncidents: async (admin, { query }) => {
      const { entries, ...page } = await listSecurityIncidents(deps, admin, query)
      return { incidents: entries.map(toWire), ...page }
    },
    adminOpenSecurityIncident: async (admin, { body }) => {
      const { id } = await openSecurityIncident(deps, { because: { admin }, ...body })
      return { incident: toWire((await readSecurityIncident(deps, admin, id)).incident) }
    },
    adminGetSecurityIncident: async (admin, { params }) => {
      const { incident, orgs, timeline } = await readSecurityIncident(deps, admin, params.id)
      return {
        incident: toWire(incident),
        orgs: [...orgs],
        timeline: timeline.map(({ atMs, ...step }) => ({ at: toTime(atMs), ...step })),
      }
    },
    adminChangeSecurityIncident: async (admin, { params, body }) => ({
      incident: toWire(await changeSecurityIncident(deps, admin, params.id, body)),
    }),
    adminContainSecurityIncident: async (admin, { params, body }) => ({
      incident: toWire(await containSecurityIncident(deps, admin, params.id, body.how)),
    }),
    adminPreviewSecurityNotice: async (admin, { params, body }) => ({
      ...(await previewNotice(deps, admin, params.id, toSaid(body.message))),
      isMailed: deps.mailer.isConfigured,
    }),
    adminNotifyAffected: async (admin, { params, body }) => ({
      incident: toWire(await notifyAffected(deps, admin, params.id, toSaid(body.message))),
    }),
    adminPublishIncidentReport: async (admin, { params, body }) => ({
      incident: toWire(await publishIncidentReport(deps, admin, params.id, toSaid(body.report))),
    }),
    adminCloseSecurityIncident: async (admin, { params, body }) => ({
      incident: toWire(await closeSecurityIncident(deps, admin, params.id, body.withoutReportBecause)),
    }),
    listSecurityNotices: async (member) => ({
      notices: (await listSecurityNotices(deps, member)).map(({ toldAtMs, isSeen, ...notice }) => ({
        ...notice,
        toldAt: toTime(toldAtMs),
        acknowledged: isSeen,
      })),
    }),
    acknowledgeSecurityNotice: async (member, { params }) => {
      await acknowledgeNotice(deps, member, params.id)
      return { ok: true } as const
    },
  }
}

function toSaid<Words>({ en, ja }: { readonly en: Words; readonly ja?: Words | undefined }): Said<Words> {
  return ja === undefined ? { en } : { en, ja }
}

function toWireIncident(incident: SecurityIncident, nowMs: number): WireIncident {
  const { tell } = policy.incidents
  const { id, title, severity, becauseClaim, affected, told, notice, report, closedBecause } = incident
  const isDue = isTellingDue(incident)
  return {
    id,
    title,
    severity,
    becauseClaim,
    scope: incident.scopeOrgs,
    data: incident.scopeData,
    affected,
    told,
    openedAt: toTime(incident.openedAtMs),
    containedAt: toTimeOrNull(incident.containedAtMs),
    tellDueAt: isDue ? toTime(toDueMs(incident.clockFromMs, tell)) : null,
    isOverdue: isDue && isOverdue(incident.clockFromMs, tell, nowMs),
    toldAt: toTimeOrNull(incident.toldAtMs),
    notice,
    report,
    publishedAt: toTimeOrNull(incident.publishedAtMs),
    revisedAt: toTimeOrNull(incident.revisedAtMs),
    closedAt: toTimeOrNull(incident.closedAtMs),
    closedBecause,
  }
}
