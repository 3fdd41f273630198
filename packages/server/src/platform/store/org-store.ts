import type { AuditedTx } from '@gatehouse/kernel/audit'
import { asGate, type Database, type GateTx, query, type TenantTx } from '@gatehouse/kernel/db'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import { sql } from 'kysely'
import type { DeskOrg } from '../../service/org-desk.ts'
import type { Org } from '../domain/org.ts'
import type { OrgRow, PlatformTables } from './platform-tables.ts'

const orgColumns = [
  'org_id',
  'name',
  'slug',
  'plan',
  'allowed_origins',
  'deletion_scheduled_at',
  'created_at',
  'updated_at',
] as const

export type NewOrg = Pick<Org, 'id' | 'name' | 'slug' | 'plan' | 'createdAtMs'> &
  Partial<Pick<Org, 'allowedOrigins'>> & {
    /** The id that the operator's automation gave the org. */
    readonly externalId?: string
    /** For a test org: the org whose test keys act in it. */
    readonly testOf?: string
    /** True for an org of a probe run, which leaves no trace. */
    readonly isThrownAway?: boolean
  }

export async function insertOrg(tx: AuditedTx, org: NewOrg): Promise<void> {
  const createdAt = new Date(org.createdAtMs)
  await query<PlatformTables>(tx)
    .insertInto('gatehouse.org')
    .values({
      org_id: org.id,
      name: org.name,
      slug: org.slug,
      plan: org.plan,
      allowed_origins: [...(org.allowedOrigins ?? [])],
      external_id: org.externalId ?? null,
      test_of: org.testOf ?? null,
      throw_away: org.isThrownAway ?? false,
      suspended_at: null,
      suspended_because: null,
      created_at: createdAt,
      updated_at: createdAt,
    })
    .execute()
}

export async function findOrg(tx: TenantTx): Promise<Org | undefined> {
  const row = await query<PlatformTables>(tx)
    .selectFrom('gatehouse.org')
    .select(orgColumns)
    .where('org_id', '=', tx.orgId)
    .executeTakeFirst()
  return row && toOrg(row)
}

/**
 * Whether an insert failed because the external id is taken. These ids are unique on the instance, so only the database
 * can tell.
 */
export function isExternalIdTaken(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === 'org_by_external_id'
}

/**
 * Finds an org by the external id that the operator's automation gave it, or by its own id; never a test org or one
 * that is being erased.
 */
export async function findDeskOrg(tx: GateTx, externalId: string): Promise<DeskOrg | undefined> {
  const rows = await query<PlatformTables>(tx)
    .selectFrom('gatehouse.org')
    .select(['org_id', 'external_id', 'name', 'plan', 'suspended_at'])
    .where((where) =>
      where.or([where('external_id', '=', externalId), where(sql`org_id::text`, '=', externalId)]),
    )
    .where('org_id', '<>', instanceOrgId)
    .where('test_of', 'is', null)
    .where('erasing_at', 'is', null)
    .execute()
  const row = rows.find(({ external_id: given }) => given === externalId) ?? rows[0]
  return (
    row && {
      id: row.org_id,
      externalId: row.external_id ?? row.org_id,
      name: row.name,
      plan: row.plan,
      suspendedAtMs: row.suspended_at?.getTime() ?? null,
    }
  )
}

/** The org that the transaction's org belongs to: itself, or, for a test org, the org whose test keys act in it. */
export async function findHomeOrg(tx: TenantTx): Promise<string> {
  const row = await query<PlatformTables>(tx)
    .selectFrom('gatehouse.org')
    .select('test_of')
    .where('org_id', '=', tx.orgId)
    .executeTakeFirst()
  return row?.test_of ?? tx.orgId
}

export type NamedOrg = { readonly id: string; readonly name: string }

export type ListedOrg = NamedOrg & {
  readonly slug: string
  readonly plan: string
  readonly createdAtMs: number
  readonly suspendedAtMs: number | null
}

/** All orgs by name, without the instance's own, test orgs and erased ones. */
export async function listOrgs(tx: GateTx): Promise<readonly ListedOrg[]> {
  const rows = await query<PlatformTables>(tx)
    .selectFrom('gatehouse.org')
    .select(['org_id as id', 'name', 'slug', 'plan', 'created_at', 'suspended_at'])
    .where('org_id', '<>', instanceOrgId)
    .where('test_of', 'is', null)
    .where('erased_at', 'is', null)
    .orderBy('name')
    .orderBy('org_id')
    .execute()
  return rows.map(({ created_at: createdAt, suspended_at: suspendedAt, ...org }) => ({
    ...org,
    createdAtMs: createdAt.getTime(),
    suspendedAtMs: suspendedAt?.getTime() ?? null,
  }))
}

/** The origins of web pages that may call the API with the org's keys. */
export async function findAllowedOrigins(
  deps: { readonly db: Database },
  orgId: string,
): Promise<readonly string[]> {
  const row = await asGate(deps, (tx) =>
    query<PlatformTables>(tx)
      .selectFrom('gatehouse.org')
      .select('allowed_origins')
      .where('org_id', '=', orgId)
      .executeTakeFirst(),
  )
  return row?.allowed_origins ?? []
}

export type OrgSettings = {
  readonly name?: string | undefined
  readonly allowedOrigins?: readonly string[] | undefined
}

export async function setOrgSettings(tx: AuditedTx, settings: OrgSettings, nowMs: number): Promise<void> {
  const { name, allowedOrigins } = settings
  await query<PlatformTables>(tx)
    .updateTable('gatehouse.org')
    .set({
      ...(name === undefined ? {} : { name }),
      ...(allowedOrigins === undefined ? {} : { allowed_origins: [...allowedOrigins] }),
      updated_at: new Date(nowMs),
    })
    .where('org_id', '=', tx.orgId)
    .execute()
  await sql`SELECT gatehouse.invalidate(${`org:${tx.orgId}`})`.execute(query<PlatformTables>(tx))
}

/** Serializes changes of the org's people and their number until the transaction ends. */
export async function lockOrg(tx: AuditedTx): Promise<void> {
  await query<PlatformTables>(tx)
    .selectFrom('gatehouse.org')
    .select('org_id')
    .where('org_id', '=', tx.orgId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow()
}

function toOrg(row: Pick<OrgRow, (typeof orgColumns)[number]>): Org {
  return {
    id: row.org_id,
    name: row.name,
    slug: row.slug,
    plan: row.plan,
    allowedOrigins: row.allowed_origins,
    deletionScheduledAtMs: row.deletion_scheduled_at?.getTime() ?? null,
    createdAtMs: row.created_at.getTime(),
    updatedAtMs: row.updated_at.getTime(),
  }
}
