import { sql } from 'kysely'
import { query, type TelemetryTx, type TenantTx } from '../../db/index.ts'

type IdempotencyRow = {
  org_id: string
  subject: string
  endpoint: string
  key_digest: Buffer
  fingerprint: Buffer
  pepper_version: number
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

/** The fingerprint of a body, under one version of the pepper. */
export type Fingerprint = { readonly digest: Buffer; readonly pepperVersion: number }

export type IdempotencyRecord = {
  readonly fingerprint: Fingerprint
  readonly reply: StoredReply | undefined
  readonly busyUntilMs: number
}

/** The most by which the clocks of two nodes may differ; they follow the database's clock. */
const clockToleranceMs = 1_000

type Times = { readonly nowMs: number; readonly busyUntilMs: number; readonly expiresAtMs: number }

/** Returns true when this request is the first under its key, or replaces one that has expired or whose node died. */
export async function insertIdempotency(
  tx: TelemetryTx,
  { subject, endpoint, keyDigest }: IdempotencyId,
  { digest, pepperVersion }: Fingerprint,
  { nowMs, busyUntilMs, expiresAtMs }: Times,
): Promise<boolean> {
  const begun = {
    fingerprint: digest,
    pepper_version: pepperVersion,
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
              where('gatehouse.idempotency.fingerprint', '=', digest),
              where.or([
                where('gatehouse.idempotency.busy_until', '<=', new Date(nowMs)),
                // A claim from further in the future was made under a clock that has stepped back since.
                where('gatehouse.idempotency.busy_until', '>', new Date(busyUntilMs + clockToleranceMs)),
              ]),
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
    .select(['fingerprint', 'pepper_version', 'status', 'media_type', 'body', 'busy_until'])
    .where('org_id', '=', tx.orgId)
    .where('subject', '=', id.subject)
    .where('endpoint', '=', id.endpoint)
    .where('key_digest', '=', id.keyDigest)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const {
    fingerprint: digest,
    pepper_version: pepperVersion,
    status,
    media_type: mediaType,
    body,
    busy_until: busyUntil,
  } = row
  const reply =
    status === null || mediaType === null || body === null ? undefined : { status, mediaType, body }
  return { fingerprint: { digest, pepperVersion }, reply, busyUntilMs: busyUntil.getTime() }
}

/**
 * Stores the reply if this request still holds the row; returns false, with nothing written, when another one has taken
 * it over.
 */
export async function setIdempotencyReply(
  tx: TelemetryTx,
  id: IdempotencyId,
  busyUntilMs: number,
  { status, mediaType, body }: StoredReply,
): Promise<boolean> {
  const { numUpdatedRows } = await query<Tables>(tx)
    .updateTable('gatehouse.idempotency')
    .set({ status, media_type: mediaType, body })
    .where('org_id', '=', tx.orgId)
    .where('subject', '=', id.subject)
    .where('endpoint', '=', id.endpoint)
    .where('key_digest', '=', id.keyDigest)
    .where('status', 'is', null)
    .where('busy_until', '=', new Date(busyUntilMs))
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export async function deleteIdempotency(
  tx: TelemetryTx,
  id: IdempotencyId,
  busyUntilMs: number,
): Promise<void> {
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

/** Deletes stored replies that contain a text, for the erasure of the person whom they are about. */
export async function forgetAnswersAbout(tx: TelemetryTx, text: string): Promise<void> {
  await query<Tables>(tx)
    .deleteFrom('gatehouse.idempotency')
    .where('org_id', '=', tx.orgId)
    .where(sql<boolean>`position(${text} in body) > 0`)
    .execute()
}
