import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Domain } from '../domain/interaction.ts'
import { defaultNorm, type Norm } from '../domain/norm.ts'
import { defaultSettings, type Settings } from '../domain/settings.ts'
import type { OversightTables } from './tables.ts'

export type VersionedSettings = {
  readonly version: number
  readonly settings: Settings
  /** Null for the initial version, which nobody created. */
  readonly createdAtMs: number | null
}

/** The settings in force; the defaults are version 1. */
export async function findSettings(tx: TenantTx): Promise<VersionedSettings> {
  const row = await query<OversightTables>(tx)
    .selectFrom('oversight.settings')
    .select(['version', 'body', 'created_at'])
    .where('org_id', '=', tx.orgId)
    .orderBy('version', 'desc')
    .executeTakeFirst()
  return toVersionedSettings(row)
}

export type SettingsRow = { readonly version: number; readonly body: Settings; readonly created_at: Date }

export function toVersionedSettings(row: SettingsRow | undefined): VersionedSettings {
  return row === undefined
    ? { version: 1, settings: defaultSettings, createdAtMs: null }
    : {
        version: row.version,
        settings: { ...defaultSettings, ...row.body },
        createdAtMs: row.created_at.getTime(),
      }
}

/** False if a concurrent change created that version first. */
export async function insertSettings(
  tx: AuditedTx,
  { version, settings }: Omit<VersionedSettings, 'createdAtMs'>,
  nowMs: number,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await query<OversightTables>(tx)
    .insertInto('oversight.settings')
    .values({ org_id: tx.orgId, version, body: JSON.stringify(settings), created_at: new Date(nowMs) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows ?? 0) === 1
}

export async function findSettingsVersion(tx: TenantTx, version: number): Promise<Settings> {
  const row = await query<OversightTables>(tx)
    .selectFrom('oversight.settings')
    .select('body')
    .where('org_id', '=', tx.orgId)
    .where('version', '=', version)
    .executeTakeFirst()
  return row === undefined ? defaultSettings : { ...defaultSettings, ...row.body }
}

/** The norm in force on a day. */
export async function findNorm(tx: TenantTx, domain: Domain, day: number): Promise<Norm> {
  const row = await norms(tx)
    .where('domain', '=', domain)
    .where('effective_day', '<=', day)
    .orderBy('version', 'desc')
    .executeTakeFirst()
  return toNorm(row)
}

export async function findNormById(tx: TenantTx, domain: Domain, normId: string): Promise<Norm> {
  const row = await norms(tx).where('domain', '=', domain).where('norm_id', '=', normId).executeTakeFirst()
  return toNorm(row)
}

function norms(tx: TenantTx) {
  return query<OversightTables>(tx)
    .selectFrom('oversight.norm')
    .select(['norm_id', 't_min_ms', 't_ref_ms', sql<string[]>`prior::text[]`.as('prior')])
    .where('org_id', '=', tx.orgId)
}

export type NormRow = {
  readonly norm_id: string
  readonly t_min_ms: number
  readonly t_ref_ms: number
  readonly prior: readonly string[]
}

export function toNorm(row: NormRow | undefined): Norm {
  return row === undefined
    ? defaultNorm
    : { id: row.norm_id, tMinMs: row.t_min_ms, tRefMs: row.t_ref_ms, prior: row.prior.map(Number) }
}
