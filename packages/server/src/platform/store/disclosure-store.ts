import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import { type RawBuilder, sql } from 'kysely'
import type { DisclosureCase, Outcome } from '../domain/disclosure-case.ts'
import type { Severity } from '../domain/security-incident.ts'

type CaseRow = {
  id: string
  reference: string
  wants_credit: boolean
  severity: Severity | null
  received_at: Date
  acknowledge_reminded_hours: number
  fix_reminded_hours: number
  acknowledged_at: Date | null
  fixed_at: Date | null
  credited_at: Date | null
  closed_at: Date | null
  outcome: Outcome | null
}

const shown = sql`id, reference, wants_credit, severity, received_at, acknowledge_reminded_hours, fix_reminded_hours,
  acknowledged_at, fixed_at, credited_at, closed_at, outcome`

export type NewCase = {
  readonly id: string
  readonly reference: string
  readonly codeDigest: Buffer
  readonly reportSealed: string
  readonly wantsCredit: boolean
  readonly receivedAtMs: number
}

export async function insertCase(tx: AuditedTx, report: NewCase): Promise<void> {
  const { id, reference, codeDigest, reportSealed, wantsCredit, receivedAtMs } = report
  await sql`
    INSERT INTO platform.disclosure_case
      (org_id, id, reference, code_digest, report_sealed, wants_credit, received_at)
    VALUES (${tx.orgId}, ${id}, ${reference}, ${codeDigest}, ${reportSealed}, ${wantsCredit},
            ${new Date(receivedAtMs)})`.execute(query(tx))
}

export async function findCase(tx: TenantTx, id: string): Promise<DisclosureCase | undefined> {
  return (await listWhere(tx, sql`id = ${id}`, 1))[0]
}

/** Locks and returns the case until the transaction ends. */
export async function lockCase(tx: AuditedTx, id: string): Promise<DisclosureCase | undefined> {
  await sql`
    SELECT FROM platform.disclosure_case WHERE org_id = ${tx.orgId} AND id = ${id} FOR UPDATE`.execute(
    query(tx),
  )
  return findCase(tx, id)
}

/** A case, with the digest of the code that gives access to it. */
export async function findCaseByReference(
  tx: TenantTx,
  reference: string,
): Promise<{ readonly found: DisclosureCase; readonly codeDigest: Buffer } | undefined> {
  const [found] = await listWhere(tx, sql`reference = ${reference}`, 1)
  if (found === undefined) return undefined
  const { rows } = await sql<{ code_digest: Buffer }>`
    SELECT code_digest FROM platform.disclosure_case WHERE org_id = ${tx.orgId} AND id = ${found.id}`.execute(
    query(tx),
  )
  const [row] = rows
  return row && { found, codeDigest: row.code_digest }
}

export async function findSealedReport(tx: TenantTx, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ report_sealed: string }>`
    SELECT report_sealed FROM platform.disclosure_case WHERE org_id = ${tx.orgId} AND id = ${id}`.execute(
    query(tx),
  )
  return rows[0]?.report_sealed
}

/** Cases, newest first, strictly after `afterId` when given. */
export async function listCases(
  tx: TenantTx,
  page: { readonly afterId?: string | undefined; readonly limit: number },
): Promise<DisclosureCase[]> {
  return listWhere(tx, page.afterId === undefined ? sql`true` : sql`id < ${page.afterId}`, page.limit)
}

export async function listOpenCases(tx: TenantTx): Promise<DisclosureCase[]> {
  return listWhere(tx, sql`closed_at IS NULL`, null)
}

export type CaseChange = Partial<{
  readonly severity: Severity
  readonly acknowledge_reminded_hours: number
  readonly fix_reminded_hours: number
  readonly acknowledged_at: Date
  readonly fixed_at: Date
  readonly credited_at: Date
  readonly closed_at: Date
  readonly outcome: Outcome
}>

export async function setCase(tx: AuditedTx, id: string, change: CaseChange): Promise<void> {
  const sets = Object.entries(change).map(([column, value]) => sql`${sql.id(column)} = ${value}`)
  await sql`
    UPDATE platform.disclosure_case SET ${sql.join(sets)}
     WHERE org_id = ${tx.orgId} AND id = ${id}`.execute(query(tx))
}

export type Credit = { readonly name: string; readonly what: string; readonly creditedAtMs: number }

export async function insertCredit(
  tx: AuditedTx,
  id: string,
  { name, what, creditedAtMs }: Credit,
): Promise<void> {
  await sql`
    INSERT INTO platform.credit (org_id, id, name, what, credited_at)
    VALUES (${tx.orgId}, ${id}, ${name}, ${what}, ${new Date(creditedAtMs)})`.execute(query(tx))
}

/** Credits, oldest first. */
export async function listCredits(tx: TenantTx): Promise<Credit[]> {
  const { rows } = await sql<{ name: string; what: string; credited_at: Date }>`
    SELECT name, what, credited_at FROM platform.credit WHERE org_id = ${tx.orgId}
     ORDER BY credited_at, id`.execute(query(tx))
  return rows.map(({ name, what, credited_at: creditedAt }) => ({
    name,
    what,
    creditedAtMs: creditedAt.getTime(),
  }))
}

async function listWhere(
  tx: TenantTx,
  condition: RawBuilder<unknown>,
  limit: number | null,
): Promise<DisclosureCase[]> {
  const { rows } = await sql<CaseRow>`
    SELECT ${shown} FROM platform.disclosure_case
     WHERE org_id = ${tx.orgId} AND ${condition} ORDER BY id DESC LIMIT ${limit}`.execute(query(tx))
  return rows.map(toCase)
}

function toCase(row: CaseRow): DisclosureCase {
  return {
    id: row.id,
    reference: row.reference,
    wantsCredit: row.wants_credit,
    severity: row.severity,
    receivedAtMs: row.received_at.getTime(),
    remindedHours: { acknowledge: row.acknowledge_reminded_hours, fix: row.fix_reminded_hours },
    acknowledgedAtMs: row.acknowledged_at?.getTime() ?? null,
    fixedAtMs: row.fixed_at?.getTime() ?? null,
    creditedAtMs: row.credited_at?.getTime() ?? null,
    closedAtMs: row.closed_at?.getTime() ?? null,
    outcome: row.outcome,
  }
}
