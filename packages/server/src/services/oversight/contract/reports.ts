import { addsTool, defineEndpoint, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { pageLimit } from '../../../service/shapes.ts'
import { alertKinds } from '../domain/alerts.ts'
import { assessments } from '../domain/assessment.ts'
import { clauseStatuses } from '../domain/clauses.ts'
import { routes } from '../domain/route.ts'
import { envelope, time } from './blocks.ts'
import { agreement, coverageFigures, domainGroup, evidenceMix, reliance, seven } from './views.ts'

const tag = 'reports'
const reads = { kind: 'key', scope: 'reports:read' } as const
const writes = { kind: 'key', scope: 'reports:write' } as const

const date = z.iso.date('must be a date such as 2026-06-30')
const clauseStatus = z.enum(clauseStatuses)
const share = z.number().nullable()

const mapping = z.strictObject({
  '14(4)(a)': clauseStatus,
  '14(4)(b)': clauseStatus,
  '14(4)(c)': clauseStatus,
  '14(4)(d)': clauseStatus,
  '14(4)(e)': clauseStatus,
})

const finding = z.strictObject({
  regulation: z.string(),
  citation: z.string(),
  status: clauseStatus,
  /** The figures that the status is based on; none is about a single person. */
  figures: z.record(z.string(), z.number().nullable()),
})

/** Null below five reviewers, because it would reveal how fast a single one is. */
const hoursToResolve = z.number().nullable()

const routed = z.strictObject({
  total: z.int(),
  /** Counted by each decision's last route. */
  by_route: z.array(
    z.strictObject({
      route: z.enum(routes),
      decisions: z.int(),
      waiting: z.int(),
      resolved: z.int(),
      expired: z.int(),
      median_hours_to_resolve: hoursToResolve,
    }),
  ),
  resolved_as: z.strictObject({ approve: z.int(), modify: z.int(), reject: z.int(), override: z.int() }),
  /** Where decisions went that nobody reviewed in time; `auto` if the organisation's policy says so. */
  expired_as: z.strictObject({ policy_blocked: z.int(), auto: z.int() }),
  escalated: z.int(),
  median_hours_to_resolve: hoursToResolve,
})

export const reportBody = z
  .strictObject({
    report_id: z.string(),
    revision: z.int(),
    /** The revision that this one replaces. */
    replaces: z.string().nullable(),
    org_id: z.string(),
    generated_at: time,
    assessment: z.enum(assessments),
    overall_status: z.enum(['compliant', 'monitoring_required', 'non_compliant']),
    withheld: z.literal('minimum_data').nullable(),
    period: z.strictObject({ start: date, end: date, closed: z.boolean() }),
    dimension_summary: seven,
    operator_rollup: z.strictObject({
      total: z.int(),
      above_threshold: z.int(),
      below_threshold: z.int(),
      critical_below_40: z.int(),
    }),
    article_14_mapping: mapping,
    findings: z.array(finding),
    population: z.strictObject({
      operators: z.int(),
      decisions: z.int(),
      withheld: z.int(),
      coverage: z.strictObject({
        outcomes_known: share,
        own_answers: share,
        confidence: share,
        zero_telemetry: share,
      }),
    }),
    reliance: reliance.nullable(),
    independence_distribution: z.record(z.string(), z.int()).nullable(),
    by_domain: z.array(domainGroup),
    evidence_mix: evidenceMix,
    ai_calls: z.strictObject(coverageFigures),
    /** For the domain with most decisions; null below ten cases or five people. */
    agreement: agreement.nullable(),
    /** Decisions routed in the period, in their state when the report was made. */
    decisions: routed,
    contests: z.strictObject({ opened: z.int(), upheld: z.int(), rejected: z.int(), lapsed: z.int() }),
    alerts: z.array(
      z.strictObject({
        kind: z.enum(alertKinds),
        opened: z.int(),
        closed: z.int(),
        median_hours_to_handling: z.number().nullable(),
      }),
    ),
    practice: z.strictObject({ decisions: z.int(), operators: z.int() }),
    notices: z.strictObject({ operators: z.int(), given: z.int() }),
    chain: z.strictObject({
      first_seq: z.int().nullable(),
      last_seq: z.int().nullable(),
      /** The first of the newest entries that were verified when the report was made. */
      verified_from_seq: z.int().nullable(),
      valid: z.boolean(),
      checkpoint: z.strictObject({ seq: z.int(), head_hash: z.string() }).nullable(),
    }),
    versions: z.strictObject({ models: z.array(z.string()), norms: z.array(z.string()) }),
    limits: z.array(z.string()),
    wording: z.string(),
  })
  .meta({ id: 'ComplianceReport' })

export type ReportBody = z.input<typeof reportBody>

const reportQuery = z
  .strictObject({
    period_start: date.optional(),
    period_end: date.optional(),
    revision: z.literal('new', { error: 'must be new' }).optional(),
  })
  .superRefine(({ period_start: start, period_end: end }, context) => {
    const refuse = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message })
    if (start === undefined && end !== undefined) refuse('period_start', 'must be sent with period_end')
    if (end === undefined && start !== undefined) refuse('period_end', 'must be sent with period_start')
    if (start !== undefined && end !== undefined && Date.parse(end) <= Date.parse(start))
      refuse('period_end', 'must be after period_start')
  })

export type ReportQuery = z.output<typeof reportQuery>

const preview = {
  says:
    'A report of the period would be made and kept, with its hash in the chain; where a period that is over has one ' +
    'already, that one would be read',
  shows: [],
} as const

export const getComplianceReport = defineEndpoint({
  method: 'GET',
  path: '/v1/compliance/report',
  id: 'getComplianceReport',
  summary: 'Read the compliance report of a period; a report of a completed period never changes',
  description:
    'A completed period has one stored report: the same bounds always return the same bytes. `revision=new` creates a further report that ' +
    'refers to the previous one. Without bounds, or for a period that is not completed, the report is computed for each request. Both days ' +
    'are inclusive. Operators are not named, and groups of fewer than five people are merged.',
  tag,
  access: writes,
  query: reportQuery,
  tool: { name: 'get_compliance_report', annotations: addsTool, preview },
  reply: { status: 200, schema: z.strictObject({ ...envelope, report: reportBody }) },
  problems: [],
  example: { query: { period_start: '2026-01-01', period_end: '2026-03-31' } },
})

const listed = z.strictObject({
  report_id: z.string(),
  period: z.strictObject({ start: date, end: date, closed: z.boolean() }),
  revision: z.int(),
  assessment: z.enum(assessments),
  hash: z.string(),
  created_at: time,
  /** Reports of periods that were still running are kept for 90 days; null: kept as long as the organisation exists. */
  kept_until: time.nullable(),
})

const reportPage = z.strictObject({ limit: pageLimit(100, 50), cursor: text(1, 500).optional() })

export type ReportPage = z.output<typeof reportPage>

export const listComplianceReports = defineEndpoint({
  method: 'GET',
  path: '/v1/compliance/reports',
  id: 'listComplianceReports',
  summary: 'List the compliance reports, newest first',
  tag,
  access: reads,
  query: reportPage,
  reply: {
    status: 200,
    schema: z.strictObject({ ...envelope, reports: z.array(listed), next_cursor: z.string().nullable() }),
  },
  problems: [],
})

export const getStoredReport = defineEndpoint({
  method: 'GET',
  path: '/v1/compliance/reports/{report_id}',
  id: 'getStoredReport',
  summary: 'Read a stored report as JSON; append .json, .html or .pdf to its id to select the format',
  description:
    'The ETag is the SHA-256 of the reply, which is also recorded in the audit entry `REPORT_CREATED`. `lang=ja` returns the HTML page or ' +
    'the PDF in Japanese.',
  tag,
  access: reads,
  params: z.strictObject({ report_id: text(1, 64) }),
  query: z.strictObject({
    lang: z.enum(['en', 'ja'], { error: 'must be one of en, ja' }).default('en'),
  }),
  reply: { status: 200, mediaType: 'application/json', otherStatuses: [304] },
  problems: ['NOT_FOUND'],
})

export const getArticle14 = defineEndpoint({
  method: 'GET',
  path: '/v1/compliance/article14',
  id: 'getArticle14',
  summary: 'Read the status of each clause of Article 14 of the EU AI Act, over the last 90 days',
  tag,
  access: reads,
  reply: {
    status: 200,
    schema: z.strictObject({
      ...envelope,
      assessment: z.enum(assessments),
      overall_status: z.enum(['compliant', 'monitoring_required', 'non_compliant']),
      clauses: z.array(finding),
      article_14_mapping: mapping,
      wording: z.string(),
    }),
  },
  problems: [],
})
