import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TelemetryTx, type TenantTx } from '@gatehouse/kernel/db'
import type { IssuedNonce, TelemetryEvent } from '../domain/anchor.ts'
import type { OversightTables } from './tables.ts'

export type NewNonce = Omit<IssuedNonce, 'usedBy'> & {
  readonly nonceHash: string
  readonly kind: 'telemetry' | 'attestation'
}

export async function insertNonce(tx: TelemetryTx, nonce: NewNonce): Promise<void> {
  await query<OversightTables>(tx)
    .insertInto('oversight.telemetry_session')
    .values({
      org_id: tx.orgId,
      nonce_hash: nonce.nonceHash,
      kind: nonce.kind,
      operator_id: nonce.operatorId,
      session_id: nonce.sessionId,
      issued_at: new Date(nonce.issuedAtMs),
      expires_at: new Date(nonce.expiresAtMs),
      used_by: null,
    })
    .execute()
}

export async function findNonce(tx: TenantTx, nonceHash: string): Promise<IssuedNonce | undefined> {
  const row = await nonces(tx, nonceHash).executeTakeFirst()
  return row && toNonce(row)
}

/** Locks the nonce until the transaction ends, so that two decisions cannot both use it. */
export async function lockNonce(tx: AuditedTx, nonceHash: string): Promise<IssuedNonce | undefined> {
  const row = await nonces(tx, nonceHash).forUpdate().executeTakeFirst()
  return row && toNonce(row)
}

/** Takes a shared lock, which waits for a transaction that is using the nonce. */
export async function shareNonce(tx: TelemetryTx, nonceHash: string): Promise<IssuedNonce | undefined> {
  const row = await nonces(tx, nonceHash).forShare().executeTakeFirst()
  return row && toNonce(row)
}

export async function setNonceUsed(tx: AuditedTx, nonceHash: string, usedBy: string): Promise<void> {
  await query<OversightTables>(tx)
    .updateTable('oversight.telemetry_session')
    .set({ used_by: usedBy })
    .where('org_id', '=', tx.orgId)
    .where('nonce_hash', '=', nonceHash)
    .execute()
}

/** Inserts an event unless its sequence number is taken; returns the stored one. */
export async function insertTelemetryEvent(
  tx: TelemetryTx,
  nonceHash: string,
  event: TelemetryEvent,
): Promise<TelemetryEvent> {
  await query<OversightTables>(tx)
    .insertInto('oversight.telemetry_event')
    .values({
      org_id: tx.orgId,
      nonce_hash: nonceHash,
      event_seq: event.seq,
      event_type: event.type,
      value: event.value,
      received_at: new Date(event.receivedAtMs),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const row = await events(tx, nonceHash).where('event_seq', '=', event.seq).executeTakeFirstOrThrow()
  return toEvent(row)
}

export async function listTelemetryEvents(
  tx: TenantTx,
  nonceHash: string,
): Promise<readonly TelemetryEvent[]> {
  const rows = await events(tx, nonceHash).orderBy('event_seq').execute()
  return rows.map(toEvent)
}

/** The event that ended the session, if it was received. */
export async function findDecided(tx: TenantTx, nonceHash: string): Promise<TelemetryEvent | undefined> {
  const row = await events(tx, nonceHash)
    .where('event_type', '=', 'decision_committed')
    .orderBy('event_seq')
    .executeTakeFirst()
  return row && toEvent(row)
}

function nonces(tx: TenantTx, nonceHash: string) {
  return query<OversightTables>(tx)
    .selectFrom('oversight.telemetry_session')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('nonce_hash', '=', nonceHash)
}

function events(tx: TenantTx, nonceHash: string) {
  return query<OversightTables>(tx)
    .selectFrom('oversight.telemetry_event')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('nonce_hash', '=', nonceHash)
}

function toNonce(row: OversightTables['oversight.telemetry_session']): IssuedNonce {
  return {
    operatorId: row.operator_id,
    sessionId: row.session_id,
    issuedAtMs: row.issued_at.getTime(),
    expiresAtMs: row.expires_at.getTime(),
    usedBy: row.used_by,
  }
}

function toEvent(row: OversightTables['oversight.telemetry_event']): TelemetryEvent {
  return {
    seq: row.event_seq,
    type: row.event_type,
    value: row.value,
    receivedAtMs: row.received_at.getTime(),
  }
}
