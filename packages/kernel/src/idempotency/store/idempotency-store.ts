import { query, type TenantTx } from '../../db/index.ts'

type IdempotencyRow = {
  org_id: string
  subject: string
  endpoint: string
  key_digest: Buffer
  fingerprint: Buffer
  status: number | null
  media_type: string | null
  body: string | null
  busy_until: Date
  expires_at: Date
}

type Tables = { 'gatehouse.idempotency': IdempotencyRow }

export type IdempotencyId = {
  readonly subject: string
  readonly endpoint: string
  readonly keyDigest: Buffer
}

export type StoredReply = { readonly status: number; readonly mediaType: string; readonly body: string }

export type IdempotencyRecord = {
  readonly fingerprint: Buffer
  readonly reply: StoredReply | undefined
  readonly busyUntilMs: number
}

type Times = { readonly nowMs: number; readonly busyUntilMs: number; readonly expiresAtMs: number }

/** True when this request is the first under its key, or takes the place of one that is over or whose node died. */
export async function insertIdempotency(
  tx: TenantTx,
  { subject, endpoint, keyDigest }: IdempotencyId,
  fingerprint: Buffer,
  { nowMs, busyUntilMs, expiresAtMs }: Times,
): Promise<boolean> {
  const begun = {
    fingerprint,
    status: null,
    media_type: null,
    body: null,
    busy_until: new Date(busyUntilMs),
    expires_at: new Date(expiresAtMs),
  }
  const { numInsertedOrUpdatedRows } = await query<Tables>(tx)
    .insertInto('gatehouse.idempotency')
    .values({ org_id: tx.orgId, subject, endpoint, key_digest: keyDigest, ...begun })
    .onConflict((conflict) =>
      conflict
        .columns(['org_id', 'subject', 'endpoint', 'key_digest'])
        .doUpdateSet(begun)
        .where((where) =>
          where.or([
            where('gatehouse.idempotency.expires_at', '<=', new Date(nowMs)),
            where.and([
              where('gatehouse.idempotency.status', 'is', null),
              where('gatehouse.idempotency.fingerprint', '=', fingerprint),
              where('gatehouse.idempotency.busy_until', '<=', new Date(nowMs)),
            ]),
          ]),
        ),
    )
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

export async function findIdempotency(
  tx: TenantTx,
  id: IdempotencyId,
): Promise<IdempotencyRecord | undefined> {
  const row = await query<Tables>(tx)
    .selectFrom('gatehouse.idempotency')
    .select(['fingerprint', 'status', 'media_type', 'body', 'busy_until'])
    .where('org_id', '=', tx.orgId)
    .where('subject', '=', id.subject)
    .where('endpoint', '=', id.endpoint)
    .where('key_digest', '=', id.keyDigest)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { fingerprint, status, media_type: mediaType, body, busy_until: busyUntil } = row
  const reply =
    status === null || mediaType === null || body === null ? undefined : { status, mediaType, body }
  return { fingerprint, reply, busyUntilMs: busyUntil.getTime() }
}

/** Only for the request that holds the row: one that was taken over meanwhile writes nothing. */
export async function setIdempotencyReply(
  tx: TenantTx,
  id: IdempotencyId,
  busyUntilMs: number,
  { status, mediaType, body }: StoredReply,
): Promise<void> {
  await query<Tables>(tx)
    .updateTable('gatehouse.idempotency')
    .set({ status, media_type: mediaType, body })
    .where('org_id', '=', tx.orgId)
    .where('subject', '=', id.subject)
    .where('endpoint', '=', id.endpoint)
    .where('key_digest', '=', id.keyDigest)
    .where('status', 'is', null)
    .where('busy_until', '=', new Date(busyUntilMs))
    .execute()
}

export async function deleteIdempotency(tx: TenantTx, id: IdempotencyId, busyUntilMs: number): Promise<void> {
  await query<Tables>(tx)
    .deleteFrom('gatehouse.idempotency')
    .where('org_id', '=', tx.orgId)
    .where('subject', '=', id.subject)
    .where('endpoint', '=', id.endpoint)
    .where('key_digest', '=', id.keyDigest)
    .where('status', 'is', null)
    .where('busy_until', '=', new Date(busyUntilMs))
    .execute()
}
