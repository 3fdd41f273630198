import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Tie } from '../domain/judge-ties.ts'
import type { PlatformTables } from './platform-tables.ts'
import type { SsoTables } from './sso-tables.ts'

export async function setPassword(
  tx: AuditedTx,
  userId: string,
  passwordHash: string,
  nowMs: number,
): Promise<void> {
  await query<PlatformTables>(tx)
    .updateTable('platform.user')
    .set({ password_hash: passwordHash, updated_at: new Date(nowMs) })
    .where('id', '=', userId)
    .execute()
}

/** Marks the address as verified: a person with the mailed proof can read it. A verified address stays so. */
export async function setEmailVerified(tx: AuditedTx, userId: string, nowMs: number): Promise<void> {
  await query<PlatformTables>(tx)
    .updateTable('platform.user')
    .set({ email_verified_at: new Date(nowMs), updated_at: new Date(nowMs) })
    .where('id', '=', userId)
    .where('email_verified_at', 'is', null)
    .execute()
}

/** Changes the address. False when it belongs to another account; then the transaction can only be rolled back. */
export async function setEmail(
  tx: AuditedTx,
  userId: string,
  email: string,
  nowMs: number,
): Promise<boolean> {
  const now = new Date(nowMs)
  try {
    await query<PlatformTables>(tx)
      .updateTable('platform.user')
      .set({ email, email_verified_at: now, updated_at: now })
      .where('id', '=', userId)
      .execute()
    return true
  } catch (error) {
    // Row-level security hides most other people, so only the unique index tells that an address is taken: SQLSTATE
    // 23505.
    if (error instanceof Error && 'code' in error && error.code === '23505') return false
    throw error
  }
}

/** Sets when the account is to be deleted, or null to cancel. False when nothing changed. */
export async function setDeletion(
  tx: AuditedTx,
  userId: string,
  atMs: number | null,
  nowMs: number,
): Promise<boolean> {
  const { numUpdatedRows } = await query<PlatformTables>(tx)
    .updateTable('platform.user')
    .set({ deletion_scheduled_at: atMs === null ? null : new Date(atMs), updated_at: new Date(nowMs) })
    .where('id', '=', userId)
    .where('deletion_scheduled_at', atMs === null ? 'is not' : 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export async function listDueDeletions(tx: GateTx, nowMs: number, max: number): Promise<string[]> {
  const rows = await query<PlatformTables>(tx)
    .selectFrom('platform.user')
    .select('id')
    .where('deletion_scheduled_at', '<=', new Date(nowMs))
    .orderBy('deletion_scheduled_at')
    .limit(max)
    .execute()
  return rows.map(({ id }) => id)
}

/** Deletes a person; allowed only in the instance's own org. False when the deletion was cancelled in the meantime. */
export async function deleteUser(tx: AuditedTx, userId: string, nowMs: number): Promise<boolean> {
  const { numDeletedRows } = await query<PlatformTables>(tx)
    .deleteFrom('platform.user')
    .where('id', '=', userId)
    .where('deletion_scheduled_at', '<=', new Date(nowMs))
    .executeTakeFirstOrThrow()
  return numDeletedRows === 1n
}

/** An org of a person, and when that org is to be deleted. */
export type OrgTie = Tie & { readonly deletionScheduledAtMs: number | null }

/** Every org of a person, including suspended ones, oldest membership first. */
export async function listTies(tx: GateTx, userId: string): Promise<OrgTie[]> {
  const rows = await query<PlatformTables & SsoTables>(tx)
    .selectFrom('platform.membership as mine')
    .innerJoin('gatehouse.org as org', 'org.org_id', 'mine.org_id')
    .leftJoin('platform.sso_requirement as sso', 'sso.org_id', 'mine.org_id')
    .innerJoin('platform.membership as every', 'every.org_id', 'mine.org_id')
    .select([
      'org.org_id as orgId',
      'org.name',
      'org.deletion_scheduled_at',
      'mine.role',
      sql<number>`count(*)::int`.as('members'),
      // Where an issuer is required, its break-glass owner counts like the last owner.
      sql<number>`CASE WHEN sso.break_glass_user = mine.user_id THEN 1
                       ELSE count(*) FILTER (WHERE every.role = 'owner')::int END`.as('owners'),
    ])
    .where('mine.user_id', '=', userId)
    .groupBy([
      'org.org_id',
      'org.name',
      'org.deletion_scheduled_at',
      'mine.role',
      'mine.created_at',
      'mine.user_id',
      'sso.break_glass_user',
    ])
    .orderBy('mine.created_at')
    .orderBy('org.org_id')
    .execute()
  return rows.map(({ deletion_scheduled_at: deletionAt, ...tie }) => ({
    ...tie,
    deletionScheduledAtMs: deletionAt?.getTime() ?? null,
  }))
}
