import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Factor, Passkey } from '../domain/factor.ts'
import type { FactorTables } from './factor-tables.ts'

export type StoredTotp = { readonly id: string; readonly secretSealed: string; readonly lastStep: number }

/** The confirmed factors, oldest first; an app that was never confirmed does not count. */
export async function listFactors(tx: GateTx | TenantTx, userId: string): Promise<readonly Factor[]> {
  const totp = await query<FactorTables>(tx)
    .selectFrom('platform.totp_factor')
    .select(['id', 'created_at', 'last_used_at'])
    .where('user_id', '=', userId)
    .where('confirmed_at', 'is not', null)
    .execute()
  const passkeys = await query<FactorTables>(tx)
    .selectFrom('platform.passkey')
    .select(['id', 'name', 'created_at', 'last_used_at'])
    .where('user_id', '=', userId)
    .execute()
  const factors: Factor[] = [
    ...totp.map((row) => ({ kind: 'totp' as const, name: 'Authenticator app', ...toTimes(row) })),
    ...passkeys.map((row) => ({ kind: 'passkey' as const, name: row.name, ...toTimes(row) })),
  ]
  return factors.toSorted((a, b) => a.createdAtMs - b.createdAtMs)
}

/** Serializes the changes of one person's factors until the transaction ends. */
export async function lockFactors(tx: AuditedTx, userId: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`factors:${userId}`}, 0))`.execute(query(tx))
}

/** Stores an app; replaces one that was never confirmed. */
export async function insertTotp(
  tx: AuditedTx,
  totp: {
    readonly id: string
    readonly userId: string
    readonly secretSealed: string
    readonly createdAtMs: number
  },
): Promise<void> {
  await query<FactorTables>(tx)
    .deleteFrom('platform.totp_factor')
    .where('user_id', '=', totp.userId)
    .where('confirmed_at', 'is', null)
    .execute()
  await query<FactorTables>(tx)
    .insertInto('platform.totp_factor')
    .values({
      id: totp.id,
      user_id: totp.userId,
      secret_sealed: totp.secretSealed,
      confirmed_at: null,
      last_used_at: null,
      created_at: new Date(totp.createdAtMs),
    })
    .execute()
}

export async function findTotp(
  tx: GateTx,
  userId: string,
  state: 'waiting' | 'confirmed',
): Promise<StoredTotp | undefined> {
  const row = await query<FactorTables>(tx)
    .selectFrom('platform.totp_factor')
    .select(['id', 'secret_sealed', 'last_step'])
    .where('user_id', '=', userId)
    .where('confirmed_at', state === 'waiting' ? 'is' : 'is not', null)
    .executeTakeFirst()
  return row && { id: row.id, secretSealed: row.secret_sealed, lastStep: Number(row.last_step) }
}

/** True for exactly one of any number of concurrent callers. */
export async function confirmTotp(
  tx: AuditedTx,
  userId: string,
  id: string,
  step: number,
  nowMs: number,
): Promise<boolean> {
  const { numUpdatedRows } = await query<FactorTables>(tx)
    .updateTable('platform.totp_factor')
    .set({ confirmed_at: new Date(nowMs), last_step: String(step) })
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .where('confirmed_at', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/**
 * Marks the time step of a code as used: true for exactly one of any number of concurrent callers, and never for an
 * earlier step.
 */
export async function takeTotpStep(tx: GateTx, id: string, step: number, nowMs: number): Promise<boolean> {
  const { numUpdatedRows } = await query<FactorTables>(tx)
    .updateTable('platform.totp_factor')
    .set({ last_step: String(step), last_used_at: new Date(nowMs) })
    .where('id', '=', id)
    .where('confirmed_at', 'is not', null)
    .where('last_step', '<', String(step))
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** False when an account already has this passkey. */
export async function insertPasskey(tx: AuditedTx, passkey: Passkey, nowMs: number): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await query<FactorTables>(tx)
    .insertInto('platform.passkey')
    .values({
      id: passkey.id,
      user_id: passkey.userId,
      name: passkey.name,
      credential_id: passkey.credentialId,
      public_key: passkey.publicKey,
      counter: String(passkey.counter),
      transports: [...passkey.transports],
      is_backed_up: passkey.isBackedUp,
      last_used_at: null,
      created_at: new Date(nowMs),
    })
    // Without a conflict target: naming a column would require that the app role can read the credentials of other
    // people.
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

export async function listPasskeys(tx: GateTx, userId: string): Promise<readonly Passkey[]> {
  const rows = await query<FactorTables>(tx)
    .selectFrom('platform.passkey')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    userId: row.user_id,
    name: row.name,
    credentialId: row.credential_id,
    publicKey: row.public_key,
    counter: Number(row.counter),
    transports: row.transports,
    isBackedUp: row.is_backed_up,
  }))
}

/**
 * Stores the authenticator's counter. False when it has not grown since it was read; an authenticator without a counter
 * always sends 0.
 */
export async function setPasskeyUsed(
  tx: GateTx,
  id: string,
  counter: number,
  nowMs: number,
): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    UPDATE platform.passkey SET counter = ${counter}, last_used_at = ${new Date(nowMs)}
     WHERE id = ${id} AND (counter < ${counter} OR (counter = 0 AND ${counter} = 0))
    RETURNING id`.execute(query(tx))
  return rows.length === 1
}

/** False when the person has no such factor. */
export async function deleteFactor(tx: AuditedTx, userId: string, id: string): Promise<boolean> {
  const [totp, passkey] = [
    await query<FactorTables>(tx)
      .deleteFrom('platform.totp_factor')
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .executeTakeFirstOrThrow(),
    await query<FactorTables>(tx)
      .deleteFrom('platform.passkey')
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .executeTakeFirstOrThrow(),
  ]
  return totp.numDeletedRows + passkey.numDeletedRows === 1n
}

export async function setRecoveryCodes(
  tx: AuditedTx,
  userId: string,
  digests: readonly Buffer[],
  nowMs: number,
): Promise<void> {
  await query<FactorTables>(tx).deleteFrom('platform.recovery_code').where('user_id', '=', userId).execute()
  if (digests.length === 0) return
  const created = new Date(nowMs)
  await query<FactorTables>(tx)
    .insertInto('platform.recovery_code')
    .values(digests.map((digest) => ({ user_id: userId, digest, created_at: created })))
    .execute()
}

/** Uses a recovery code; true for exactly one of any number of concurrent callers. */
export async function takeRecoveryCode(tx: GateTx, userId: string, digest: Buffer): Promise<boolean> {
  const { numDeletedRows } = await query<FactorTables>(tx)
    .deleteFrom('platform.recovery_code')
    .where('user_id', '=', userId)
    .where('digest', '=', digest)
    .executeTakeFirstOrThrow()
  return numDeletedRows === 1n
}

export async function countRecoveryCodes(tx: GateTx | TenantTx, userId: string): Promise<number> {
  const { left } = await query<FactorTables>(tx)
    .selectFrom('platform.recovery_code')
    .select(sql<number>`count(*)::int`.as('left'))
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow()
  return left
}

function toTimes(row: { id: string; created_at: Date; last_used_at: Date | null }) {
  const { id, created_at, last_used_at } = row
  return { id, createdAtMs: created_at.getTime(), lastUsedAtMs: last_used_at?.getTime() ?? null }
}
