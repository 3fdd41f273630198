import { createHmac, sign } from 'node:crypto'
import {
  entryHash,
  genesisHash,
  isEntrySignature,
  listEntriesAt,
  sha256Hex,
  type SignedLink,
  type SigningKey,
  toCanonicalJson,
} from '@gatehouse/kernel/audit'
import { type TenantTx, within } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import type { HumanReview, OversightReceipt } from '../contract/oversight-receipt.ts'
import type { OversightDeps } from '../deps.ts'
import { lifeAt } from '../domain/decision-life.ts'
import { dimensionNames } from '../domain/parameters.ts'
import { roundTo } from '../domain/rounding.ts'
import { problems } from '../problems.ts'
import {
  listGateScores,
  listReviews,
  type StoredDecision,
  type StoredReview,
} from '../store/decision-store.ts'
import { listLedgerEvents } from '../store/interaction-store.ts'
import { findReceiptAt, findReceipts } from '../store/receipt-store.ts'
import { findSettings } from '../store/rule-store.ts'
import { requireDecision } from './read-decisions.ts'
import { replyStart } from './reply-start.ts'
import { toDecisionId, toPolicyId, toReviewId } from './to-decision-reply.ts'

/** A signed document about one decision: an HMAC for this server, and a publicly verifiable signature (wire 7). */
export async function getOversightReceipt(
  deps: OversightDeps,
  principal: Principal,
  decisionId: string,
  context: RequestContext,
) {
  return within(deps, principal, async (tx) => {
    const stored = await requireDecision(tx, decisionId)
    const reviews = await listReviews(tx, stored.id)
    const links = await readProvenLinks(deps, tx, stored, reviews)
    const key = deps.deriveKey(`gatehouse.receipt-hmac.v1:${tx.orgId}`)
    if (key === undefined) throw new Error('The server has no secret to derive from')
    const decisionLink = linkOf(links, stored.receiptId)
    const receipt = await writeReceipt(deps, tx, stored, reviews, {
      link: decisionLink,
      hmacOf: (receiptId) => anchorHmac(key.key, linkOf(links, receiptId).entry_hash),
    })
    return {
      ...replyStart(deps, context),
      receipt,
      ...signReceipt(receipt, { id: `rh-${key.version}`, key: key.key }, deps.signingKey, decisionLink),
    }
  })
}

/** Both signatures cover the same canonical bytes. */
export function signReceipt(
  receipt: object,
  hmac: { readonly id: string; readonly key: Buffer },
  signingKey: SigningKey,
  link: SignedLink,
) {
  const canonical = toCanonicalJson(receipt)
  const hash = sha256Hex(canonical)
  const signed = Buffer.from(`gatehouse.oversight-receipt.v1:${hash}`, 'ascii')
  return {
    signature: {
      algorithm: 'HMAC-SHA256' as const,
      canonicalization: 'RFC8785' as const,
      key_id: hmac.id,
      receipt_hmac: createHmac('sha256', hmac.key).update(canonical, 'utf8').digest('hex'),
    },
    proof: {
      algorithm: 'Ed25519' as const,
      key_id: signingKey.id,
      receipt_hash: hash,
      signature: sign(null, signed, signingKey.privateKey).toString('base64url'),
      link,
    },
  }
}

/** The HMAC with which this server recognises an entry of its chain. */
export function anchorHmac(key: Buffer, hash: string): string {
  return createHmac('sha256', key).update(`gatehouse.anchor.v2:${hash}`, 'ascii').digest('hex')
}

/** The chain links of the decision and its reviews, each verified again; an invalid one makes a receipt impossible. */
async function readProvenLinks(
  { signingPublicKeys }: OversightDeps,
  tx: TenantTx,
  stored: StoredDecision,
  reviews: readonly StoredReview[],
): Promise<ReadonlyMap<string, SignedLink>> {
  const subjects = new Map([
    [stored.receiptId, stored.id],
    ...reviews.map(({ receiptId }) => [receiptId, stored.id] as const),
  ])
  const places = await findReceipts(tx, [...subjects.keys()])
  const seqs = [...places.values()].flatMap(({ seq }) => [seq, seq - 1]).filter((seq) => seq > 0)
  const rows = new Map((await listEntriesAt(tx, [...new Set(seqs)])).map((row) => [Number(row.seq), row]))
  const links = new Map<string, SignedLink>()
  for (const [receiptId, decisionId] of subjects) {
    const seq = places.get(receiptId)?.seq ?? 0
    const row = rows.get(seq)
    if (row === undefined) throw unverifiable('an entry of the chain is not there')
    const { event_type, payload, payload_hash, prev_hash, key_id, entry_hash, signature } = row
    const link = {
      v: 1 as const,
      seq,
      org_id: tx.orgId,
      event_type,
      ts: row.ts.toISOString(),
      payload_hash,
      prev_hash,
      key_id,
    }
    if (entryHash(link) !== entry_hash) throw unverifiable('the hash of a link does not hold')
    const publicKey = signingPublicKeys.get(key_id)
    if (publicKey === undefined || !isEntrySignature(publicKey, entry_hash, signature))
      throw unverifiable('the signature of a link does not hold')
    const before = seq === 1 ? genesisHash : rows.get(seq - 1)?.entry_hash
    if (before !== prev_hash) throw unverifiable('a link does not follow the one before it')
    // Bodies of entries are deleted after their retention; while one is present, it must be about this decision.
    const isOwn = row.resource_id === null || row.resource_id === toDecisionId(decisionId)
    if (!isOwn || (payload !== null && sha256Hex(payload) !== payload_hash))
      throw unverifiable('the body of an entry does not hold')
    links.set(receiptId, { ...link, entry_hash, signature })
  }
  return links
}

function unverifiable(why: string): Error {
  return problems.RECEIPT_UNVERIFIABLE({ detail: `No receipt is issued: ${why}` })
}

function linkOf(links: ReadonlyMap<string, SignedLink>, receiptId: string): SignedLink {
  const link = links.get(receiptId)
  if (link === undefined) throw new Error(`The receipt ${receiptId} has no link`)
  return link
}

type Anchored = {
  readonly link: SignedLink
  readonly hmacOf: (receiptId: string) => string
}

async function writeReceipt(
  { clock }: OversightDeps,
  tx: TenantTx,
  stored: StoredDecision,
  reviews: readonly StoredReview[],
  { link, hmacOf }: Anchored,
): Promise<OversightReceipt> {
  const nowMs = clock.now()
  const life = lifeAt(stored, nowMs)
  const { evaluation, request } = stored
  const passes = await listGateScores(tx, stored.gateId)
  const before = link.seq === 1 ? undefined : await findReceiptAt(tx, link.seq - 1)
  const linked = life.resolution?.by === 'reviewer' ? reviews.findLast(isEnding) : undefined
  return {
    receipt_version: '1',
    artifact: 'cohesion_oversight_receipt',
    issued_at: new Date(nowMs).toISOString(),
    issuer: 'gatehouse-oversight',
    org_id: tx.orgId,
    decision: {
      id: toDecisionId(stored.id),
      request_id: stored.requestId,
      event_seq: link.seq,
      event_type: link.event_type,
      created_at: new Date(stored.receivedAtMs).toISOString(),
      domain: request.domain,
      decision_category: request.category,
      policy_version_id: toPolicyId(stored.policyVersion),
      linked_human_review_id: linked === undefined ? null : toReviewId(linked.id),
      drs: {
        pre_ai: passes.get('pre_ai') ?? null,
        post_ai: passes.get('post_ai') ?? null,
        final: evaluation.score,
        tier: life.tier,
        subscores: evaluation.factors.map(({ name, value, weight }) => ({
          name,
          value: roundTo(value, 4),
          weight,
        })),
        reason_codes: [...evaluation.reasonCodes],
      },
      routing: {
        decision: life.route,
        forced_escalation_applied: evaluation.forcing.length > 0,
        ai_output_released_at: toReleasedAt(life),
      },
    },
    human_review: await writeReviews(tx, reviews, hmacOf),
    chain_anchor: {
      log_chain_hmac: hmacOf(stored.receiptId),
      hmac_version: 2,
      previous_event_id: before ?? null,
      verified_at_issuance: true,
    },
    verification,
  }
}

/** Instructions for verifying each part with the document alone. */
const verification = {
  receipt_hmac:
    'HMAC-SHA-256 over the RFC 8785 form of receipt, under a key that only the issuing server has. To convince anybody else, ' +
    'check proof.signature: Ed25519 over the text gatehouse.oversight-receipt.v1: and proof.receipt_hash, by the public key ' +
    'proof.key_id of /.well-known/gatehouse-keys.json.',
  chain_anchor:
    'HMAC-SHA-256 over the text gatehouse.anchor.v2: and the entry hash of the decision. Without the key: proof.link without ' +
    'entry_hash and signature, as RFC 8785 and SHA-256, gives entry_hash; signature is Ed25519 over gatehouse.receipt.v1: and it.',
  review_chain:
    'Each human_review has the anchor of its own entry in the same chain; its order is that of the chain.',
  verified_at_issuance:
    'Link, signature and predecessor of every entry named here were computed anew when this was issued; it is not issued otherwise.',
}

async function writeReviews(
  tx: TenantTx,
  reviews: readonly StoredReview[],
  hmacOf: Anchored['hmacOf'],
): Promise<HumanReview[]> {
  const { settings } = await findSettings(tx)
  // A person's score is included only if the organisation allows it.
  const interactionIds = settings.alertsNameOperators
    ? reviews.flatMap(({ interactionId }) => interactionId ?? [])
    : []
  const events = await listLedgerEvents(tx, interactionIds)
  return reviews.map((review): HumanReview => {
    const shown = events.find(
      ({ kind, interactionId }) => kind === 'score' && interactionId === review.interactionId,
    )?.shown
    const at = new Date(review.atMs).toISOString()
    return {
      id: toReviewId(review.id),
      reviewer_user_id: review.reviewerId,
      reviewer_role: review.reviewerRole,
      reviewed_at: at,
      decision_time_ms: review.decisionTimeMs,
      human_action: review.action,
      override_type: review.action === 'override' ? review.reasonCode : null,
      ai_recommendation_aligned: review.action === 'approve',
      jis: shown?.jis ?? null,
      jis_dimensions:
        shown?.jis == null
          ? null
          : Object.fromEntries(
              dimensionNames.flatMap((name, place) => {
                const value = shown.dimensions[place] ?? null
                return value === null ? [] : [[name, value]]
              }),
            ),
      jis_reason_codes: null,
      final_decision_returned_at: isEnding(review) ? at : null,
      log_chain_hmac: hmacOf(review.receiptId),
    }
  })
}

function isEnding({ action }: StoredReview): boolean {
  return action === 'approve' || action === 'modify' || action === 'reject' || action === 'override'
}

/** When the AI's output was released: immediately, or by a resolution. */
function toReleasedAt({ state, receivedAtMs, resolution }: StoredDecision): string | null {
  if (state === 'released') return new Date(receivedAtMs).toISOString()
  return resolution?.finalRoute === 'auto' ? new Date(resolution.atMs).toISOString() : null
}
