import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query, type TenantTx } from '@gatehouse/kernel/db'
import { uuidPattern } from '@gatehouse/kernel/ids'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import { type RawBuilder, sql } from 'kysely'
import type { AdministeredOrg } from '../domain/administered-org.ts'

type OrgRow = {
  org_id: string
  name: string
  slug: string
  plan: string
  suspended_at: Date | null
  suspended_because: string | null
  deletion_scheduled_at: Date | null
  members: number
  live_keys: number
  created_at: Date
}

/**
 * Excludes the instance's own org, which nobody administers, test orgs, which follow their org, and orgs that are being
 * erased.
 */
const isAlive = sql<boolean>`o.org_id <> ${instanceOrgId} AND o.test_of IS NULL AND o.erasing_at IS NULL`

export type OrgFilter = {
  /** Part of a name or slug, or a whole id. */
  readonly search?: string | undefined
  readonly isSuspended?: boolean | undefined
}

export type OrgPosition = { readonly createdAtMs: number; readonly id: string }

/** Orgs, newest first, strictly after `after` when given. */
export async function listAdministeredOrgs(
  tx: GateTx,
  { search, isSuspended }: OrgFilter,
  page: { readonly after?: OrgPosition | undefined; readonly limit: number },
  nowMs: number,
): Promise<AdministeredOrg[]> {
  const conditions = [isAlive]
  if (search !== undefined) conditions.push(matches(search))
  if (isSuspended !== undefined) conditions.push(sql`(o.suspended_at IS NOT NULL) = ${isSuspended}`)
  if (page.after !== undefined) {
    const { createdAtMs, id } = page.after
    conditions.push(sql`(o.created_at, o.org_id) < (${new Date(createdAtMs)}, ${id}::uuid)`)
  }
  const { rows } = await sql<OrgRow>`
    ${selectOrgs(nowMs)} WHERE ${sql.join(conditions, sql` AND `)}
     ORDER BY o.created_at DESC, o.org_id DESC LIMIT ${page.limit}`.execute(query(tx))
  return rows.map(toOrg)
}

/** The transaction's own org, as administrators see it. */
export async function findAdministeredOrg(tx: TenantTx, nowMs: number): Promise<AdministeredOrg | undefined> {
  const { rows } =
    await sql<OrgRow>`${selectOrgs(nowMs)} WHERE ${isAlive} AND o.org_id = ${tx.orgId}`.execute(query(tx))
  return rows[0] && toOrg(rows[0])
}

/** Suspends the org; every node is notified at the commit. */
export async function setSuspended(tx: AuditedTx, reason: string, nowMs: number): Promise<void> {
  const now = new Date(nowMs)
  await sql`
    UPDATE gatehouse.org
       SET suspended_at = coalesce(suspended_at, ${now}), suspended_because = ${reason}, updated_at = ${now}
     WHERE org_id = ${tx.orgId}`.execute(query(tx))
  await invalidateOrg(tx)
}

export async function clearSuspended(tx: AuditedTx, nowMs: number): Promise<void> {
  await sql`
    UPDATE gatehouse.org SET suspended_at = NULL, suspended_because = NULL, updated_at = ${new Date(nowMs)}
     WHERE org_id = ${tx.orgId}`.execute(query(tx))
  await invalidateOrg(tx)
}

export type RefusalPosition = { readonly atMs: number; readonly orgId: string; readonly seq: number }

export type RefusalEntry = RefusalPosition & {
  /** Null for an org that was deleted. */
  readonly orgName: string | null
  readonly payload: string
}

export type RefusalFilter = {
  readonly reason?: string | undefined
  /** The visible part of a key, an address or an org's id, each of them whole. */
  readonly search?: string | undefined
}

/** The entries of refused credentials in all chains, newest first, strictly after `after` when given. */
export async function listRefusalEntries(
  tx: GateTx,
  { reason, search }: RefusalFilter,
  page: { readonly after?: RefusalPosition | undefined; readonly limit: number },
): Promise<RefusalEntry[]> {
  const conditions = [sql<boolean>`e.event_type = 'auth.refused' AND e.payload IS NOT NULL`]
  if (reason !== undefined) conditions.push(holds('reason', reason))
  if (search !== undefined)
    conditions.push(
      sql`(${holds('resource_id', search)} OR ${holds('ip', search)} OR e.org_id::text = lower(${search}))`,
    )
  if (page.after !== undefined) {
    const { atMs, orgId, seq } = page.after
    conditions.push(sql`(e.ts, e.org_id, e.seq) < (${new Date(atMs)}, ${orgId}::uuid, ${seq}::bigint)`)
  }
  const { rows } = await sql<{ ts: Date; org_id: string; seq: string; payload: string; name: string | null }>`
    SELECT e.ts, e.org_id, e.seq, e.payload, o.name
      FROM gatehouse.audit_entry e LEFT JOIN gatehouse.org o ON o.org_id = e.org_id
     WHERE ${sql.join(conditions, sql` AND `)}
     ORDER BY e.ts DESC, e.org_id DESC, e.seq DESC LIMIT ${page.limit}`.execute(query(tx))
  return rows.map(({ ts, org_id, seq, payload, name }) => ({
    atMs: ts.getTime(),
    orgId: org_id,
    orgName: name,
    seq: Number(seq),
    payload,
  }))
}

/**
 * Whether an entry has a member with that text. Its body is canonical JSON, in whose texts a quote is escaped, so that
 * the member as it is written is found nowhere else.
 */
function holds(member: string, value: string) {
  return sql<boolean>`position(${`${JSON.stringify(member)}:${JSON.stringify(value)}`} in e.payload) > 0`
}

export type AdminCandidate = {
  readonly email: string
  readonly isEmailVerified: boolean
  /**
   * True for the person who used the operator's one-time link, or was created on the server's own machine before anyone
   * else.
   */
  readonly isFirstPerson: boolean
}

export async function findAdminCandidate(tx: GateTx, userId: string): Promise<AdminCandidate | undefined> {
  // The setup closes in the transaction, and with the timestamp, that creates the first person.
  const { rows } = await sql<{ email: string; is_email_verified: boolean; is_first_person: boolean }>`
    SELECT u.email,
           u.email_verified_at IS NOT NULL AS is_email_verified,
           EXISTS (SELECT FROM platform.setup s WHERE s.closed_at = u.created_at) AS is_first_person
      FROM platform."user" u WHERE u.id = ${userId}`.execute(query(tx))
  return (
    rows[0] && {
      email: rows[0].email,
      isEmailVerified: rows[0].is_email_verified,
      isFirstPerson: rows[0].is_first_person,
    }
  )
}

function selectOrgs(nowMs: number): RawBuilder<OrgRow> {
  return sql`
    SELECT o.org_id, o.name, o.slug, o.plan, o.suspended_at, o.suspended_because, o.deletion_scheduled_at,
           o.created_at,
           (SELECT count(*)::int FROM platform.membership m WHERE m.org_id = o.org_id) AS members,
           (SELECT count(*)::int FROM gatehouse.api_key k
             WHERE k.org_id = o.org_id AND k.revoked_at IS NULL
               AND (k.replaced_by IS NULL OR k.overlap_until > ${new Date(nowMs)})) AS live_keys
      FROM gatehouse.org o`
}

function matches(search: string): RawBuilder<boolean> {
  if (uuidPattern.test(search)) return sql`o.org_id = ${search}::uuid`
  const part = search.toLowerCase()
  return sql`(position(${part} in lower(o.name)) > 0 OR position(${part} in o.slug) > 0)`
}

async function invalidateOrg(tx: AuditedTx): Promise<void> {
  await sql`SELECT gatehouse.invalidate(${`org:${tx.orgId}`})`.execute(query(tx))
}

function toOrg(row: OrgRow): AdministeredOrg {
  return {
    id: row.org_id,
    name: row.name,
    slug: row.slug,
    plan: row.plan,
    suspendedAtMs: row.suspended_at?.getTime() ?? null,
    suspendedBecause: row.suspended_because,
    deletionScheduledAtMs: row.deletion_scheduled_at?.getTime() ?? null,
    members: row.members,
    liveKeys: row.live_keys,
    createdAtMs: row.created_at.getTime(),
  }
}
