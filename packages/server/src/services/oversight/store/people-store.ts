import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query, type TelemetryTx, type TenantTx } from '@gatehouse/kernel/db'
import type { OversightTables } from './tables.ts'

export type AccessLink = {
  readonly id: string
  readonly operatorId: string
  readonly createdAtMs: number
  readonly expiresAtMs: number
  readonly revokedAtMs: number | null
  readonly lastUsedAtMs: number | null
}

export async function insertLink(
  tx: AuditedTx,
  link: AccessLink & { readonly tokenDigest: Buffer; readonly createdBy: string },
): Promise<void> {
  await query<OversightTables>(tx)
    .insertInto('oversight.access_link')
    .values({
      org_id: tx.orgId,
      id: link.id,
      operator_id: link.operatorId,
      token_digest: link.tokenDigest,
      created_at: new Date(link.createdAtMs),
      created_by: link.createdBy,
      expires_at: new Date(link.expiresAtMs),
      revoked_at: null,
      last_used_at: null,
    })
    .execute()
}

export async function listLinks(tx: TenantTx, operatorId: string): Promise<readonly AccessLink[]> {
  const rows = await links(tx)
    .where('operator_id', '=', operatorId)
    .orderBy('created_at', 'desc')
    .limit(1_000)
    .execute()
  return rows.map(toLink)
}

export async function findLink(tx: TenantTx, id: string): Promise<AccessLink | undefined> {
  const row = await links(tx).where('id', '=', id).executeTakeFirst()
  return row && toLink(row)
}

/** Revokes a link, whatever its state. Undefined: the operator has no such link. */
export async function setLinkRevoked(
  tx: AuditedTx,
  operatorId: string,
  id: string,
  nowMs: number,
): Promise<AccessLink | undefined> {
  const row = await query<OversightTables>(tx)
    .updateTable('oversight.access_link')
    .set((eb) => ({ revoked_at: eb.fn.coalesce('revoked_at', eb.val(new Date(nowMs))) }))
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return row && toLink(row)
}

export async function setLinkUsed(tx: TelemetryTx, id: string, nowMs: number): Promise<void> {
  await query<OversightTables>(tx)
    .updateTable('oversight.access_link')
    .set({ last_used_at: new Date(nowMs) })
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
    .execute()
}

export type FoundLink = Pick<AccessLink, 'id' | 'operatorId' | 'expiresAtMs' | 'revokedAtMs'> & {
  readonly orgId: string
  readonly isOrgClosed: boolean
}

/** Finds a link by its token across organisations, because the token is all that its holder presents. */
export async function findLinkByToken(tx: GateTx, tokenDigest: Buffer): Promise<FoundLink | undefined> {
  const row = await query<
    OversightTables & {
      'gatehouse.org': { org_id: string; suspended_at: Date | null }
    }
  >(tx)
    .selectFrom('oversight.access_link as link')
    .innerJoin('gatehouse.org as org', 'org.org_id', 'link.org_id')
    .select([
      'link.id',
      'link.org_id',
      'link.operator_id',
      'link.expires_at',
      'link.revoked_at',
      'org.suspended_at',
    ])
    .where('link.token_digest', '=', tokenDigest)
    .executeTakeFirst()
  return (
    row && {
      id: row.id,
      orgId: row.org_id,
      operatorId: row.operator_id,
      expiresAtMs: row.expires_at.getTime(),
      revokedAtMs: row.revoked_at?.getTime() ?? null,
      isOrgClosed: row.suspended_at !== null,
    }
  )
}

function links(tx: TenantTx) {
  return query<OversightTables>(tx)
    .selectFrom('oversight.access_link')
    .select(['id', 'operator_id', 'created_at', 'expires_at', 'revoked_at', 'last_used_at'])
    .where('org_id', '=', tx.orgId)
}

function toLink(row: {
  readonly id: string
  readonly operator_id: string
  readonly created_at: Date
  readonly expires_at: Date
  readonly revoked_at: Date | null
  readonly last_used_at: Date | null
}): AccessLink {
  return {
    id: row.id,
    operatorId: row.operator_id,
    createdAtMs: row.created_at.getTime(),
    expiresAtMs: row.expires_at.getTime(),
    revokedAtMs: row.revoked_at?.getTime() ?? null,
    lastUsedAtMs: row.last_used_at?.getTime() ?? null,
  }
}

/** The operator that a member's account is tied to. */
export async function findTie(tx: TenantTx, userId: string): Promise<string | undefined> {
  const row = await query<OversightTables>(tx)
    .selectFrom('oversight.operator_member')
    .select('operator_id')
    .where('org_id', '=', tx.orgId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row?.operator_id
}

/** The member whose account is tied to an operator. */
export async function findTiedUser(tx: TenantTx, operatorId: string): Promise<string | undefined> {
  const row = await query<OversightTables>(tx)
    .selectFrom('oversight.operator_member')
    .select('user_id')
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
    .executeTakeFirst()
  return row?.user_id
}

/** Ties an account to an operator. Each has at most one tie: existing ties of either are removed. */
export async function setTie(
  tx: AuditedTx,
  operatorId: string,
  userId: string | null,
  nowMs: number,
): Promise<void> {
  await query<OversightTables>(tx)
    .deleteFrom('oversight.operator_member')
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
    .execute()
  if (userId === null) return
  const tie = { operator_id: operatorId, tied_at: new Date(nowMs) }
  await query<OversightTables>(tx)
    .insertInto('oversight.operator_member')
    .values({ org_id: tx.orgId, user_id: userId, ...tie })
    .onConflict((conflict) => conflict.columns(['org_id', 'user_id']).doUpdateSet(tie))
    .execute()
}

export type Enrolment = { readonly challenge: string; readonly rpId: string }

type EnrolmentPlace = { readonly operatorId: string; readonly boundTo: string }

/** Stores the enrolment challenge of a link or session, replacing a previous one. */
export async function setEnrolment(
  tx: TelemetryTx,
  { operatorId, boundTo }: EnrolmentPlace,
  { challenge, rpId }: Enrolment,
  expiresAtMs: number,
): Promise<void> {
  const values = { challenge, rp_id: rpId, expires_at: new Date(expiresAtMs) }
  await query<OversightTables>(tx)
    .insertInto('oversight.enrolment')
    .values({ org_id: tx.orgId, operator_id: operatorId, bound_to: boundTo, ...values })
    .onConflict((conflict) => conflict.columns(['org_id', 'operator_id', 'bound_to']).doUpdateSet(values))
    .execute()
}

/** Returns and deletes the challenge, so that each attempt uses one up. */
export async function takeEnrolment(
  tx: TelemetryTx,
  { operatorId, boundTo }: EnrolmentPlace,
  nowMs: number,
): Promise<Enrolment | undefined> {
  const row = await query<OversightTables>(tx)
    .deleteFrom('oversight.enrolment')
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
    .where('bound_to', '=', boundTo)
    .returningAll()
    .executeTakeFirst()
  return row !== undefined && row.expires_at.getTime() > nowMs
    ? { challenge: row.challenge, rpId: row.rp_id }
    : undefined
}
