import { sha256Hex } from '@gatehouse/kernel/audit'
import { recordTelemetry, type TelemetryTx } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import type { ChallengeBody } from '../contract/attest.ts'
import type { OversightDeps } from '../deps.ts'
import { permille } from '../domain/rounding.ts'
import { oversightPolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import { listAuthenticators } from '../store/authenticator-store.ts'
import { findSettings } from '../store/rule-store.ts'
import { findNonce, insertNonce } from '../store/telemetry-store.ts'
import { toChallenge } from './canonical-decision.ts'
import { listRpIds } from './relying-party.ts'
import { replyStart } from './reply-start.ts'

const nonceBytes = 32

/** Returns the bytes that the operator signs for one decision, with a nonce of this server (wire 6.4). */
export async function challengeDecision(
  deps: OversightDeps,
  principal: Principal,
  body: ChallengeBody,
  context: RequestContext,
) {
  return recordTelemetry(deps, principal, async (tx) => {
    const { nonce, expiresAtMs } = await toNonce(deps, tx, body)
    const challenge = toChallenge({
      v: 1,
      org_id: tx.orgId,
      operator_id: body.operator_id,
      session_id: body.session_id,
      domain: body.domain,
      decision: body.decision,
      modification_permille: permille(body.modification_extent),
      subject_hash: body.subject_hash,
      nonce,
    })
    const { settings } = await findSettings(tx)
    const rpIds = listRpIds(deps, settings)
    const authenticators = await listAuthenticators(tx, body.operator_id)
    return {
      ...replyStart(deps, context),
      canonical: challenge.canonical,
      canonical_hash: challenge.canonicalHash,
      challenge: challenge.challenge,
      nonce,
      expires_at_ms: expiresAtMs,
      allow_credentials: authenticators
        .filter(({ rpId }) => rpIds.includes(rpId))
        .map(({ credentialId, transports, rpId }) => ({
          type: 'public-key' as const,
          id: credentialId,
          transports: [...transports],
          rp_id: rpId,
        })),
    }
  })
}

/** The given nonce if this decision may still use it; otherwise a new one. */
async function toNonce(
  deps: OversightDeps,
  tx: TelemetryTx,
  { nonce: sent, operator_id: operatorId, session_id: sessionId }: ChallengeBody,
): Promise<{ readonly nonce: string; readonly expiresAtMs: number }> {
  const nowMs = deps.clock.now()
  if (sent !== null) {
    const found = await findNonce(tx, sha256Hex(sent))
    const isOpen =
      found !== undefined &&
      found.operatorId === operatorId &&
      found.sessionId === sessionId &&
      found.usedBy === null &&
      nowMs <= found.expiresAtMs
    if (isOpen) return { nonce: sent, expiresAtMs: found.expiresAtMs }
    const message = 'must be an unused nonce of this operator_id and session_id that has not expired'
    throw problems.VALIDATION_FAILED({ fields: [{ field: 'nonce', message }] })
  }
  const nonce = deps.randomBytes(nonceBytes).toString('base64url')
  const expiresAtMs = nowMs + oversightPolicy.attestation.nonceSeconds * 1_000
  const issued = { operatorId, sessionId, issuedAtMs: nowMs, expiresAtMs }
  await insertNonce(tx, { ...issued, nonceHash: sha256Hex(nonce), kind: 'attestation' })
  return { nonce, expiresAtMs }
}
