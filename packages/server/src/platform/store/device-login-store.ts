import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { DeviceLogin, PollState } from '../domain/device-login.ts'
import type { DeviceLoginRow, PlatformTables } from './platform-tables.ts'

export type DeviceDigests = { readonly device: Buffer; readonly userCode: Buffer }

const columns = ['id', 'client', 'callback_url', 'ip', 'user_agent', 'expires_at', 'created_at'] as const

/** False when another device has the same code at the moment. */
export async function insertDeviceLogin(
  tx: GateTx,
  login: DeviceLogin,
  digests: DeviceDigests,
  pollSeconds: number,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await query<PlatformTables>(tx)
    .insertInto('platform.device_login')
    .values({
      id: login.id,
      device_digest: digests.device,
      user_code_digest: digests.userCode,
      client: login.client,
      callback_url: login.callbackUrl,
      ip: login.ip,
      user_agent: login.userAgent,
      state: 'waiting',
      for_org: null,
      decided_by: null,
      scopes: null,
      poll_seconds: pollSeconds,
      polled_at: null,
      expires_at: new Date(login.expiresAtMs),
      created_at: new Date(login.createdAtMs),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

export async function findWaitingDevice(
  tx: GateTx,
  userCodeDigest: Buffer,
  nowMs: number,
): Promise<DeviceLogin | undefined> {
  const row = await query<PlatformTables>(tx)
    .selectFrom('platform.device_login')
    .select(columns)
    .where('user_code_digest', '=', userCodeDigest)
    .where('state', '=', 'waiting')
    .where('expires_at', '>', new Date(nowMs))
    .executeTakeFirst()
  return row && toDeviceLogin(row)
}

/** Stores the decision; true for exactly one of any number of concurrent decisions. */
export async function setDecision(
  tx: AuditedTx,
  id: string,
  decision: {
    readonly state: 'approved' | 'denied'
    readonly userId: string
    readonly scopes: readonly string[]
  },
  nowMs: number,
): Promise<boolean> {
  const { numUpdatedRows } = await query<PlatformTables>(tx)
    .updateTable('platform.device_login')
    .set({
      state: decision.state,
      for_org: tx.orgId,
      decided_by: decision.userId,
      scopes: [...decision.scopes],
    })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .where('expires_at', '>', new Date(nowMs))
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export type WaitingDevice = {
  readonly login: DeviceLogin
  readonly state: PollState
  readonly polledAtMs: number | null
  readonly pollSeconds: number
}

/** Locks the log-in, so that of two concurrent polls one is too early. */
export async function lockDevice(
  tx: GateTx,
  deviceDigest: Buffer,
  nowMs: number,
): Promise<WaitingDevice | undefined> {
  const row = await query<PlatformTables>(tx)
    .selectFrom('platform.device_login')
    .select([...columns, 'state', 'for_org', 'decided_by', 'scopes', 'polled_at', 'poll_seconds'])
    .where('device_digest', '=', deviceDigest)
    .where('expires_at', '>', new Date(nowMs))
    .forUpdate()
    .executeTakeFirst()
  return (
    row && {
      login: toDeviceLogin(row),
      state: toState(row),
      polledAtMs: row.polled_at?.getTime() ?? null,
      pollSeconds: row.poll_seconds,
    }
  )
}

export async function setPolled(tx: GateTx, id: string, pollSeconds: number, nowMs: number): Promise<void> {
  await query<PlatformTables>(tx)
    .updateTable('platform.device_login')
    .set({ polled_at: new Date(nowMs), poll_seconds: pollSeconds })
    .where('id', '=', id)
    .execute()
}

export async function deleteDeviceLogin(tx: GateTx, id: string): Promise<void> {
  await query<PlatformTables>(tx).deleteFrom('platform.device_login').where('id', '=', id).execute()
}

/**
 * Counts a guess before the code is compared, so that concurrent guesses cannot all pass. Returns the number including
 * this one.
 */
export async function countGuess(
  tx: GateTx,
  userId: string,
  nowMs: number,
  expiresAtMs: number,
): Promise<number> {
  const now = new Date(nowMs)
  const expires = new Date(expiresAtMs)
  const { rows } = await sql<{ failures: number }>`
    INSERT INTO platform.device_guess AS g (user_id, failures, expires_at) VALUES (${userId}, 1, ${expires})
    ON CONFLICT (user_id) DO UPDATE SET
      failures = CASE WHEN g.expires_at > ${now} THEN g.failures + 1 ELSE 1 END,
      expires_at = CASE WHEN g.expires_at > ${now} THEN g.expires_at ELSE excluded.expires_at END
    RETURNING failures`.execute(query(tx))
  return rows[0]?.failures ?? 1
}

/** Takes back the count of a code that was correct. */
export async function forgiveGuess(tx: GateTx, userId: string): Promise<void> {
  await sql`
    UPDATE platform.device_guess SET failures = greatest(failures - 1, 0)
     WHERE user_id = ${userId}`.execute(query(tx))
}

function toState(row: Pick<DeviceLoginRow, 'state' | 'for_org' | 'decided_by' | 'scopes'>): PollState {
  const { state, for_org: orgId, decided_by: userId } = row
  if (state !== 'approved') return { state }
  if (orgId === null || userId === null) throw new Error('An approved device has nobody who approved it')
  return { state, orgId, userId, scopes: row.scopes ?? [] }
}

function toDeviceLogin(row: Pick<DeviceLoginRow, (typeof columns)[number]>): DeviceLogin {
  return {
    id: row.id,
    client: row.client,
    callbackUrl: row.callback_url,
    ip: row.ip,
    userAgent: row.user_agent,
    expiresAtMs: row.expires_at.getTime(),
    createdAtMs: row.created_at.getTime(),
  }
}
