import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query } from '@gatehouse/kernel/db'
import type { PlatformTables } from './platform-tables.ts'

/** Replaces the link that creates the first owner. False when the first person exists, so that no link works. */
export async function setSetupToken(tx: AuditedTx, digest: Buffer, expiresAtMs: number): Promise<boolean> {
  const { numUpdatedRows } = await query<PlatformTables>(tx)
    .updateTable('platform.setup')
    .set({ token_digest: digest, expires_at: new Date(expiresAtMs) })
    .where('closed_at', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/**
 * Uses the setup token; true for exactly one caller: the row stays locked until its transaction ends, and is closed
 * then.
 */
export async function claimSetup(tx: AuditedTx, digest: Buffer, nowMs: number): Promise<boolean> {
  const { numUpdatedRows } = await query<PlatformTables>(tx)
    .updateTable('platform.setup')
    .set({ token_digest: null, expires_at: null, closed_at: new Date(nowMs) })
    .where('token_digest', '=', digest)
    .where('expires_at', '>', new Date(nowMs))
    .where('closed_at', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export async function closeSetup(tx: AuditedTx, nowMs: number): Promise<void> {
  await query<PlatformTables>(tx)
    .updateTable('platform.setup')
    .set({ token_digest: null, expires_at: null, closed_at: new Date(nowMs) })
    .where('closed_at', 'is', null)
    .execute()
}

/** Removes an expired token; the row stays, since it records whether the first person exists. */
export async function clearExpiredSetup(tx: GateTx, throughMs: number): Promise<number> {
  const { numUpdatedRows } = await query<PlatformTables>(tx)
    .updateTable('platform.setup')
    .set({ token_digest: null, expires_at: null })
    .where('expires_at', '<=', new Date(throughMs))
    .executeTakeFirstOrThrow()
  return Number(numUpdatedRows)
}

export async function findSetupExpiry(tx: GateTx): Promise<number | null> {
  const row = await query<PlatformTables>(tx)
    .selectFrom('platform.setup')
    .select('expires_at')
    .executeTakeFirstOrThrow()
  return row.expires_at?.getTime() ?? null
}

/** A check before a password is hashed, which saves that work; only `claimSetup` decides. */
export async function isSetupToken(tx: GateTx, digest: Buffer, nowMs: number): Promise<boolean> {
  const row = await query<PlatformTables>(tx)
    .selectFrom('platform.setup')
    .select('closed_at')
    .where('token_digest', '=', digest)
    .where('expires_at', '>', new Date(nowMs))
    .where('closed_at', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

export async function isSetupOpen(tx: GateTx): Promise<boolean> {
  const row = await query<PlatformTables>(tx)
    .selectFrom('platform.setup')
    .select('closed_at')
    .executeTakeFirstOrThrow()
  return row.closed_at === null
}
