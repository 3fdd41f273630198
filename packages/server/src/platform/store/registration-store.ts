import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query } from '@gatehouse/kernel/db'
import type { Registration } from '../domain/registration.ts'
import type { PlatformTables, RegistrationRow } from './platform-tables.ts'

export async function insertRegistration(tx: AuditedTx, registration: Registration): Promise<void> {
  await query<PlatformTables>(tx)
    .insertInto('platform.registration')
    .values({
      id: registration.id,
      email: registration.email,
      name: registration.name,
      org_name: registration.orgName,
      language: registration.language,
      password_hash: registration.passwordHash,
      token_digest: null,
      expires_at: new Date(registration.expiresAtMs),
      created_at: new Date(registration.createdAtMs),
    })
    .execute()
}

export async function findRegistration(
  tx: GateTx,
  id: string,
  nowMs: number,
): Promise<Registration | undefined> {
  const row = await query<PlatformTables>(tx)
    .selectFrom('platform.registration')
    .selectAll()
    .where('id', '=', id)
    .where('expires_at', '>', new Date(nowMs))
    .executeTakeFirst()
  return row && toRegistration(row)
}

export async function findRegistrationByToken(
  tx: GateTx,
  digest: Buffer,
  nowMs: number,
): Promise<Registration | undefined> {
  const row = await query<PlatformTables>(tx)
    .selectFrom('platform.registration')
    .selectAll()
    .where('token_digest', '=', digest)
    .where('expires_at', '>', new Date(nowMs))
    .executeTakeFirst()
  return row && toRegistration(row)
}

export async function setRegistrationToken(tx: GateTx, id: string, digest: Buffer): Promise<void> {
  await query<PlatformTables>(tx)
    .updateTable('platform.registration')
    .set({ token_digest: digest })
    .where('id', '=', id)
    .execute()
}

/**
 * Deletes a registration and all others for the same address; true for exactly one of any number of concurrent callers.
 */
export async function deleteRegistration(tx: AuditedTx, { id, email }: Registration): Promise<boolean> {
  const { numDeletedRows } = await query<PlatformTables>(tx)
    .deleteFrom('platform.registration')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  await query<PlatformTables>(tx).deleteFrom('platform.registration').where('email', '=', email).execute()
  return numDeletedRows === 1n
}

function toRegistration(row: RegistrationRow): Registration {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    orgName: row.org_name,
    language: row.language,
    passwordHash: row.password_hash,
    expiresAtMs: row.expires_at.getTime(),
    createdAtMs: row.created_at.getTime(),
  }
}
