import { sha256Hex } from '@gatehouse/kernel/audit'
import { recordTelemetry, type TelemetryTx } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import type { ObservedCallBody, OpenTelemetryBody, TelemetryEventBody } from '../contract/telemetry.ts'
import type { OversightDeps } from '../deps.ts'
import type { TelemetryEvent } from '../domain/anchor.ts'
import { permille } from '../domain/rounding.ts'
import { oversightPolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import { insertObservedCall } from '../store/observed-store.ts'
import { findDecided, insertNonce, insertTelemetryEvent, shareNonce } from '../store/telemetry-store.ts'
import { readOrgSecret } from './org-secret.ts'
import { replyStart } from './reply-start.ts'
import { type Anchor, isAnchorSigned, signAnchor } from './telemetry-signature.ts'

const nonceBytes = 32

/** Opens a telemetry session for one operator; its nonce is valid for 15 minutes and one decision (wire 6.1). */
export async function openTelemetry(
  deps: OversightDeps,
  principal: Principal,
  { operator_id: operatorId, session_id: sessionId }: OpenTelemetryBody,
  context: RequestContext,
) {
  const issuedAtMs = deps.clock.now()
  const { ttlSeconds } = oversightPolicy.telemetry
  const nonce = deps.randomBytes(nonceBytes).toString('base64url')
  const anchor: Anchor = {
    orgId: principal.orgId,
    operatorId,
    sessionId,
    nonce,
    issuedAtMs,
    expiresAtMs: issuedAtMs + ttlSeconds * 1_000,
  }
  const signature = await recordTelemetry(deps, principal, async (tx) => {
    const key = await readOrgSecret(deps, tx, 'telemetry')
    await insertNonce(tx, { ...anchor, nonceHash: sha256Hex(nonce), kind: 'telemetry' })
    return signAnchor(key, anchor)
  })
  return {
    nonce,
    nonce_signature: signature,
    issued_at_ms: issuedAtMs,
    expires_at_ms: anchor.expiresAtMs,
    ttl_seconds: ttlSeconds,
    ...replyStart(deps, context),
  }
}

type Refusal = 'expired' | 'closed' | 'used' | 'seq_conflict'

/** Stores one event of a session. An identical repeat is accepted. */
export async function recordTelemetryEvent(
  deps: OversightDeps,
  principal: Principal,
  body: TelemetryEventBody,
  context: RequestContext,
) {
  const nowMs = deps.clock.now()
  const reason = await recordTelemetry(deps, principal, async (tx) => {
    await assertSigned(deps, tx, body)
    return keepEvent(tx, body, nowMs)
  })
  return { ...replyStart(deps, context), accepted: reason === null, reason }
}

async function assertSigned(deps: OversightDeps, tx: TelemetryTx, body: TelemetryEventBody): Promise<void> {
  const key = await readOrgSecret(deps, tx, 'telemetry')
  const anchor: Anchor = {
    orgId: tx.orgId,
    operatorId: body.operator_id,
    sessionId: body.session_id,
    nonce: body.nonce,
    issuedAtMs: body.issued_at_ms,
    expiresAtMs: body.expires_at_ms,
  }
  if (isAnchorSigned(key, anchor, body.nonce_signature)) return
  throw problems.TELEMETRY_SIGNATURE_INVALID({
    fields: [
      {
        field: 'nonce_signature',
        message: 'must be that of the session opened for this operator_id and session_id',
      },
    ],
  })
}

async function keepEvent(tx: TelemetryTx, body: TelemetryEventBody, nowMs: number): Promise<Refusal | null> {
  const nonceHash = sha256Hex(body.nonce)
  const nonce = await shareNonce(tx, nonceHash)
  if (nonce === undefined || nowMs > nonce.expiresAtMs) return 'expired'
  if (nonce.usedBy !== null) return 'used'
  const event: TelemetryEvent = {
    seq: body.event_seq,
    type: body.event_type,
    value: body.event_type === 'scroll' ? permille(body.value ?? 0) : body.value,
    receivedAtMs: nowMs,
  }
  const decided = await findDecided(tx, nonceHash)
  // Events that were in transit when the person decided are still accepted.
  const isAfter =
    decided !== undefined &&
    (event.seq > decided.seq || (event.type === decided.type && event.seq !== decided.seq))
  if (isAfter) return 'closed'
  const kept = await insertTelemetryEvent(tx, nonceHash, event)
  return kept.type === event.type && kept.value === event.value ? null : 'seq_conflict'
}

/** Counts an AI call by its request id, once; it names no person (wire 6.3). */
export async function observeCall(
  deps: OversightDeps,
  principal: Principal,
  body: ObservedCallBody,
  context: RequestContext,
) {
  const isNew = await recordTelemetry(deps, principal, (tx) =>
    insertObservedCall(tx, {
      requestId: body.request_id,
      receivedAtMs: deps.clock.now(),
      source: body.source ?? '',
      provider: body.provider ?? '',
      model: body.model ?? '',
    }),
  )
  return { ...replyStart(deps, context), accepted: true as const, duplicate: !isNew }
}
