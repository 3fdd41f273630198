import type { AuditedTx } from '@gatehouse/kernel/audit'
import { asGate, type Database, type GateTx, query, type TenantTx } from '@gatehouse/kernel/db'
import type { Role } from '@gatehouse/kernel/principal'
import type { Membership } from '@gatehouse/kernel/sessions'
import { sql } from 'kysely'
import type { Language } from '../domain/language.ts'
import type { Belonging, Member } from '../domain/member.ts'
import { deleteProofsOf } from './mailed-proof-store.ts'
import type { PlatformTables } from './platform-tables.ts'
import type { SsoTables } from './sso-tables.ts'

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
  // A person who belongs to orgs that the maker of such a link does not own must not be let in by that link.
  await deleteProofsOf(tx, userId, 'handed_reset')
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

/** Whether the person belongs to an org that this owner does not own. */
export async function isBeyondOwner(tx: GateTx, userId: string, ownerId: string): Promise<boolean> {
  const row = await query<PlatformTables>(tx)
    .selectFrom('platform.membership as m')
    .select('m.org_id')
    .where('m.user_id', '=', userId)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('platform.membership as own')
            .select('own.org_id')
            .whereRef('own.org_id', '=', 'm.org_id')
            .where('own.user_id', '=', ownerId)
            .where('own.role', '=', 'owner'),
        ),
      ),
    )
    .executeTakeFirst()
  return row !== undefined
}

/** The membership that the session verifier checks before an access token is accepted. */
export async function findMembership(
  tx: GateTx,
  userId: string,
  orgId: string,
): Promise<Membership | undefined> {
  const row = await query<PlatformTables & SsoTables>(tx)
    .selectFrom('platform.membership as member')
    .innerJoin('gatehouse.org as org', 'org.org_id', 'member.org_id')
    .leftJoin('platform.sso_requirement as sso', 'sso.org_id', 'member.org_id')
    .select(['member.role', 'org.suspended_at', needsIssuer.as('needs_issuer')])
    .where('member.user_id', '=', userId)
    .where('member.org_id', '=', orgId)
    .executeTakeFirst()
  return (
    row && {
      role: row.role,
      isOrgSuspended: row.suspended_at !== null,
      needsIssuer: row.needs_issuer,
    }
  )
}

/** The orgs of a person that are not suspended, oldest membership first. */
export async function listBelongings(tx: GateTx, userId: string): Promise<Belonging[]> {
  const rows = await query<PlatformTables & SsoTables>(tx)
    .selectFrom('platform.membership as member')
    .innerJoin('gatehouse.org as org', 'org.org_id', 'member.org_id')
    .leftJoin('platform.sso_requirement as sso', 'sso.org_id', 'member.org_id')
    .select([
      'org.org_id',
      'org.name',
      'org.plan',
      'org.deletion_scheduled_at',
      'member.role',
      needsIssuer.as('needs_issuer'),
    ])
    .where('member.user_id', '=', userId)
    .where('org.suspended_at', 'is', null)
    .orderBy('member.created_at')
    .orderBy('org.org_id')
    .execute()
  return rows.map((row) => ({
    orgId: row.org_id,
    name: row.name,
    plan: row.plan,
    role: row.role,
    deletionScheduledAtMs: row.deletion_scheduled_at?.getTime() ?? null,
    needsIssuer: row.needs_issuer,
  }))
}

/** The orgs of a person, including suspended ones. */
export async function listMemberships(tx: GateTx, userId: string): Promise<readonly string[]> {
  const rows = await query<PlatformTables>(tx)
    .selectFrom('platform.membership')
    .select('org_id')
    .where('user_id', '=', userId)
    .execute()
  return rows.map((row) => row.org_id)
}

/** Whether a person belongs to more than one org, including suspended ones. */
export async function belongsElsewhere(deps: { readonly db: Database }, userId: string): Promise<boolean> {
  const orgs = await asGate(deps, (tx) => listMemberships(tx, userId))
  return orgs.length > 1
}

/** Whether the org refuses this person's password: it requires its issuer, and they are not its break-glass owner. */
const needsIssuer = sql<boolean>`coalesce(sso.break_glass_user <> member.user_id, false)`

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

/** The address of a person, with their language and, if chosen, time zone. */
export type Address = {
  readonly email: string
  readonly language: Language
  readonly timeZone: string | null
}

/** The addresses of the owners of the transaction's org. */
export function listOwnerAddresses(tx: TenantTx): Promise<readonly Address[]> {
  return addressesOf(tx).where('m.role', '=', 'owner').execute()
}

/** The address of a member of the transaction's org; undefined when no member has it. */
function findMemberAddress(tx: TenantTx, email: string): Promise<Address | undefined> {
  return addressesOf(tx).where('u.email', '=', email.toLowerCase()).executeTakeFirst()
}

/** The addresses that the platform offers to services that send mail. */
export const addressBook = { listOwners: listOwnerAddresses, findMemberAddress }

function addressesOf(tx: TenantTx) {
  return query<PlatformTables>(tx)
    .selectFrom('platform.membership as m')
    .innerJoin('platform.user as u', 'u.id', 'm.user_id')
    .select(({ fn }) => [
      'u.email',
      fn.coalesce('u.chosen_language', 'u.language').as('language'),
      'u.time_zone as timeZone',
    ])
    .where('m.org_id', '=', tx.orgId)
}
