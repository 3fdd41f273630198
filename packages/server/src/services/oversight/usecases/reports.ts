import { hash } from 'node:crypto'
import { type AuditedTx, mutate, type Mutation, sha256Hex, toCanonicalJson } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { contentPolicy, RawReply, type RequestContext } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import type { Principal } from '@gatehouse/kernel/principal'
import { openCursor, toPage } from '../../../service/paging.ts'
import { toTime, toTimeOrNull } from '../../../service/shapes.ts'
import type { ReportBody, ReportPage, ReportQuery } from '../contract/reports.ts'
import { reportBody } from '../contract/reports.ts'
import type { OversightDeps } from '../deps.ts'
import { clauseNames } from '../domain/clauses.ts'
import { renderReport } from '../pages/render-report.ts'
import { renderReportPdf } from '../pages/render-report-pdf.ts'
import { oversightPolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import { reportWording } from '../report-text.ts'
import {
  findClosedReport,
  findReport,
  insertReport,
  listReports as listStored,
  lockClosedReport,
  type StoredReport,
} from '../store/report-store.ts'
import { buildReport, readArticle14 } from './build-report.ts'
import { toDate } from './get-profile.ts'
import { dayOf } from './read-interaction.ts'
import { replyStart } from './reply-start.ts'
import type { Period } from './read-groups.ts'
import { toOverallStatus } from './report-figures.ts'

const dayMs = 86_400_000
const { reportWindowDays, retention } = oversightPolicy
const list = 'compliance-reports'

/**
 * The report of a period (specification 11). For a past period it is created once and later requests get the same
 * bytes; `revision: new` creates another revision.
 */
export async function getReport(
  deps: OversightDeps,
  principal: Principal,
  { period_start: start, period_end: end, revision }: ReportQuery,
  context: RequestContext,
) {
  const today = dayOf(deps.clock.now())
  const period: Period =
    start === undefined || end === undefined
      ? { fromDay: today - reportWindowDays + 1, toDay: today }
      : { fromDay: toDay(start), toDay: toDay(end) }
  const isClosed = period.toDay < today
  const stored =
    isClosed && revision === undefined
      ? await within(deps, principal, (tx) => findClosedReport(tx, period.fromDay, period.toDay))
      : undefined
  const { body } = stored ?? (await makeReport(deps, principal, period, isClosed, revision === 'new'))
  return { ...replyStart(deps, context), report: readBody(body) }
}

async function makeReport(
  deps: OversightDeps,
  principal: Principal,
  period: Period,
  isClosed: boolean,
  isAnew: boolean,
): Promise<StoredReport> {
  try {
    return await mutate(deps, principal, (tx) => writeReport(deps, tx, principal, period, isClosed, isAnew))
  } catch (error) {
    if (error instanceof MadeMeanwhile) return error.report
    throw error
  }
}

/** Thrown to roll back a transaction whose report was created concurrently. */
class MadeMeanwhile extends Error {
  readonly report: StoredReport

  constructor(report: StoredReport) {
    super('The report of this period was made already')
    this.report = report
  }
}

async function writeReport(
  deps: OversightDeps,
  tx: AuditedTx,
  principal: Principal,
  period: Period,
  isClosed: boolean,
  isAnew: boolean,
): Promise<Mutation<StoredReport>> {
  const before = isClosed ? await lockClosedReport(tx, period.fromDay, period.toDay) : undefined
  if (before !== undefined && !isAnew) throw new MadeMeanwhile(before)
  const nowMs = deps.clock.now()
  const head = {
    reportId: toReportId(period, nowMs),
    revision: (before?.revision ?? 0) + 1,
    replaces: before?.reportId ?? null,
    period,
    isClosed,
    nowMs,
  }
  const report = await buildReport(deps, tx, principal, head)
  // Validated before it is stored, because a stored report cannot be changed and must match the published schema.
  const body = toCanonicalJson(reportBody.parse(report))
  const html = { en: renderReport(report, 'en'), ja: renderReport(report, 'ja') }
  const pdf = { en: await renderReportPdf(report, 'en'), ja: await renderReportPdf(report, 'ja') }
  const stored: StoredReport = {
    reportId: head.reportId,
    fromDay: period.fromDay,
    toDay: period.toDay,
    isClosed,
    revision: head.revision,
    body,
    bodyHash: sha256Hex(body),
    html,
    htmlHash: { en: sha256Hex(html.en), ja: sha256Hex(html.ja) },
    pdf,
    pdfHash: { en: hash('sha256', pdf.en), ja: hash('sha256', pdf.ja) },
    assessment: report.assessment,
    createdAtMs: nowMs,
    expiresAtMs: isClosed ? null : nowMs + retention.alertDays * dayMs,
  }
  await insertReport(tx, stored)
  return {
    result: stored,
    entry: {
      action: 'REPORT_CREATED',
      resourceType: 'report',
      resourceId: head.reportId,
      detail: {
        period_start: toDate(period.fromDay),
        period_end: toDate(period.toDay),
        closed: isClosed,
        revision: head.revision,
        json_hash: stored.bodyHash,
        html_hash: stored.htmlHash.en,
        html_ja_hash: stored.htmlHash.ja,
        pdf_hash: stored.pdfHash.en,
        pdf_ja_hash: stored.pdfHash.ja,
      },
      at: nowMs,
    },
  }
}

export async function listReports(
  deps: OversightDeps,
  principal: Principal,
  { limit, cursor }: ReportPage,
  context: RequestContext,
) {
  const { orgId } = principal
  const position = openCursor(deps, list, orgId, cursor)
  const [createdAtMs, reportId] = position?.split('/') ?? []
  const before =
    createdAtMs === undefined || reportId === undefined
      ? undefined
      : { createdAtMs: Number(createdAtMs), reportId }
  const rows = await within(deps, principal, (tx) => listStored(tx, before, limit + 1))
  const { entries, nextCursor } = toPage(
    deps,
    list,
    orgId,
    rows,
    limit,
    (report) => `${report.createdAtMs}/${report.reportId}`,
  )
  return {
    ...replyStart(deps, context),
    reports: entries.map((report) => ({
      report_id: report.reportId,
      period: { start: toDate(report.fromDay), end: toDate(report.toDay), closed: report.isClosed },
      revision: report.revision,
      // Safe: only `writeReport` writes this column.
      assessment: report.assessment as ReportBody['assessment'],
      hash: report.bodyHash,
      created_at: toTime(report.createdAtMs),
      kept_until: toTimeOrNull(report.expiresAtMs),
    })),
    next_cursor: nextCursor,
  }
}

/** A stored report in one of its formats, byte for byte. */
export async function getStoredReport(
  deps: OversightDeps,
  principal: Principal,
  asked: string,
  language: 'en' | 'ja',
  context: RequestContext,
): Promise<RawReply> {
  const [, reportId = asked, form = '.json'] = /^(.+?)(\.json|\.html|\.pdf)?$/.exec(asked) ?? []
  const report = await within(deps, principal, (tx) => findReport(tx, reportId))
  if (report === undefined) throw problems.NOT_FOUND()
  const { body, etag, type, policy } = toForm(report, form, language)
  const headers = { etag: `"${etag}"`, 'cache-control': 'private, no-cache', ...policy }
  if (context.header('if-none-match')?.includes(etag) === true) return new RawReply('', headers, 304)
  return new RawReply(body, { ...headers, 'content-type': type })
}

type Form = {
  readonly body: string | Buffer
  readonly etag: string
  readonly type: string
  readonly policy: Readonly<Record<string, string>>
}

function toForm(report: StoredReport, form: string, language: 'en' | 'ja'): Form {
  if (form === '.pdf')
    return {
      body: report.pdf[language],
      etag: report.pdfHash[language],
      type: 'application/pdf',
      policy: {},
    }
  if (form !== '.html')
    return {
      body: report.body,
      etag: report.bodyHash,
      type: 'application/json; charset=utf-8',
      policy: {},
    }
  const page = report.html[language]
  const [, style = ''] = /<style>(.*?)<\/style>/s.exec(page) ?? []
  // The content security policy allows only the page's own inline style.
  const source = `'sha256-${hash('sha256', style, 'base64')}'`
  return {
    body: page,
    etag: report.htmlHash[language],
    type: 'text/html; charset=utf-8',
    policy: { 'content-security-policy': contentPolicy({ 'style-src': source }) },
  }
}

export async function getArticle14(deps: OversightDeps, principal: Principal, context: RequestContext) {
  const today = dayOf(deps.clock.now())
  const read = await readArticle14(deps, principal, { fromDay: today - reportWindowDays + 1, toDay: today })
  return {
    ...replyStart(deps, context),
    assessment: read.assessment,
    overall_status: toOverallStatus(read.assessment),
    clauses: read.findings.slice(0, clauseNames.length),
    article_14_mapping: read.mapping,
    wording: reportWording.en,
  }
}

function readBody(body: string): ReportBody {
  // Safe: only `writeReport` writes it, from a report.
  return JSON.parse(body) as ReportBody
}

function toDay(date: string): number {
  return Date.parse(`${date}T00:00:00.000Z`) / dayMs
}

/** Report id: `rep_2026Q1_` and a ULID for a calendar quarter, otherwise with the first day. */
function toReportId({ fromDay, toDay: last }: Period, nowMs: number): string {
  const [from, next] = [new Date(fromDay * dayMs), new Date((last + 1) * dayMs)]
  const isQuarter =
    from.getUTCDate() === 1 &&
    from.getUTCMonth() % 3 === 0 &&
    next.getTime() === Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 3, 1)
  const name = isQuarter ? `${from.getUTCFullYear()}Q${from.getUTCMonth() / 3 + 1}` : toDate(fromDay)
  return `rep_${name}_${newId(nowMs)}`
}
