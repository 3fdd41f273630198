import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import { type Selectable, sql } from 'kysely'
import type { AlertKind } from '../domain/alerts.ts'
import type { Domain } from '../domain/interaction.ts'
import type { OperatorDay } from '../domain/operator-state.ts'
import type { RoleClass } from '../domain/settings.ts'
import type { OversightTables, ReportRow } from './tables.ts'

export type StoredReport = {
  readonly reportId: string
  readonly fromDay: number
  readonly toDay: number
  readonly isClosed: boolean
  readonly revision: number
  /** The bytes whose hash is in the chain. */
  readonly body: string
  readonly bodyHash: string
  readonly html: Readonly<Record<'en' | 'ja', string>>
  readonly htmlHash: Readonly<Record<'en' | 'ja', string>>
  /** Reports older than the Japanese version hold the English PDF under `ja`. */
  readonly pdf: Readonly<Record<'en' | 'ja', Buffer>>
  readonly pdfHash: Readonly<Record<'en' | 'ja', string>>
  readonly assessment: string
  readonly createdAtMs: number
  /** Set if the period was still running: the report is deleted then. */
  readonly expiresAtMs: number | null
}

/** Reports are immutable: no statement updates them. */
export async function insertReport(tx: AuditedTx, report: StoredReport): Promise<void> {
  await query<OversightTables>(tx)
    .insertInto('oversight.report')
    .values({
      org_id: tx.orgId,
      report_id: report.reportId,
      from_day: report.fromDay,
      to_day: report.toDay,
      is_closed: report.isClosed,
      revision: report.revision,
      body: report.body,
      body_hash: report.bodyHash,
      html_en: report.html.en,
      html_en_hash: report.htmlHash.en,
      html_ja: report.html.ja,
      html_ja_hash: report.htmlHash.ja,
      pdf: report.pdf.en,
      pdf_hash: report.pdfHash.en,
      pdf_ja: report.pdf.ja,
      pdf_ja_hash: report.pdfHash.ja,
      assessment: report.assessment,
      created_at: new Date(report.createdAtMs),
      expires_at: report.expiresAtMs === null ? null : new Date(report.expiresAtMs),
    })
    .execute()
}

/** The newest revision for a closed period. The lock prevents two transactions from both creating the first one. */
export async function lockClosedReport(
  tx: AuditedTx,
  fromDay: number,
  toDay: number,
): Promise<StoredReport | undefined> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`${tx.orgId}/report/${fromDay}/${toDay}`}, 0))`.execute(
    query(tx),
  )
  return findClosedReport(tx, fromDay, toDay)
}

export async function findClosedReport(
  tx: TenantTx,
  fromDay: number,
  toDay: number,
): Promise<StoredReport | undefined> {
  const row = await reports(tx)
    .where('is_closed', '=', true)
    .where('from_day', '=', fromDay)
    .where('to_day', '=', toDay)
    .orderBy('revision', 'desc')
    .executeTakeFirst()
  return row && toReport(row)
}

export async function findReport(tx: TenantTx, reportId: string): Promise<StoredReport | undefined> {
  const row = await reports(tx).where('report_id', '=', reportId).executeTakeFirst()
  return row && toReport(row)
}

export type ListedReport = Pick<
  StoredReport,
  'reportId' | 'fromDay' | 'toDay' | 'isClosed' | 'revision' | 'bodyHash' | 'assessment' | 'createdAtMs'
> & { readonly expiresAtMs: number | null }

/** Newest first. */
export async function listReports(
  tx: TenantTx,
  before: { readonly createdAtMs: number; readonly reportId: string } | undefined,
  limit: number,
): Promise<readonly ListedReport[]> {
  const rows = await query<OversightTables>(tx)
    .selectFrom('oversight.report')
    .select([
      'report_id',
      'from_day',
      'to_day',
      'is_closed',
      'revision',
      'body_hash',
      'assessment',
      'created_at',
      'expires_at',
    ])
    .where('org_id', '=', tx.orgId)
    .where(
      before === undefined
        ? sql<boolean>`true`
        : sql<boolean>`(created_at, report_id) < (${new Date(before.createdAtMs)}, ${before.reportId})`,
    )
    .orderBy('created_at', 'desc')
    .orderBy('report_id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    reportId: row.report_id,
    fromDay: row.from_day,
    toDay: row.to_day,
    isClosed: row.is_closed,
    revision: row.revision,
    bodyHash: row.body_hash,
    assessment: row.assessment,
    createdAtMs: row.created_at.getTime(),
    expiresAtMs: row.expires_at?.getTime() ?? null,
  }))
}

/** An operator with decisions in one domain on a day of the period. */
export type ActiveOperator = {
  readonly operatorId: string
  readonly domain: Domain
  readonly roleClass: RoleClass
  readonly isTold: boolean
  readonly decisions: number
  readonly practice: number
}

export async function listActiveOperators(
  tx: TenantTx,
  fromDay: number,
  toDay: number,
): Promise<readonly ActiveOperator[]> {
  // The first two counters are `all` and `practice`.
  const { rows } = await sql<{
    operator_id: string
    domain: Domain
    role_class: RoleClass
    is_told: boolean
    decisions: string
    practice: string
  }>`
    SELECT d.operator_id, d.domain, o.role_class, o.notice_given_at IS NOT NULL AS is_told,
           sum(d.counters[1]) AS decisions, sum(d.counters[2]) AS practice
      FROM oversight.operator_day d
      JOIN oversight.operator o ON o.org_id = d.org_id AND o.operator_id = d.operator_id
     WHERE d.org_id = ${tx.orgId} AND d.day BETWEEN ${fromDay} AND ${toDay}
     GROUP BY d.operator_id, d.domain, o.role_class, o.notice_given_at
    HAVING sum(d.counters[1]) > 0
     ORDER BY d.operator_id, d.domain`.execute(query(tx))
  return rows.map((row) => ({
    operatorId: row.operator_id,
    domain: row.domain,
    roleClass: row.role_class,
    isTold: row.is_told,
    decisions: Number(row.decisions),
    practice: Number(row.practice),
  }))
}

/** Daily counters of several operators of a domain, by operator. */
export async function listDaysOf(
  tx: TenantTx,
  domain: Domain,
  operatorIds: readonly string[],
  fromDay: number,
  toDay: number,
): Promise<ReadonlyMap<string, readonly OperatorDay[]>> {
  const { rows } = await sql<{ operator_id: string; day: number; counters: string[]; side: string[] }>`
    SELECT operator_id, day, counters::text[] AS counters, side::text[] AS side FROM oversight.operator_day
     WHERE org_id = ${tx.orgId} AND domain = ${domain} AND operator_id = ANY (${[...operatorIds]}::text[])
       AND day BETWEEN ${fromDay} AND ${toDay}
     ORDER BY operator_id, day`.execute(query(tx))
  const days = rows.map((row) => ({
    operatorId: row.operator_id,
    day: row.day,
    counters: row.counters.map(Number),
    side: row.side.map(Number),
  }))
  return Map.groupBy(days, ({ operatorId }) => operatorId)
}

export type AlertFigures = {
  readonly kind: AlertKind
  readonly opened: number
  readonly closed: number
  /** Median hours until acknowledgement or closing. */
  readonly hours: number | null
}

export async function countAlerts(
  tx: TenantTx,
  fromMs: number,
  untilMs: number,
): Promise<readonly AlertFigures[]> {
  const { rows } = await sql<{ kind: AlertKind; opened: string; closed: string; hours: number | null }>`
    SELECT kind, count(*) AS opened, count(closed_at) AS closed,
           percentile_disc(0.5) WITHIN GROUP
             (ORDER BY extract(epoch FROM least(acknowledged_at, closed_at) - opened_at) / 3600)::float8 AS hours
      FROM oversight.alert
     WHERE org_id = ${tx.orgId} AND opened_at >= ${new Date(fromMs)} AND opened_at < ${new Date(untilMs)}
     GROUP BY kind ORDER BY kind`.execute(query(tx))
  return rows.map((row) => ({
    kind: row.kind,
    opened: Number(row.opened),
    closed: Number(row.closed),
    hours: row.hours,
  }))
}

/** Contests opened in a span, by their current state. */
export async function countContests(
  tx: TenantTx,
  fromMs: number,
  untilMs: number,
): Promise<{
  readonly opened: number
  readonly upheld: number
  readonly rejected: number
  readonly lapsed: number
}> {
  const { rows } = await sql<{ state: string; contests: string }>`
    SELECT state, count(*) AS contests FROM oversight.contest
     WHERE org_id = ${tx.orgId} AND opened_at >= ${new Date(fromMs)} AND opened_at < ${new Date(untilMs)}
     GROUP BY state`.execute(query(tx))
  const of = (state: string): number => Number(rows.find((row) => row.state === state)?.contests ?? 0)
  return {
    opened: rows.reduce((sum, { contests }) => sum + Number(contests), 0),
    upheld: of('upheld'),
    rejected: of('rejected'),
    lapsed: of('lapsed'),
  }
}

/** The models and norms under which a period's decisions were counted. */
export async function listVersions(
  tx: TenantTx,
  fromDay: number,
  toDay: number,
): Promise<{ readonly models: readonly string[]; readonly norms: readonly string[] }> {
  const { rows } = await sql<{ models: string[]; norms: string[] }>`
    SELECT coalesce(array_agg(DISTINCT model_version ORDER BY model_version), '{}') AS models,
           coalesce(array_agg(DISTINCT norm_id ORDER BY norm_id), '{}') AS norms
      FROM oversight.interaction
     WHERE org_id = ${tx.orgId} AND day BETWEEN ${fromDay} AND ${toDay}`.execute(query(tx))
  return rows[0] ?? { models: [], norms: [] }
}

function reports(tx: TenantTx) {
  return query<OversightTables>(tx).selectFrom('oversight.report').selectAll().where('org_id', '=', tx.orgId)
}

function toReport(row: Selectable<ReportRow>): StoredReport {
  return {
    reportId: row.report_id,
    fromDay: row.from_day,
    toDay: row.to_day,
    isClosed: row.is_closed,
    revision: row.revision,
    body: row.body,
    bodyHash: row.body_hash,
    html: { en: row.html_en, ja: row.html_ja },
    htmlHash: { en: row.html_en_hash, ja: row.html_ja_hash },
    pdf: { en: row.pdf, ja: row.pdf_ja ?? row.pdf },
    pdfHash: { en: row.pdf_hash, ja: row.pdf_ja_hash ?? row.pdf_hash },
    assessment: row.assessment,
    createdAtMs: row.created_at.getTime(),
    expiresAtMs: row.expires_at?.getTime() ?? null,
  }
}
