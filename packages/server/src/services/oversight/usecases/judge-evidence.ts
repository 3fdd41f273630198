import { type AuditedTx, type Decision, sha256Hex } from '@gatehouse/kernel/audit'
import type { Attestation, BehavioralAttestation } from '../contract/interaction-shape.ts'
import type { OversightDeps } from '../deps.ts'
import { type EvidenceFault, judgeTelemetry, replaceClaims } from '../domain/anchor.ts'
import type { Domain, Interaction } from '../domain/interaction.ts'
import { evidenceGrades } from '../domain/side-counters.ts'
import { oversightPolicy } from '../policy.ts'
import {
  deleteAttestProof,
  findAttestProof,
  lockAuthenticator,
  setAuthenticatorUsed,
} from '../store/authenticator-store.ts'
import { findSettings } from '../store/rule-store.ts'
import type { EnrolledBy, StoredEvidence } from '../store/tables.ts'
import { listTelemetryEvents, lockNonce, setNonceUsed } from '../store/telemetry-store.ts'
import { type Challenge, toChallenge } from './canonical-decision.ts'
import { readOrgSecret } from './org-secret.ts'
import { listRpIds } from './relying-party.ts'
import { isAnchorSigned } from './telemetry-signature.ts'
import { verifyPasskey } from './verify-passkey.ts'

/** The evidence that was sent with a decision. */
export type ClaimedEvidence = {
  readonly behavioral: BehavioralAttestation | null
  readonly attestation: Attestation | null
}

export const noEvidence: ClaimedEvidence = { behavioral: null, attestation: null }

/** The operator and session that evidence must belong to, and the id that uses it up. */
export type EvidenceAbout = {
  readonly operatorId: string
  readonly sessionId: string
  readonly domain: Domain
  /** For example `int_…` or `dec_…`. */
  readonly usedBy: string
}

export type JudgedEvidence = {
  /** The inputs, with observed values in place of claimed ones. */
  readonly inputs: Interaction
  readonly evidence: StoredEvidence
  /** Chain entries for evidence that was refused. */
  readonly refusals: readonly Decision[]
}

export const asserted: StoredEvidence = {
  grade: 'asserted',
  reason: null,
  timeSource: 'client',
  discrepancies: [],
  attestation: null,
}

/**
 * Determines the highest grade that a decision's evidence supports, and uses the evidence up. Invalid evidence never
 * fails the decision: the grade stays lower, and the chain records why (specification 9.4).
 */
export async function judgeEvidence(
  deps: OversightDeps,
  tx: AuditedTx,
  about: EvidenceAbout,
  claimed: ClaimedEvidence,
  inputs: Interaction,
  nowMs: number,
): Promise<JudgedEvidence> {
  if (claimed.behavioral === null && claimed.attestation === null)
    return { inputs, evidence: asserted, refusals: [] }
  const anchoring =
    claimed.behavioral === null ? null : await judgeAnchor(deps, tx, about, claimed.behavioral, inputs, nowMs)
  const attesting =
    claimed.attestation === null
      ? null
      : await judgeProof(deps, tx, about, claimed.attestation, inputs, nowMs)
  const anchored = anchoring?.anchored
  const attested = attesting?.attested
  // Marked as used only here, because one nonce may serve both kinds of evidence.
  for (const nonceHash of new Set([anchoring?.usedNonce ?? [], attesting?.usedNonce ?? []].flat()))
    await setNonceUsed(tx, nonceHash, about.usedBy)
  const faults = [
    { kind: 'telemetry', fault: anchoring?.fault },
    { kind: 'attestation', fault: attesting?.fault },
  ].flatMap(({ kind, fault }) => (fault === undefined ? [] : [{ kind, fault }]))
  return {
    inputs: anchored?.inputs ?? inputs,
    evidence: {
      grade: attested !== undefined ? 'attested' : anchored !== undefined ? 'anchored' : 'asserted',
      reason: faults.at(-1)?.fault ?? null,
      timeSource: anchored?.timeSource ?? 'client',
      discrepancies: anchored?.discrepancies ?? [],
      attestation: attested ?? null,
      ...(anchored === undefined ? {} : { isAnchored: true }),
    },
    refusals: faults.map(({ kind, fault }) => toRefusal(about, kind, fault, nowMs)),
  }
}

/**
 * The evidence of a commit: its own, or that of the score if the commit states the same decision. Observed values
 * then still replace claimed ones; for a changed decision only the commit's own evidence counts.
 */
export function keepEvidence(
  before: { readonly inputs: Interaction; readonly evidence: StoredEvidence },
  inputs: Interaction,
  timeSource: StoredEvidence['timeSource'],
  own: JudgedEvidence,
): Pick<JudgedEvidence, 'inputs' | 'evidence'> {
  const isSame =
    before.inputs.decision === inputs.decision &&
    before.inputs.modificationExtent === inputs.modificationExtent
  const rank = (grade: StoredEvidence['grade']): number => evidenceGrades.indexOf(grade)
  const [held, shown] = [rank(before.evidence.grade), rank(own.evidence.grade)]
  if (!isSame || shown > held || (shown === held && shown > 0))
    return own.evidence.isAnchored === true ? own : { ...own, evidence: { ...own.evidence, timeSource } }
  const { evidence, inputs: seen } = before
  const reason = own.evidence.reason ?? evidence.reason
  if (evidence.isAnchored !== true) return { inputs, evidence: { ...evidence, reason, timeSource } }
  const kept = replaceClaims(inputs, {
    hoverEvents: seen.hoverEvents ?? 0,
    scrollDepth: seen.scrollDepth ?? 0,
    alternativeViewsChecked: seen.alternativeViewsChecked ?? 0,
    elapsedMs: seen.timeToDecisionMs,
  })
  const discrepancies = [...new Set([...evidence.discrepancies, ...kept.discrepancies])]
  return { inputs: kept.inputs, evidence: { ...evidence, reason, discrepancies } }
}

type Judged<T> = T & { readonly usedNonce?: string; readonly fault?: EvidenceFault }

async function judgeAnchor(
  deps: OversightDeps,
  tx: AuditedTx,
  { operatorId, sessionId }: EvidenceAbout,
  claimed: BehavioralAttestation,
  inputs: Interaction,
  nowMs: number,
): Promise<Judged<{ readonly anchored?: ReturnType<typeof replaceClaims> }>> {
  const nonceHash = sha256Hex(claimed.nonce)
  const nonce = await lockNonce(tx, nonceHash)
  // The signature covers the operator and the session for which it was issued.
  const anchor = {
    orgId: tx.orgId,
    operatorId: nonce?.operatorId ?? operatorId,
    sessionId: nonce?.sessionId ?? sessionId,
    nonce: claimed.nonce,
    issuedAtMs: claimed.issued_at_ms,
    expiresAtMs: claimed.expires_at_ms,
  }
  const key = await readOrgSecret(deps, tx, 'telemetry')
  const verdict = judgeTelemetry(
    nonce,
    isAnchorSigned(key, anchor, claimed.nonce_signature),
    await listTelemetryEvents(tx, nonceHash),
    { operatorId, sessionId },
    { nowMs, scoredWithinMs: oversightPolicy.telemetry.scoredWithinHours * 3_600_000 },
  )
  return verdict.anchored
    ? { anchored: replaceClaims(inputs, verdict.sighting), usedNonce: nonceHash }
    : { fault: verdict.fault }
}

async function judgeProof(
  deps: OversightDeps,
  tx: AuditedTx,
  about: EvidenceAbout,
  claimed: Attestation,
  inputs: Interaction,
  nowMs: number,
): Promise<Judged<{ readonly attested?: NonNullable<StoredEvidence['attestation']> }>> {
  const { operatorId, sessionId, domain } = about
  const nonceHash = sha256Hex(claimed.nonce)
  const nonce = await lockNonce(tx, nonceHash)
  if (nonce === undefined) return { fault: 'expired' }
  if (nonce.operatorId !== operatorId || nonce.sessionId !== sessionId) return { fault: 'mismatch' }
  if (nonce.usedBy !== null) return { fault: 'used' }
  const challenge = toChallenge({
    v: 1,
    org_id: tx.orgId,
    operator_id: operatorId,
    session_id: sessionId,
    domain,
    decision: inputs.decision,
    modification_permille: inputs.modificationExtent,
    subject_hash: claimed.subject_hash,
    nonce: claimed.nonce,
  })
  const proven =
    claimed.method === 'passkey'
      ? nowMs > nonce.expiresAtMs
        ? 'expired'
        : await provePasskey(deps, tx, operatorId, claimed, challenge, nowMs)
      : await proveSession(tx, operatorId, sha256Hex(claimed.proof), nonceHash, challenge, nowMs)
  if (typeof proven === 'string') return { fault: proven }
  return {
    attested: {
      method: claimed.method,
      canonicalHash: challenge.canonicalHash,
      enrolledBy: proven.enrolledBy,
    },
    usedNonce: nonceHash,
  }
}

type Proven = { readonly enrolledBy: EnrolledBy } | EvidenceFault

async function provePasskey(
  deps: OversightDeps,
  tx: AuditedTx,
  operatorId: string,
  claimed: Extract<Attestation, { readonly method: 'passkey' }>,
  { challenge }: Challenge,
  nowMs: number,
): Promise<Proven> {
  const authenticator = await lockAuthenticator(tx, operatorId, claimed.credential_id)
  if (authenticator === undefined) return 'proof_invalid'
  const { settings } = await findSettings(tx)
  if (!listRpIds(deps, settings).includes(authenticator.rpId)) return 'proof_invalid'
  const signCount = await verifyPasskey(authenticator, claimed, challenge)
  if (signCount === undefined) return 'proof_invalid'
  await setAuthenticatorUsed(tx, authenticator.credentialId, signCount, nowMs)
  return { enrolledBy: authenticator.enrolledBy }
}

async function proveSession(
  tx: AuditedTx,
  operatorId: string,
  proofHash: string,
  nonceHash: string,
  { canonicalHash }: Challenge,
  nowMs: number,
): Promise<Proven> {
  const proof = await findAttestProof(tx, proofHash)
  if (proof === undefined) return 'proof_invalid'
  if (nowMs > proof.expiresAtMs) return 'expired'
  const fits =
    proof.operatorId === operatorId && proof.nonceHash === nonceHash && proof.canonicalHash === canonicalHash
  if (!fits) return 'proof_invalid'
  await deleteAttestProof(tx, proofHash)
  return { enrolledBy: proof.enrolledBy }
}

function toRefusal(
  { usedBy, operatorId, sessionId }: EvidenceAbout,
  kind: string,
  fault: EvidenceFault,
  nowMs: number,
): Decision {
  return {
    action: 'EVIDENCE_REFUSED',
    resourceType: usedBy.startsWith('dec_') ? 'decision' : 'interaction',
    resourceId: usedBy,
    outcome: 'refused',
    reason: fault,
    detail: { operator_id: operatorId, session_id: sessionId, kind },
    at: nowMs,
  }
}
