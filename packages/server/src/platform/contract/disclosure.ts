import { defineEndpoint, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { byId, pageLimit, time } from '../../service/shapes.ts'
import { outcomes } from '../domain/disclosure-case.ts'
import { languages } from '../domain/language.ts'
import { severities } from '../domain/security-incident.ts'
import { policy } from '../policy.ts'

const tag = 'disclosure'
const pageType = 'text/html; charset=utf-8'
const because = 'whoever finds a weakness must be able to report it, without an account and without a script'
const query = z.strictObject({ lang: z.enum(languages).optional() })

const showReportForm = defineEndpoint({
  method: 'GET',
  path: '/security/report',
  id: 'showReportForm',
  summary: 'Show the form for reporting a vulnerability',
  tag,
  access: { kind: 'public', because, limit: { name: 'security-pages', by: 'ip' } },
  query,
  reply: { status: 200, mediaType: pageType },
  problems: [],
})

/** A form, whose body is read as text: all other bodies are JSON. */
const submitReport = defineEndpoint({
  method: 'POST',
  path: '/security/report',
  id: 'submitReport',
  summary: 'Report a vulnerability',
  description:
    'The body is a form with `what`, `impact` and `reproduction`, and optionally `contact`, `credit` (`yes`) and `name`. `what` can be an OpenPGP message that contains the whole report. The reply contains a reference, a code for reading the status of the case, and the deadlines for acknowledgement and, if the report is critical, for the fix. At most ten reports an hour are accepted from one IP address.',
  tag,
  access: { kind: 'public', because, limit: { name: 'security-report', by: 'ip' } },
  query,
  textBody: true,
  bodyBytesMax: policy.disclosure.formBytesMax + 1,
  reply: { status: 201, mediaType: pageType, otherStatuses: [400, 413] },
  problems: [],
  revealsSecret: true,
})

const showCaseForm = defineEndpoint({
  method: 'GET',
  path: '/security/report/{reference}',
  id: 'showCaseForm',
  summary: 'Show the form for entering the code of a report',
  tag,
  access: { kind: 'public', because, limit: { name: 'security-pages', by: 'ip' } },
  params: z.strictObject({ reference: text(1, 64).meta({ examples: ['GH-BCDFGHJK'] }) }),
  query,
  reply: { status: 200, mediaType: pageType },
  problems: [],
})

const lookUpCase = defineEndpoint({
  method: 'POST',
  path: '/security/report/{reference}',
  id: 'lookUpCase',
  summary: 'Show the status of a report',
  description:
    'The body is a form with `code`, which was shown when the report was submitted. A wrong code gets the same reply as an unknown reference.',
  tag,
  access: { kind: 'public', because, limit: { name: 'security-look-up', by: 'ip' } },
  params: z.strictObject({ reference: text(1, 64).meta({ examples: ['GH-BCDFGHJK'] }) }),
  query,
  textBody: true,
  bodyBytesMax: 4_096,
  reply: { status: 200, mediaType: pageType, otherStatuses: [404] },
  problems: [],
})

const readReportKey = defineEndpoint({
  method: 'GET',
  path: '/security/pgp-key.asc',
  id: 'readReportKey',
  summary:
    'Read the OpenPGP public key for encrypting vulnerability reports, if the operator has configured one',
  tag,
  access: { kind: 'public', because, limit: { name: 'security-pages', by: 'ip' } },
  reply: { status: 200, mediaType: 'application/pgp-keys' },
  problems: ['NOT_FOUND'],
})

/** Like all of the administration: for people whom the operator has named, and only with a fresh proof. */
const access = { kind: 'session', role: 'viewer', sudo: true, instanceAdmin: true } as const
const severity = z.enum(severities)

const disclosureCase = z
  .strictObject({
    id: z.string(),
    reference: z.string(),
    /** Null when it has not been judged yet. */
    severity: severity.nullable(),
    wantsCredit: z.boolean(),
    receivedAt: time,
    acknowledgeDueAt: time,
    fixDueAt: time.nullable().describe('The deadline for the fix; null if the severity is below critical'),
    /** Which of the two deadlines have passed. */
    overdue: z.array(z.enum(['acknowledge', 'fix'])),
    acknowledgedAt: time.nullable(),
    fixedAt: time.nullable(),
    creditedAt: time.nullable(),
    closedAt: time.nullable(),
    outcome: z.enum(outcomes).nullable(),
  })
  .meta({ id: 'DisclosureCase' })

export type WireCase = z.output<typeof disclosureCase>

const caseReply = { status: 200, schema: z.strictObject({ case: disclosureCase }) } as const
const step = { tag, access, params: byId, reply: caseReply } as const

const listDisclosureCases = defineEndpoint({
  method: 'GET',
  path: '/admin/disclosure-cases',
  id: 'adminListDisclosureCases',
  summary: 'List the vulnerability reports, newest first, without their contents',
  tag,
  access,
  query: z.strictObject({
    cursor: text(1, 500).optional(),
    limit: pageLimit(policy.adminPageMax, policy.adminPageDefault),
  }),
  reply: {
    status: 200,
    schema: z.strictObject({
      cases: z.array(disclosureCase),
      nextCursor: z.string().nullable(),
      hasMore: z.boolean(),
    }),
  },
  problems: ['NOT_FOUND'],
})

export type CaseQuery = z.output<typeof listDisclosureCases.query>

const readDisclosureCase = defineEndpoint({
  method: 'GET',
  path: '/admin/disclosure-cases/{id}',
  id: 'adminReadDisclosureCase',
  summary: 'Read a vulnerability report; each read is recorded in the audit log',
  tag,
  access,
  params: byId,
  reply: {
    status: 200,
    schema: z.strictObject({
      case: disclosureCase,
      report: z
        .strictObject({
          what: z.string(),
          impact: z.string(),
          reproduction: z.string(),
          contact: z.string(),
          /** The name under which the reporter wants to be credited. */
          creditName: z.string().nullable(),
          language: z.enum(languages),
        })
        .meta({ id: 'WeaknessReport' }),
    }),
  },
  problems: ['NOT_FOUND'],
})

const acknowledgeReport = defineEndpoint({
  ...step,
  method: 'POST',
  path: '/admin/disclosure-cases/{id}/acknowledge',
  id: 'adminAcknowledgeReport',
  summary: 'Acknowledge a vulnerability report; due within 48 hours of its arrival',
  description: 'The reporter is notified by e-mail if the report has a contact address.',
  problems: ['NOT_FOUND', 'STEP_OUT_OF_ORDER'],
})

const judgeReport = defineEndpoint({
  ...step,
  method: 'PUT',
  path: '/admin/disclosure-cases/{id}/severity',
  id: 'adminJudgeReport',
  summary: 'Set the severity of a reported vulnerability; until it is set, the report counts as critical',
  body: z.strictObject({ severity }),
  example: { body: { severity: 'high' } },
  problems: ['NOT_FOUND', 'STEP_OUT_OF_ORDER'],
})

const fixReported = defineEndpoint({
  ...step,
  method: 'POST',
  path: '/admin/disclosure-cases/{id}/fix',
  id: 'adminFixReported',
  summary: 'Mark a reported vulnerability as fixed; due within 7 days if it is critical',
  description: 'The reporter is notified by e-mail if the report has a contact address.',
  problems: ['NOT_FOUND', 'STEP_OUT_OF_ORDER'],
})

const creditReporter = defineEndpoint({
  ...step,
  method: 'POST',
  path: '/admin/disclosure-cases/{id}/credit',
  id: 'adminCreditReporter',
  summary:
    'Add the reporter of a fixed vulnerability to the hall of fame, under the name that the reporter chose',
  body: z.strictObject({ what: text(1, 300) }),
  example: { body: { what: 'An invitation could be taken twice' } },
  problems: ['NOT_FOUND', 'STEP_OUT_OF_ORDER'],
})

const closeCase = defineEndpoint({
  ...step,
  method: 'POST',
  path: '/admin/disclosure-cases/{id}/close',
  id: 'adminCloseCase',
  summary: 'Close the case of an acknowledged report',
  body: z.strictObject({ outcome: z.enum(outcomes) }),
  example: { body: { outcome: 'out_of_scope' } },
  problems: ['NOT_FOUND', 'STEP_OUT_OF_ORDER'],
})

export const reportPageEndpoints = [showReportForm, submitReport, showCaseForm, lookUpCase, readReportKey]

export const disclosureEndpoints = [
  listDisclosureCases,
  readDisclosureCase,
  acknowledgeReport,
  judgeReport,
  fixReported,
  creditReporter,
  closeCase,
]
