import type { AuditedTx } from '../../audit/index.ts'
import { type GateTx, query, type TenantTx, type WritingTx } from '../../db/index.ts'
import { type Selectable, sql } from 'kysely'
import type { Scope } from '../../principal/index.ts'
import type { KeyKind, StoredKey } from '../judge-key.ts'

type KeyRow = {
  org_id: string
  id: string
  service: string
  name: string
  prefix: string
  digest: Buffer
  pepper_version: number
  scopes: string[]
  kind: KeyKind
  expires_at: Date | null
  ip_allow: string[]
  rate_limit: number | null
  created_at: Date
  created_by: string
  last_used_at: Date | null
  revoked_at: Date | null
  revoked_by: string | null
  replaced_by: string | null
  overlap_until: Date | null
  test_org_id: string | null
  stands_for: string | null
  renew_days: number | null
}

type KeyTables = {
  'gatehouse.api_key': KeyRow
  'gatehouse.org': { org_id: string; suspended_at: Date | null }
}

/** A key as its org sees it: everything but the secret. */
export type KeyRecord = {
  readonly id: string
  readonly service: string
  /** The test org that the key acts in; null when it acts in the org that it belongs to. */
  readonly testOrgId: string | null
  readonly name: string
  readonly prefix: string
  readonly scopes: readonly Scope[]
  readonly kind: KeyKind
  readonly expiresAtMs: number | null
  readonly ipAllow: readonly string[]
  readonly requestsPerWindow: number | null
  readonly createdAtMs: number
  readonly createdBy: string
  readonly lastUsedAtMs: number | null
  /** The person whose role and membership limit the key; null when it belongs to the org alone. */
  readonly standsFor: string | null
  readonly renewDays: number | null
}

export type NewKey = Omit<KeyRecord, 'lastUsedAtMs'> & {
  readonly digest: Buffer
  readonly pepperVersion: number
}

const recordColumns = [
  'id',
  'service',
  'test_org_id',
  'name',
  'prefix',
  'scopes',
  'kind',
  'expires_at',
  'ip_allow',
  'rate_limit',
  'created_at',
  'created_by',
  'last_used_at',
  'stands_for',
  'renew_days',
] as const

export async function insertKey(tx: AuditedTx, key: NewKey): Promise<void> {
  await query<KeyTables>(tx)
    .insertInto('gatehouse.api_key')
    .values({
      org_id: tx.orgId,
      id: key.id,
      service: key.service,
      name: key.name,
      prefix: key.prefix,
      digest: key.digest,
      pepper_version: key.pepperVersion,
      scopes: [...key.scopes],
      kind: key.kind,
      expires_at: toDate(key.expiresAtMs),
      ip_allow: [...key.ipAllow],
      rate_limit: key.requestsPerWindow,
      created_at: new Date(key.createdAtMs),
      created_by: key.createdBy,
      last_used_at: null,
      revoked_at: null,
      revoked_by: null,
      replaced_by: null,
      overlap_until: null,
      test_org_id: key.testOrgId,
      stands_for: key.standsFor,
      renew_days: key.renewDays,
    })
    .execute()
}

/** The keys that still work, including those in the overlap of a rotation; oldest first. */
export async function listLiveKeys(tx: TenantTx, nowMs: number): Promise<KeyRecord[]> {
  const rows = await live(tx, nowMs).orderBy('id').execute()
  return rows.map(toRecord)
}

/**
 * The names of the org's keys with these visible prefixes, whether they still work or not; of several keys the newest
 * name.
 */
export async function findKeyNames(
  tx: TenantTx,
  prefixes: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await query<KeyTables>(tx)
    .selectFrom('gatehouse.api_key')
    .select(['prefix', 'name'])
    .where('org_id', '=', tx.orgId)
    .where(sql<boolean>`prefix = ANY (${[...prefixes]}::text[])`)
    .orderBy('id')
    .execute()
  return new Map(rows.map(({ prefix, name }) => [prefix, name]))
}

/**
 * The number of keys that count against the plan. Locks the org, so that no other transaction changes that number
 * meanwhile.
 */
export async function countLiveKeys(tx: AuditedTx, nowMs: number): Promise<number> {
  await sql`SELECT FROM gatehouse.org WHERE org_id = ${tx.orgId} FOR NO KEY UPDATE`.execute(query(tx))
  const { count } = await query<KeyTables>(tx)
    .selectFrom('gatehouse.api_key')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where('org_id', '=', tx.orgId)
    .where('revoked_at', 'is', null)
    .where('replaced_by', 'is', null)
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', new Date(nowMs))]))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Locks and returns the keys that stand for a person of the org. */
export async function lockKeysOf(tx: AuditedTx, userId: string, nowMs: number): Promise<KeyRecord[]> {
  const rows = await live(tx, nowMs).where('stands_for', '=', userId).orderBy('id').forUpdate().execute()
  return rows.map(toRecord)
}

export async function lockLiveKey(tx: AuditedTx, id: string, nowMs: number): Promise<KeyRecord | undefined> {
  const row = await live(tx, nowMs).where('id', '=', id).forUpdate().executeTakeFirst()
  return row && toRecord(row)
}

export type KeyChange = {
  readonly name?: string | undefined
  readonly scopes?: readonly Scope[] | undefined
  readonly ipAllow?: readonly string[] | undefined
  readonly requestsPerWindow?: number | null | undefined
}

export async function setKey(tx: AuditedTx, id: string, change: KeyChange): Promise<void> {
  const { name, scopes, ipAllow, requestsPerWindow } = change
  const values = {
    ...(name === undefined ? {} : { name }),
    ...(scopes === undefined ? {} : { scopes: [...scopes] }),
    ...(ipAllow === undefined ? {} : { ip_allow: [...ipAllow] }),
    ...(requestsPerWindow === undefined ? {} : { rate_limit: requestsPerWindow }),
  }
  if (Object.keys(values).length === 0) return
  await query<KeyTables>(tx)
    .updateTable('gatehouse.api_key')
    .set(values)
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
    .execute()
}

export async function setReplaced(
  tx: AuditedTx,
  id: string,
  by: string,
  overlapUntilMs: number | null,
): Promise<void> {
  await query<KeyTables>(tx)
    .updateTable('gatehouse.api_key')
    .set({ replaced_by: by, overlap_until: toDate(overlapUntilMs) })
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
    .execute()
}

export async function setRevoked(tx: AuditedTx, id: string, by: string, nowMs: number): Promise<void> {
  await query<KeyTables>(tx)
    .updateTable('gatehouse.api_key')
    .set({ revoked_at: new Date(nowMs), revoked_by: by })
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
    .execute()
}

/** Every key whose visible part is one of these, including revoked ones: authentication compares them all. */
export async function listCandidates(tx: GateTx, prefixes: readonly string[]): Promise<StoredKey[]> {
  const rows = await stored(tx)
    .where('k.prefix', '=', sql<string>`ANY(${[...prefixes]}::text[])`)
    .execute()
  return rows.map(toStored)
}

/** Keys by their ids, in any state, to recheck connections that they opened. */
export async function listStoredKeys(tx: GateTx, ids: readonly string[]): Promise<StoredKey[]> {
  const rows = await stored(tx)
    .where('k.id', '=', sql<string>`ANY(${[...ids]}::text[])`)
    .execute()
  return rows.map(toStored)
}

function stored(tx: GateTx) {
  return query<KeyTables>(tx)
    .selectFrom('gatehouse.api_key as k')
    .innerJoin('gatehouse.org as o', 'o.org_id', 'k.org_id')
    .select([
      'k.org_id',
      'k.id',
      'k.service',
      'k.prefix',
      'k.digest',
      'k.pepper_version',
      'k.scopes',
      'k.expires_at',
      'k.ip_allow',
      'k.rate_limit',
      'k.revoked_at',
      'k.overlap_until',
      'k.replaced_by',
      'k.test_org_id',
      'k.stands_for',
      'k.renew_days',
      'o.suspended_at',
    ])
}

function toStored(row: Awaited<ReturnType<ReturnType<typeof stored>['execute']>>[number]): StoredKey {
  return {
    orgId: row.org_id,
    testOrgId: row.test_org_id,
    id: row.id,
    service: row.service,
    prefix: row.prefix,
    digest: row.digest,
    pepperVersion: row.pepper_version,
    // Safe: only scopes that the service lists are ever written.
    scopes: row.scopes as Scope[],
    expiresAtMs: row.expires_at?.getTime() ?? null,
    ipAllow: row.ip_allow,
    requestsPerWindow: row.rate_limit,
    revokedAtMs: row.revoked_at?.getTime() ?? null,
    overlapUntilMs: row.overlap_until?.getTime() ?? null,
    isReplaced: row.replaced_by !== null,
    isOrgSuspended: row.suspended_at !== null,
    standsFor: row.stands_for,
    renewDays: row.renew_days,
  }
}

export type KeyUse = { readonly orgId: string; readonly keyId: string; readonly atMs: number }

export async function setLastUsed(tx: GateTx, uses: readonly KeyUse[]): Promise<void> {
  await sql`
    UPDATE gatehouse.api_key k
       SET last_used_at = greatest(k.last_used_at, used.at),
           -- Null, and so the end as it is, for a key that is not renewed by use.
           expires_at = greatest(k.expires_at, used.at + k.renew_days * interval '1 day')
      FROM unnest(
        ${uses.map(({ orgId }) => orgId)}::uuid[],
        ${uses.map(({ keyId }) => keyId)}::text[],
        ${uses.map(({ atMs }) => new Date(atMs).toISOString())}::timestamptz[]
      ) AS used (org_id, id, at)
     WHERE k.org_id = used.org_id AND k.id = used.id`.execute(query(tx))
}

/** Stores a verified key's digest under another version of the pepper, unless another node has done so meanwhile. */
export async function setDigest(
  tx: GateTx,
  { orgId, id, pepperVersion }: Pick<StoredKey, 'orgId' | 'id' | 'pepperVersion'>,
  digest: Buffer,
  version: number,
): Promise<void> {
  await query<KeyTables>(tx)
    .updateTable('gatehouse.api_key')
    .set({ digest, pepper_version: version })
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .where('pepper_version', '=', pepperVersion)
    .execute()
}

/** The number of live keys under each version of the pepper (K10), over all orgs. */
export async function countKeysByPepper(tx: GateTx, nowMs: number): Promise<ReadonlyMap<number, number>> {
  const rows = await query<KeyTables>(tx)
    .selectFrom('gatehouse.api_key')
    .select((select) => ['pepper_version', select.fn.countAll<string>().as('count')])
    .where('revoked_at', 'is', null)
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', new Date(nowMs))]))
    .where((where) =>
      where.or([where('replaced_by', 'is', null), where('overlap_until', '>', new Date(nowMs))]),
    )
    .groupBy('pepper_version')
    .execute()
  return new Map(rows.map((row) => [row.pepper_version, Number(row.count)]))
}

/** Notifies every node, when the transaction commits, to forget what it has cached of a key. */
export async function invalidateKey(tx: WritingTx, id: string): Promise<void> {
  await sql`SELECT gatehouse.invalidate(${`key:${id}`})`.execute(query(tx))
}

function live(tx: TenantTx, nowMs: number) {
  return query<KeyTables>(tx)
    .selectFrom('gatehouse.api_key')
    .select(recordColumns)
    .where('org_id', '=', tx.orgId)
    .where('revoked_at', 'is', null)
    .where((where) =>
      where.or([where('replaced_by', 'is', null), where('overlap_until', '>', new Date(nowMs))]),
    )
}

function toRecord(row: Pick<Selectable<KeyRow>, (typeof recordColumns)[number]>): KeyRecord {
  return {
    id: row.id,
    service: row.service,
    testOrgId: row.test_org_id,
    name: row.name,
    prefix: row.prefix,
    // Safe: only scopes that the service lists are ever written.
    scopes: row.scopes as Scope[],
    kind: row.kind,
    expiresAtMs: row.expires_at?.getTime() ?? null,
    ipAllow: row.ip_allow,
    requestsPerWindow: row.rate_limit,
    createdAtMs: row.created_at.getTime(),
    createdBy: row.created_by,
    lastUsedAtMs: row.last_used_at?.getTime() ?? null,
    standsFor: row.stands_for,
    renewDays: row.renew_days,
  }
}

function toDate(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms)
}
