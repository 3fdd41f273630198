import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query, type TelemetryTx, type TenantTx } from '@gatehouse/kernel/db'
import type { UptimeTables } from './tables.ts'

/** A mail that asks an address to confirm a channel. */
export type Verification = {
  readonly id: string
  readonly channelId: string
  readonly email: string
  readonly expiresAtMs: number
}

export async function insertVerification(
  tx: AuditedTx,
  verification: Verification,
  nowMs: number,
): Promise<void> {
  await query<UptimeTables>(tx)
    .insertInto('uptime.channel_verification')
    .values({
      org_id: tx.orgId,
      id: verification.id,
      channel_id: verification.channelId,
      email: verification.email,
      token_digest: null,
      expires_at: new Date(verification.expiresAtMs),
      created_at: new Date(nowMs),
    })
    .execute()
}

/** Number of mails to one address since a time, including those of deleted channels. */
export async function countVerifications(tx: TenantTx, email: string, sinceMs: number): Promise<number> {
  const { count } = await query<UptimeTables>(tx)
    .selectFrom('uptime.channel_verification')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where('email', '=', email)
    .where('created_at', '>', new Date(sinceMs))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Undefined if the channel was deleted or has another address now. */
export async function findVerification(
  tx: TenantTx,
  id: string,
): Promise<(Verification & { readonly language: 'en' | 'ja' }) | undefined> {
  const row = await query<UptimeTables>(tx)
    .selectFrom('uptime.channel_verification as v')
    .innerJoin('uptime.channel as c', (join) =>
      join.onRef('c.org_id', '=', 'v.org_id').onRef('c.id', '=', 'v.channel_id'),
    )
    .select(['v.id', 'c.id as channel_id', 'v.email', 'v.expires_at', 'c.language'])
    .where('v.id', '=', id)
    .whereRef('c.summary', '=', 'v.email')
    .where('c.verified', '=', false)
    .executeTakeFirst()
  return (
    row && {
      id: row.id,
      channelId: row.channel_id,
      email: row.email,
      expiresAtMs: row.expires_at.getTime(),
      language: row.language,
    }
  )
}

/** Stores the token's digest of the mail that is about to be sent. */
export async function setVerificationToken(tx: TelemetryTx, id: string, digest: string): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.channel_verification')
    .set({ token_digest: digest })
    .where('id', '=', id)
    .execute()
}

/** The verification that a link belongs to, while it is valid. */
export async function findVerificationByToken(
  tx: GateTx,
  digest: string,
  nowMs: number,
): Promise<{ readonly orgId: string; readonly id: string } | undefined> {
  const row = await query<UptimeTables>(tx)
    .selectFrom('uptime.channel_verification')
    .select(['org_id', 'id'])
    .where('token_digest', '=', digest)
    .where('expires_at', '>', new Date(nowMs))
    .executeTakeFirst()
  return row && { orgId: row.org_id, id: row.id }
}

/** Uses up the links of a channel; false if another request has just done so. */
export async function clearVerificationToken(tx: AuditedTx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await query<UptimeTables>(tx)
    .updateTable('uptime.channel_verification')
    .set({ token_digest: null })
    .where('id', '=', id)
    .where('token_digest', 'is not', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}
