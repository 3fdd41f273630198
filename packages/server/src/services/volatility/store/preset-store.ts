import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import { type RawBuilder, sql } from 'kysely'
import type { Thresholds } from '../domain/regime-machine.ts'

/** Prefix of the notification that an organisation changed its presets. */
export const presetNews = 'volatility.presets:'

/** The newest version of an organisation's own preset. */
export type OwnPreset = {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly method: string
  readonly thresholds: Thresholds
  readonly description: string | null
  /** When this version was created. */
  readonly madeAtMs: number
}

type Row = Record<'high_enter' | 'high_exit' | 'low_enter' | 'low_exit' | 'enter_k' | 'exit_k', number> & {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly method: string
  readonly description: string | null
  readonly created_at: Date
}

function selectOwn(tx: TenantTx, which: RawBuilder<unknown>): RawBuilder<Row> {
  return sql<Row>`
    SELECT p.id, p.name, p.version, v.method, v.high_enter, v.high_exit, v.low_enter, v.low_exit, v.enter_k, v.exit_k,
           v.description, v.created_at
      FROM volatility.preset p
      JOIN volatility.preset_version v ON v.org_id = p.org_id AND v.preset_id = p.id AND v.version = p.version
     WHERE p.org_id = ${tx.orgId} AND ${which} ORDER BY p.name`
}

/** By name. */
export async function listOwnPresets(tx: TenantTx): Promise<readonly OwnPreset[]> {
  const { rows } = await selectOwn(tx, sql`true`).execute(query(tx))
  return rows.map(toPreset)
}

export async function findOwnPreset(tx: TenantTx, name: string): Promise<OwnPreset | undefined> {
  const { rows } = await selectOwn(tx, sql`p.name = ${name}`).execute(query(tx))
  return rows.map(toPreset)[0]
}

/** Serializes changes and first uses of the organisation's presets until the transaction ends. */
export async function lockOwnPresets(tx: AuditedTx): Promise<void> {
  await sql`
    INSERT INTO volatility.preset_head AS h (org_id, revision) VALUES (${tx.orgId}, 1)
    ON CONFLICT (org_id) DO UPDATE SET revision = h.revision + 1`.execute(query(tx))
  await sql`SELECT gatehouse.invalidate(${`${presetNews}${tx.orgId}`})`.execute(query(tx))
}

/** Inserts the newest version of a preset; the first version creates the preset. */
export async function insertPresetVersion(tx: AuditedTx, made: OwnPreset): Promise<void> {
  const { id, name, version, method, thresholds, description, madeAtMs } = made
  await sql`
    INSERT INTO volatility.preset (org_id, name, id, version) VALUES (${tx.orgId}, ${name}, ${id}, ${version})
    ON CONFLICT (org_id, name) DO UPDATE SET version = excluded.version`.execute(query(tx))
  await sql`
    INSERT INTO volatility.preset_version
      (org_id, preset_id, version, method, high_enter, high_exit, low_enter, low_exit, enter_k, exit_k, description,
       created_at)
    VALUES (${tx.orgId}, ${id}, ${version}, ${method}, ${thresholds.highEnter}, ${thresholds.highExit},
            ${thresholds.lowEnter}, ${thresholds.lowExit}, ${thresholds.enterK}, ${thresholds.exitK}, ${description},
            ${new Date(madeAtMs)})`.execute(query(tx))
}

/** Deletes a preset with all its versions. */
export async function deleteOwnPreset(tx: AuditedTx, id: string): Promise<void> {
  await sql`DELETE FROM volatility.preset_version WHERE org_id = ${tx.orgId} AND preset_id = ${id}`.execute(
    query(tx),
  )
  await sql`DELETE FROM volatility.preset WHERE org_id = ${tx.orgId} AND id = ${id}`.execute(query(tx))
}

/** Numbers of the organisation's subscriptions that use a preset. */
export async function listNumbersUsing(tx: TenantTx, preset: string): Promise<readonly number[]> {
  const { rows } = await sql<{ number: number }>`
    SELECT number FROM volatility.subscription WHERE org_id = ${tx.orgId} AND preset = ${preset}
     ORDER BY number`.execute(query(tx))
  return rows.map(({ number }) => number)
}

function toPreset({ id, name, version, method, description, created_at, ...levels }: Row): OwnPreset {
  return {
    id,
    name,
    version,
    method,
    thresholds: {
      highEnter: levels.high_enter,
      highExit: levels.high_exit,
      lowEnter: levels.low_enter,
      lowExit: levels.low_exit,
      enterK: levels.enter_k,
      exitK: levels.exit_k,
    },
    description,
    madeAtMs: created_at.getTime(),
  }
}
