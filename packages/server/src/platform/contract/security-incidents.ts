import { defineEndpoint, text, wholeNumber } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { byId, done, pageLimit, time } from '../../service/shapes.ts'
import { scopes, severities } from '../domain/security-incident.ts'
import { policy } from '../policy.ts'

const tag = 'security incidents'

/** Like all of the administration: for people whom the operator has named, and only with a fresh proof. */
const access = { kind: 'session', role: 'viewer', sudo: true, instanceAdmin: true } as const

const title = text(1, 200)
const long = text(1, policy.incidents.textMax)
const severity = z.enum(severities)
const said = <T extends z.ZodType>(words: T) => z.strictObject({ en: words, ja: words.optional() })
const message = said(long).meta({ id: 'SecurityMessage' })
const report = said(
  z.strictObject({ title, happened: long, countermeasures: long }).meta({ id: 'IncidentReportWords' }),
).meta({ id: 'IncidentReport' })

const incident = z
  .strictObject({
    id: z.string(),
    title: z.string(),
    severity,
    /** The claim of the security page that failed; null when a person opened the incident. */
    becauseClaim: z.string().nullable(),
    scope: z.enum(scopes),
    /** The affected data, in the operator's words. */
    data: z.string(),
    /** The number of affected orgs, and of those that have been notified. */
    affected: z.int(),
    told: z.int(),
    openedAt: time,
    containedAt: time.nullable(),
    /** The deadline for notifying the affected orgs; null while none has to be notified. */
    tellDueAt: time.nullable(),
    isOverdue: z.boolean(),
    toldAt: time.nullable(),
    notice: message.nullable(),
    report: report.nullable(),
    publishedAt: time.nullable(),
    revisedAt: time.nullable(),
    closedAt: time.nullable(),
    /** The reason when it was closed without a report. */
    closedBecause: z.string().nullable(),
  })
  .meta({ id: 'SecurityIncident' })

export type WireIncident = z.output<typeof incident>

const incidentReply = { status: 200, schema: z.strictObject({ incident }) } as const

const listSecurityIncidents = defineEndpoint({
  method: 'GET',
  path: '/admin/security-incidents',
  id: 'adminListSecurityIncidents',
  summary: 'List the security incidents of the instance, newest first',
  tag,
  access,
  query: z.strictObject({
    cursor: text(1, 500).optional(),
    limit: pageLimit(policy.adminPageMax, policy.adminPageDefault),
  }),
  reply: {
    status: 200,
    schema: z.strictObject({
      incidents: z.array(incident),
      nextCursor: z.string().nullable(),
      hasMore: z.boolean(),
    }),
  },
  problems: ['NOT_FOUND'],
})

export type IncidentQuery = z.output<typeof listSecurityIncidents.query>

const openSecurityIncident = defineEndpoint({
  method: 'POST',
  path: '/admin/security-incidents',
  id: 'adminOpenSecurityIncident',
  summary: 'Open a security incident and start its 72-hour notification deadline',
  description:
    'All instance administrators get an e-mail immediately, after 24, 48 and 66 hours, and when the deadline has passed. A failed claim of the security page opens an incident automatically.',
  tag,
  access,
  body: z.strictObject({ title, severity, data: text(0, policy.incidents.textMax).default('') }),
  reply: { ...incidentReply, status: 201 },
  example: { body: { title: 'A backup was readable', severity: 'high', data: 'names and e-mail addresses' } },
  problems: ['NOT_FOUND'],
})

const step = z
  .strictObject({
    at: time,
    action: z.string(),
    /** The id of the person, or `system:` and the reason; null once retention has removed the entry's body. */
    actor: z.string().nullable(),
    seq: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  })
  .meta({ id: 'IncidentStep' })

const getSecurityIncident = defineEndpoint({
  method: 'GET',
  path: '/admin/security-incidents/{id}',
  id: 'adminGetSecurityIncident',
  summary: 'Read a security incident, its affected organisations and its timeline',
  description: 'The timeline consists of the entries about this incident in the audit chain of the instance.',
  tag,
  access,
  params: byId,
  reply: {
    status: 200,
    schema: z.strictObject({ incident, orgs: z.array(z.string()), timeline: z.array(step) }),
  },
  problems: ['NOT_FOUND'],
})

const changeSecurityIncident = defineEndpoint({
  method: 'PATCH',
  path: '/admin/security-incidents/{id}',
  id: 'adminChangeSecurityIncident',
  summary: 'Change the description and the affected organisations of a security incident',
  description:
    '`orgs` is `unknown`, `all` (every organisation that exists now) or a list of ids; an empty list means that no organisation is affected. Organisations that were already notified stay in the list. Organisations that are added after all others were notified get their own 72-hour deadline.',
  tag,
  access,
  params: byId,
  body: z.strictObject({
    title: title.optional(),
    severity: severity.optional(),
    data: text(0, policy.incidents.textMax).optional(),
    orgs: z
      .union([z.enum(['unknown', 'all']), z.array(text(1, 64)).max(policy.incidents.affectedOrgsMax)])
      .optional(),
  }),
  reply: incidentReply,
  example: { body: { severity: 'critical', orgs: [] } },
  problems: ['NOT_FOUND', 'STEP_OUT_OF_ORDER'],
})

const containSecurityIncident = defineEndpoint({
  method: 'POST',
  path: '/admin/security-incidents/{id}/contain',
  id: 'adminContainSecurityIncident',
  summary: 'Mark a security incident as contained, and record how it was contained',
  tag,
  access,
  params: byId,
  body: z.strictObject({ how: text(1, 2_000) }),
  reply: incidentReply,
  example: { body: { how: 'The backup was deleted and its key rotated' } },
  problems: ['NOT_FOUND', 'STEP_OUT_OF_ORDER'],
})

const previewSecurityNotice = defineEndpoint({
  method: 'POST',
  path: '/admin/security-incidents/{id}/notify/preview',
  id: 'adminPreviewSecurityNotice',
  summary: 'Preview the notification and the number of its recipients without sending it',
  tag,
  access,
  params: byId,
  body: z.strictObject({ message }),
  reply: {
    status: 200,
    schema: z.strictObject({
      /** The number of orgs that have not been notified yet. */
      orgs: z.int(),
      isMailed: z.boolean(),
      mails: z.strictObject({
        en: z.strictObject({ subject: z.string(), text: z.string() }),
        ja: z.strictObject({ subject: z.string(), text: z.string() }),
      }),
    }),
  },
  example: { body: { message: { en: 'A backup was readable from 10:00 to 10:20.' } } },
  problems: ['NOT_FOUND', 'STEP_OUT_OF_ORDER'],
})

const notifyAffected = defineEndpoint({
  method: 'POST',
  path: '/admin/security-incidents/{id}/notify',
  id: 'adminNotifyAffected',
  summary:
    'Notify every affected organisation by e-mail to its owners, by webhook and by a notice in the dashboard',
  description:
    'Notifications are sent in the background. Organisations that were already notified are not notified again.',
  tag,
  access,
  params: byId,
  body: z.strictObject({ message }),
  reply: { ...incidentReply, status: 202 },
  example: { body: { message: { en: 'A backup was readable from 10:00 to 10:20.' } } },
  problems: ['NOT_FOUND', 'STEP_OUT_OF_ORDER'],
})

const publishIncidentReport = defineEndpoint({
  method: 'PUT',
  path: '/admin/security-incidents/{id}/report',
  id: 'adminPublishIncidentReport',
  summary: 'Publish or replace the public report of a security incident: what happened, and what was done',
  description: 'The report is public at /security/incidents.',
  tag,
  access,
  params: byId,
  body: z.strictObject({ report }),
  reply: incidentReply,
  example: {
    body: {
      report: {
        en: {
          title: 'A backup was readable',
          happened: 'From 10:00 to 10:20 a backup could be downloaded.',
          countermeasures: 'Backups are encrypted before they leave the machine.',
        },
      },
    },
  },
  problems: ['NOT_FOUND', 'STEP_OUT_OF_ORDER'],
})

const closeSecurityIncident = defineEndpoint({
  method: 'POST',
  path: '/admin/security-incidents/{id}/close',
  id: 'adminCloseSecurityIncident',
  summary: 'Close a security incident',
  description:
    'The incident must be contained, and all affected organisations must have been notified. Without a public report, a reason is required, for example that the result of a probe was wrong.',
  tag,
  access,
  params: byId,
  body: z.strictObject({ withoutReportBecause: text(1, 2_000).optional() }),
  reply: incidentReply,
  example: { body: { withoutReportBecause: 'The probe was wrong' } },
  problems: ['NOT_FOUND', 'STEP_OUT_OF_ORDER'],
})

const notice = z
  .strictObject({
    id: z.string(),
    title: z.string(),
    severity,
    message,
    toldAt: time,
    /** Whether the caller has confirmed reading it. */
    acknowledged: z.boolean(),
  })
  .meta({ id: 'SecurityNotice' })

const listSecurityNotices = defineEndpoint({
  method: 'GET',
  path: '/dashboard/security/notices',
  id: 'listSecurityNotices',
  summary: 'List the security incident notices that the operator has sent to your organisation, newest first',
  tag,
  access: { kind: 'session', role: 'viewer' },
  reply: { status: 200, schema: z.strictObject({ notices: z.array(notice) }) },
  problems: [],
})

const acknowledgeSecurityNotice = defineEndpoint({
  method: 'POST',
  path: '/dashboard/security/notices/{id}/acknowledge',
  id: 'acknowledgeSecurityNotice',
  summary: 'Mark a notice as read for yourself; it stays visible to other members',
  tag,
  access: { kind: 'session', role: 'viewer' },
  params: byId,
  reply: { status: 200, schema: done },
  problems: ['NOT_FOUND'],
})

export const securityIncidentEndpoints = [
  listSecurityIncidents,
  openSecurityIncident,
  getSecurityIncident,
  changeSecurityIncident,
  containSecurityIncident,
  previewSecurityNotice,
  notifyAffected,
  publishIncidentReport,
  closeSecurityIncident,
  listSecurityNotices,
  acknowledgeSecurityNotice,
]
