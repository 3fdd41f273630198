import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query, type TelemetryTx, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Invitation } from '../domain/invitation.ts'
import type { InvitationRow, PlatformTables } from './platform-tables.ts'

const columns = ['org_id', 'id', 'email', 'role', 'invited_by', 'expires_at', 'created_at'] as const

export async function insertInvitation(
  tx: AuditedTx,
  invitation: Invitation,
  tokenDigest: Buffer,
): Promise<void> {
  await query<PlatformTables>(tx)
    .insertInto('platform.invitation')
    .values({
      org_id: tx.orgId,
      id: invitation.id,
      email: invitation.email,
      role: invitation.role,
      token_digest: tokenDigest,
      mailed_token_digest: null,
      invited_by: invitation.invitedBy,
      expires_at: new Date(invitation.expiresAtMs),
      created_at: new Date(invitation.createdAtMs),
    })
    .execute()
}

export async function listOpenInvitations(tx: TenantTx, nowMs: number): Promise<Invitation[]> {
  const rows = await query<PlatformTables>(tx)
    .selectFrom('platform.invitation')
    .select(columns)
    .where('org_id', '=', tx.orgId)
    .where('expires_at', '>', new Date(nowMs))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(toInvitation)
}

export async function countOpenInvitations(tx: TenantTx, nowMs: number): Promise<number> {
  const { open } = await query<PlatformTables>(tx)
    .selectFrom('platform.invitation')
    .select(sql<number>`count(*)::int`.as('open'))
    .where('org_id', '=', tx.orgId)
    .where('expires_at', '>', new Date(nowMs))
    .executeTakeFirstOrThrow()
  return open
}

export async function findOpenInvitation(
  tx: TenantTx,
  id: string,
  nowMs: number,
): Promise<Invitation | undefined> {
  const row = await query<PlatformTables>(tx)
    .selectFrom('platform.invitation')
    .select(columns)
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
    .where('expires_at', '>', new Date(nowMs))
    .executeTakeFirst()
  return row && toInvitation(row)
}

export async function findOpenInvitationByEmail(
  tx: TenantTx,
  email: string,
  nowMs: number,
): Promise<Invitation | undefined> {
  const row = await query<PlatformTables>(tx)
    .selectFrom('platform.invitation')
    .select(columns)
    .where('org_id', '=', tx.orgId)
    .where('email', '=', email)
    .where('expires_at', '>', new Date(nowMs))
    .executeTakeFirst()
  return row && toInvitation(row)
}

export type FoundInvitation = {
  readonly invitation: Invitation
  /** True when the token was mailed, so that its holder can read that address. */
  readonly byMail: boolean
}

/** The open invitation with this token, of any org. */
export async function findInvitationByToken(
  tx: GateTx,
  digest: Buffer,
  nowMs: number,
): Promise<FoundInvitation | undefined> {
  const row = await query<PlatformTables>(tx)
    .selectFrom('platform.invitation as invitation')
    .innerJoin('gatehouse.org as org', 'org.org_id', 'invitation.org_id')
    .select(columns.map((column) => `invitation.${column}` as const))
    .select('invitation.mailed_token_digest')
    .where((where) =>
      where.or([
        where('invitation.token_digest', '=', digest),
        where('invitation.mailed_token_digest', '=', digest),
      ]),
    )
    .where('invitation.expires_at', '>', new Date(nowMs))
    .where('org.suspended_at', 'is', null)
    // Nobody can join an org that is about to be deleted.
    .where('org.deletion_scheduled_at', 'is', null)
    .executeTakeFirst()
  return row && { invitation: toInvitation(row), byMail: row.mailed_token_digest?.equals(digest) ?? false }
}

/** False when the invitation does not exist any more. */
export async function setMailedToken(tx: TelemetryTx, id: string, digest: Buffer): Promise<boolean> {
  const { numUpdatedRows } = await query<PlatformTables>(tx)
    .updateTable('platform.invitation')
    .set({ mailed_token_digest: digest })
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** True for exactly one of any number of callers with the token or the id. */
export async function deleteInvitation(tx: AuditedTx, id: string, nowMs: number): Promise<boolean> {
  const { numDeletedRows } = await query<PlatformTables>(tx)
    .deleteFrom('platform.invitation')
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
    .where('expires_at', '>', new Date(nowMs))
    .executeTakeFirstOrThrow()
  return numDeletedRows === 1n
}

/** Deletes the open invitations of a person who may not invite any more. */
export async function deleteInvitationsBy(tx: AuditedTx, userId: string, nowMs: number): Promise<string[]> {
  const rows = await query<PlatformTables>(tx)
    .deleteFrom('platform.invitation')
    .where('org_id', '=', tx.orgId)
    .where('invited_by', '=', userId)
    .where('expires_at', '>', new Date(nowMs))
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** Deletes expired invitations, so that the same address can be invited again. */
export async function deleteExpiredInvitations(tx: AuditedTx, nowMs: number): Promise<void> {
  await query<PlatformTables>(tx)
    .deleteFrom('platform.invitation')
    .where('org_id', '=', tx.orgId)
    .where('expires_at', '<=', new Date(nowMs))
    .execute()
}

function toInvitation(row: Pick<InvitationRow, (typeof columns)[number]>): Invitation {
  return {
    orgId: row.org_id,
    id: row.id,
    email: row.email,
    role: row.role,
    invitedBy: row.invited_by,
    expiresAtMs: row.expires_at.getTime(),
    createdAtMs: row.created_at.getTime(),
  }
}
