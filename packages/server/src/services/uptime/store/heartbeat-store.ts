import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Heartbeat } from '../domain/heartbeat.ts'
import { parseStored, type StoredWatch } from '../monitor-types/watch.ts'
import type { UptimeTables } from './tables.ts'

/** A stored token: found by its digest, decrypted only by this instance. */
export type KeptToken = { readonly digest: string; readonly sealed: string }

export async function insertHeartbeat(tx: AuditedTx, monitorId: string, token: KeptToken): Promise<void> {
  await query<UptimeTables>(tx)
    .insertInto('uptime.heartbeat')
    .values({
      org_id: tx.orgId,
      monitor_id: monitorId,
      token_digest: token.digest,
      sealed_token: token.sealed,
      last_ping_at: null,
      last_start_at: null,
      deadline_at: null,
      run_id: null,
    })
    .execute()
}

export async function findSealedToken(tx: TenantTx, monitorId: string): Promise<string | undefined> {
  const row = await query<UptimeTables>(tx)
    .selectFrom('uptime.heartbeat')
    .select('sealed_token')
    .where('monitor_id', '=', monitorId)
    .executeTakeFirst()
  return row?.sealed_token
}

export async function setHeartbeatToken(tx: AuditedTx, monitorId: string, token: KeptToken): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.heartbeat')
    .set({ token_digest: token.digest, sealed_token: token.sealed })
    .where('monitor_id', '=', monitorId)
    .execute()
}

export type WatchedHeartbeat = {
  readonly monitorId: string
  readonly stored: StoredWatch
  readonly heartbeat: Heartbeat
}

/** Locks those of the monitors that are active heartbeats, so that pings wait until the transaction ends. */
export async function lockHeartbeats(
  tx: AuditedTx,
  monitorIds: readonly string[],
): Promise<readonly WatchedHeartbeat[]> {
  const rows = await query<UptimeTables>(tx)
    .selectFrom('uptime.heartbeat as h')
    .innerJoin('uptime.monitor as m', (join) =>
      join.onRef('m.org_id', '=', 'h.org_id').onRef('m.id', '=', 'h.monitor_id'),
    )
    .select([
      'h.monitor_id',
      'm.type',
      'm.config',
      'h.last_ping_at',
      'h.last_start_at',
      'h.run_id',
      'h.deadline_at',
    ])
    .where(sql<boolean>`h.monitor_id = ANY (${[...monitorIds]}::text[])`)
    .where('m.is_active', '=', true)
    .orderBy('h.monitor_id')
    .forUpdate('h')
    .execute()
  return rows.map((row) => ({
    monitorId: row.monitor_id,
    stored: parseStored(row.type, row.config),
    heartbeat: {
      lastSuccessMs: row.last_ping_at?.getTime() ?? null,
      runStartedMs: row.last_start_at?.getTime() ?? null,
      runId: row.run_id,
      deadlineMs: row.deadline_at?.getTime() ?? null,
    },
  }))
}

export type Deadline = { readonly monitorId: string; readonly deadlineMs: number | null }

export async function setDeadlines(tx: AuditedTx, deadlines: readonly Deadline[]): Promise<void> {
  if (deadlines.length === 0) return
  const instants = deadlines.map(({ deadlineMs }) =>
    deadlineMs === null ? null : new Date(deadlineMs).toISOString(),
  )
  await sql`
    UPDATE uptime.heartbeat h SET deadline_at = given.deadline_at
      FROM unnest(${deadlines.map(({ monitorId }) => monitorId)}::text[], ${instants}::timestamptz[])
        AS given (monitor_id, deadline_at)
     WHERE h.org_id = ${tx.orgId} AND h.monitor_id = given.monitor_id`.execute(query(tx))
}
