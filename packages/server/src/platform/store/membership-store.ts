import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query, type TenantTx } from '@gatehouse/kernel/db'
import type { Role } from '@gatehouse/kernel/principal'
import type { Membership } from '@gatehouse/kernel/sessions'
import { sql } from 'kysely'
import type { Belonging, Member } from '../domain/member.ts'
import type { PlatformTables } from './platform-tables.ts'

export async function insertMembership(
  tx: AuditedTx,
  userId: string,
  role: Role,
  nowMs: number,
): Promise<boolean> {
  const now = new Date(nowMs)
  const { numInsertedOrUpdatedRows } = await query<PlatformTables>(tx)
    .insertInto('platform.membership')
    .values({ org_id: tx.orgId, user_id: userId, role, created_at: now, updated_at: now })
    .onConflict((conflict) => conflict.columns(['org_id', 'user_id']).doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

export async function setRole(tx: AuditedTx, userId: string, role: Role, nowMs: number): Promise<void> {
  await query<PlatformTables>(tx)
    .updateTable('platform.membership')
    .set({ role, updated_at: new Date(nowMs) })
    .where('org_id', '=', tx.orgId)
    .where('user_id', '=', userId)
    .execute()
}

export async function deleteMembership(tx: AuditedTx, userId: string): Promise<void> {
  await query<PlatformTables>(tx)
    .deleteFrom('platform.membership')
    .where('org_id', '=', tx.orgId)
    .where('user_id', '=', userId)
    .execute()
}

export async function countOwners(tx: TenantTx): Promise<number> {
  const { owners } = await query<PlatformTables>(tx)
    .selectFrom('platform.membership')
    .select(sql<number>`count(*)::int`.as('owners'))
    .where('org_id', '=', tx.orgId)
    .where('role', '=', 'owner')
    .executeTakeFirstOrThrow()
  return owners
}

export async function listMembers(tx: TenantTx): Promise<Member[]> {
  return selectMembers(tx).orderBy('member.created_at').orderBy('member.user_id').execute().then(toMembers)
}

export async function findMember(tx: TenantTx, userId: string): Promise<Member | undefined> {
  const [member] = await selectMembers(tx).where('member.user_id', '=', userId).execute().then(toMembers)
  return member
}

export async function findMemberByEmail(tx: TenantTx, email: string): Promise<Member | undefined> {
  const [member] = await selectMembers(tx).where('user.email', '=', email).execute().then(toMembers)
  return member
}

/** What the session verifier asks before every access token is accepted. */
export async function findMembership(
  tx: GateTx,
  userId: string,
  orgId: string,
): Promise<Membership | undefined> {
  const row = await query<PlatformTables>(tx)
    .selectFrom('platform.membership as member')
    .innerJoin('gatehouse.org as org', 'org.org_id', 'member.org_id')
    .select(['member.role', 'org.suspended_at'])
    .where('member.user_id', '=', userId)
    .where('member.org_id', '=', orgId)
    .executeTakeFirst()
  return row && { role: row.role, isOrgSuspended: row.suspended_at !== null }
}

/** The orgs of a person that are not suspended, oldest membership first. */
export async function listBelongings(tx: GateTx, userId: string): Promise<Belonging[]> {
  const rows = await query<PlatformTables>(tx)
    .selectFrom('platform.membership as member')
    .innerJoin('gatehouse.org as org', 'org.org_id', 'member.org_id')
    .select(['org.org_id', 'org.name', 'org.plan', 'org.deletion_scheduled_at', 'member.role'])
    .where('member.user_id', '=', userId)
    .where('org.suspended_at', 'is', null)
    .orderBy('member.created_at')
    .orderBy('org.org_id')
    .execute()
  return rows.map(({ org_id: orgId, name, plan, role, deletion_scheduled_at: deletionAt }) => ({
    orgId,
    name,
    plan,
    role,
    deletionScheduledAtMs: deletionAt?.getTime() ?? null,
  }))
}

function selectMembers(tx: TenantTx) {
  return query<PlatformTables>(tx)
    .selectFrom('platform.membership as member')
    .innerJoin('platform.user as user', 'user.id', 'member.user_id')
    .select(['member.user_id', 'member.role', 'member.created_at', 'user.email', 'user.name'])
    .where('member.org_id', '=', tx.orgId)
}

type Row = Awaited<ReturnType<ReturnType<typeof selectMembers>['execute']>>[number]

function toMembers(rows: readonly Row[]): Member[] {
  return rows.map((row) => ({
    userId: row.user_id,
    email: row.email,
    name: row.name,
    role: row.role,
    joinedAtMs: row.created_at.getTime(),
  }))
}

/** Where the owners of the transaction's org are reached, in their own language. */
export async function listOwnerAddresses(
  tx: TenantTx,
): Promise<readonly { readonly email: string; readonly language: 'en' | 'ja' }[]> {
  return query<PlatformTables>(tx)
    .selectFrom('platform.membership as m')
    .innerJoin('platform.user as u', 'u.id', 'm.user_id')
    .select(['u.email', 'u.language'])
    .where('m.org_id', '=', tx.orgId)
    .where('m.role', '=', 'owner')
    .execute()
}
