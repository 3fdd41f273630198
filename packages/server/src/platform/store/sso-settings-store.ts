import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query, type TelemetryTx, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { SsoDomain, SsoSettings } from '../domain/single-sign-on.ts'
import type { SsoTables } from './sso-tables.ts'

export type StoredSettings = SsoSettings & { readonly orgId: string; readonly clientSecretSealed: string }

/** The single sign-on settings of the transaction's org. */
export async function findSsoSettings(tx: TenantTx): Promise<StoredSettings | undefined> {
  const row = await query<SsoTables>(tx)
    .selectFrom('platform.sso_connection')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .executeTakeFirst()
  return row && toSettings(row)
}

export async function setSsoSettings(
  tx: AuditedTx,
  settings: Omit<StoredSettings, 'orgId' | 'createdAtMs' | 'updatedAtMs'>,
  nowMs: number,
): Promise<void> {
  const now = new Date(nowMs)
  const values = {
    issuer: settings.issuer,
    client_id: settings.clientId,
    client_secret_sealed: settings.clientSecretSealed,
    group_claim: settings.groupClaim,
    // As JSON text: the driver would turn an array into a PostgreSQL array.
    group_roles: sql<
      SsoTables['platform.sso_connection']['group_roles']
    >`${JSON.stringify(settings.groupRoles)}::jsonb`,
    default_role: settings.defaultRole,
    is_required: settings.isRequired,
    break_glass_user: settings.breakGlassUserId,
    clock_skew_seconds: settings.clockSkewSeconds,
    updated_at: now,
  }
  await query<SsoTables>(tx)
    .insertInto('platform.sso_connection')
    .values({ ...values, org_id: tx.orgId, created_at: now })
    .onConflict((conflict) => conflict.column('org_id').doUpdateSet(values))
    .execute()
  await forgetOrg(tx)
}

/** False when there were no settings to delete. */
export async function deleteSsoSettings(tx: AuditedTx): Promise<boolean> {
  const db = query<SsoTables>(tx)
  await db.deleteFrom('platform.sso_domain').where('org_id', '=', tx.orgId).execute()
  await db.deleteFrom('platform.sso_identity').where('org_id', '=', tx.orgId).execute()
  const { numDeletedRows } = await db
    .deleteFrom('platform.sso_connection')
    .where('org_id', '=', tx.orgId)
    .executeTakeFirstOrThrow()
  await forgetOrg(tx)
  return numDeletedRows === 1n
}

export async function listSsoDomains(tx: TenantTx): Promise<SsoDomain[]> {
  const rows = await query<SsoTables>(tx)
    .selectFrom('platform.sso_domain')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .orderBy('domain')
    .execute()
  return rows.map(toDomain)
}

export async function insertSsoDomain(
  tx: AuditedTx,
  domain: string,
  token: string,
  nowMs: number,
): Promise<void> {
  await query<SsoTables>(tx)
    .insertInto('platform.sso_domain')
    .values({
      org_id: tx.orgId,
      domain,
      token,
      proven_at: null,
      checked_at: null,
      missing_since: null,
      created_at: new Date(nowMs),
    })
    .execute()
}

export async function deleteSsoDomain(tx: AuditedTx, domain: string): Promise<void> {
  await query<SsoTables>(tx)
    .deleteFrom('platform.sso_domain')
    .where('org_id', '=', tx.orgId)
    .where('domain', '=', domain)
    .execute()
}

/** `provenAtMs`: null when the record is missing. */
export async function setDomainProof(
  tx: AuditedTx,
  domain: string,
  provenAtMs: number | null,
  nowMs: number,
): Promise<void> {
  await query<SsoTables>(tx)
    .updateTable('platform.sso_domain')
    .set({
      proven_at: provenAtMs === null ? null : new Date(provenAtMs),
      checked_at: new Date(nowMs),
      missing_since: null,
    })
    .where('org_id', '=', tx.orgId)
    .where('domain', '=', domain)
    .execute()
}

export type ProvenDomain = SsoDomain & { readonly orgId: string }

/** The org that has proven a domain; a domain belongs to one org at most. */
export async function findProvenDomain(tx: GateTx, domain: string): Promise<ProvenDomain | undefined> {
  const row = await query<SsoTables>(tx)
    .selectFrom('platform.sso_domain')
    .selectAll()
    .where('domain', '=', domain)
    .where('proven_at', 'is not', null)
    .executeTakeFirst()
  return row && { ...toDomain(row), orgId: row.org_id }
}

/**
 * Proven domains that have not been checked since `dueMs`, or whose record was missing then; strictly after
 * `afterDomain`.
 */
export async function listProvenDomains(
  tx: GateTx,
  dueMs: number,
  afterDomain: string,
  max: number,
): Promise<ProvenDomain[]> {
  const rows = await query<SsoTables>(tx)
    .selectFrom('platform.sso_domain')
    .selectAll()
    .where('proven_at', 'is not', null)
    .where((where) =>
      where.or([where('checked_at', '<=', new Date(dueMs)), where('missing_since', 'is not', null)]),
    )
    .where('domain', '>', afterDomain)
    .orderBy('domain')
    .limit(max)
    .execute()
  return rows.map((row) => ({ ...toDomain(row), orgId: row.org_id }))
}

/** Locks the org's own proven domain until the transaction ends, and returns it. */
export async function lockProvenDomain(tx: TelemetryTx, domain: string): Promise<SsoDomain | undefined> {
  const row = await query<SsoTables>(tx)
    .selectFrom('platform.sso_domain')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('domain', '=', domain)
    .where('proven_at', 'is not', null)
    .forUpdate()
    .executeTakeFirst()
  return row && toDomain(row)
}

export async function setDomainChecked(tx: TelemetryTx, domain: string, nowMs: number): Promise<void> {
  await query<SsoTables>(tx)
    .updateTable('platform.sso_domain')
    .set({ checked_at: new Date(nowMs) })
    .where('org_id', '=', tx.orgId)
    .where('domain', '=', domain)
    .execute()
}

/** `sinceMs`: null when the record is there again. */
export async function setDomainMissing(tx: AuditedTx, domain: string, sinceMs: number | null): Promise<void> {
  await query<SsoTables>(tx)
    .updateTable('platform.sso_domain')
    .set({ missing_since: sinceMs === null ? null : new Date(sinceMs) })
    .where('org_id', '=', tx.orgId)
    .where('domain', '=', domain)
    .execute()
}

/** Makes nodes forget what they have cached about who may act in the org. */
async function forgetOrg(tx: AuditedTx): Promise<void> {
  await sql`SELECT gatehouse.invalidate(${`org:${tx.orgId}`})`.execute(query(tx))
}

export function toSettings(row: SsoTables['platform.sso_connection']): StoredSettings {
  return {
    orgId: row.org_id,
    issuer: row.issuer,
    clientId: row.client_id,
    clientSecretSealed: row.client_secret_sealed,
    groupClaim: row.group_claim,
    groupRoles: row.group_roles,
    defaultRole: row.default_role,
    isRequired: row.is_required,
    breakGlassUserId: row.break_glass_user,
    clockSkewSeconds: row.clock_skew_seconds,
    createdAtMs: row.created_at.getTime(),
    updatedAtMs: row.updated_at.getTime(),
  }
}

function toDomain(row: SsoTables['platform.sso_domain']): SsoDomain {
  return {
    domain: row.domain,
    token: row.token,
    provenAtMs: row.proven_at?.getTime() ?? null,
    checkedAtMs: row.checked_at?.getTime() ?? null,
    missingSinceMs: row.missing_since?.getTime() ?? null,
  }
}
