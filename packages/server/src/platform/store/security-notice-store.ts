import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Said, Severity } from '../domain/security-incident.ts'

export type SecurityNotice = {
  /** The id of the incident. */
  readonly id: string
  readonly title: string
  readonly severity: Severity
  readonly message: Said<string>
  readonly toldAtMs: number
}

type NoticeRow = {
  id: string
  title: string
  severity: Severity
  message: Said<string>
  told_at: Date
  is_seen: boolean
}

/** False when the org was notified of it before. */
export async function insertNotice(tx: AuditedTx, notice: SecurityNotice): Promise<boolean> {
  const { id, title, severity, message, toldAtMs } = notice
  const { numAffectedRows } = await sql`
    INSERT INTO platform.security_notice (org_id, id, title, severity, message, told_at)
    VALUES (${tx.orgId}, ${id}, ${title}, ${severity}, ${JSON.stringify(message)}::jsonb, ${new Date(toldAtMs)})
    ON CONFLICT DO NOTHING`.execute(query(tx))
  return numAffectedRows === 1n
}

/** Notices, newest first, each with whether this person has confirmed reading it. */
export async function listNotices(
  tx: TenantTx,
  userId: string,
): Promise<readonly (SecurityNotice & { readonly isSeen: boolean })[]> {
  const { rows } = await sql<NoticeRow>`
    SELECT n.id, n.title, n.severity, n.message, n.told_at,
           EXISTS (SELECT FROM platform.security_notice_seen s
                    WHERE s.org_id = n.org_id AND s.notice_id = n.id AND s.user_id = ${userId}) AS is_seen
      FROM platform.security_notice n
     WHERE n.org_id = ${tx.orgId} ORDER BY n.told_at DESC, n.id DESC`.execute(query(tx))
  return rows.map((row) => ({ ...toNotice(row), isSeen: row.is_seen }))
}

export async function findNotice(tx: TenantTx, id: string): Promise<SecurityNotice | undefined> {
  const { rows } = await sql<NoticeRow>`
    SELECT id, title, severity, message, told_at FROM platform.security_notice
     WHERE org_id = ${tx.orgId} AND id = ${id}`.execute(query(tx))
  return rows[0] && toNotice(rows[0])
}

export async function insertSeen(
  tx: AuditedTx,
  noticeId: string,
  userId: string,
  nowMs: number,
): Promise<void> {
  await sql`
    INSERT INTO platform.security_notice_seen (org_id, notice_id, user_id, seen_at)
    VALUES (${tx.orgId}, ${noticeId}, ${userId}, ${new Date(nowMs)}) ON CONFLICT DO NOTHING`.execute(
    query(tx),
  )
}

function toNotice({ id, title, severity, message, told_at: toldAt }: NoticeRow): SecurityNotice {
  return { id, title, severity, message, toldAtMs: toldAt.getTime() }
}
