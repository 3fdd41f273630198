import type { AuditedTx } from '@gatehouse/kernel/audit'
import { asGate, type Database, type GateTx, query, type TenantTx } from '@gatehouse/kernel/db'
import { uuidPattern } from '@gatehouse/kernel/ids'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import { sql } from 'kysely'
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
    /** The org whose test keys act in this one. */
    readonly testOf?: string
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
      test_of: org.testOf ?? null,
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

export type NamedOrg = { readonly id: string; readonly name: string }

/** The orgs that an operator may mean by an id, slug or name, or any without one; two are enough to be ambiguous. */
export async function findOrgs(tx: GateTx, wanted: string | undefined): Promise<readonly NamedOrg[]> {
  let orgs = query<PlatformTables>(tx)
    .selectFrom('gatehouse.org')
    .select(['org_id as id', 'name'])
    .where('org_id', '<>', instanceOrgId)
    .where('test_of', 'is', null)
    .where('erased_at', 'is', null)
    .limit(2)
  if (wanted !== undefined)
    orgs = orgs.where((where) =>
      where.or([
        where('slug', '=', wanted),
        where('name', '=', wanted),
        ...(uuidPattern.test(wanted) ? [where('org_id', '=', wanted)] : []),
      ]),
    )
  return orgs.execute()
}

/** Origins of web pages that may call with the org's keys. */
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

/** Makes changes of the org's people and their number happen one after another until the transaction ends. */
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
