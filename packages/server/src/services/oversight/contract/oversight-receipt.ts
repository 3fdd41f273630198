import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { byId } from '../../../service/shapes.ts'
import { reviewActions } from '../domain/decision-life.ts'
import { envelope, time } from './blocks.ts'
import { route, tier } from './decision-blocks.ts'

const hex = z.string().regex(/^[0-9a-f]{64}$/)

const humanReview = z.strictObject({
  id: z.string(),
  reviewer_user_id: z.string().nullable(),
  reviewer_role: z.string().nullable(),
  reviewed_at: time.nullable(),
  decision_time_ms: z.number().nullable(),
  human_action: z.enum(reviewActions).nullable(),
  override_type: z.string().nullable(),
  ai_recommendation_aligned: z.boolean(),
  jis: z.number().nullable(),
  jis_dimensions: z.record(z.string(), z.number()).nullable(),
  jis_reason_codes: z.array(z.string()).nullable(),
  final_decision_returned_at: time.nullable(),
  log_chain_hmac: hex,
})

/** A self-contained document about one decision, for third parties (wire 7). */
export const oversightReceipt = z.strictObject({
  receipt_version: z.literal('1'),
  artifact: z.literal('cohesion_oversight_receipt'),
  issued_at: time,
  issuer: z.literal('gatehouse-oversight'),
  org_id: z.string(),
  decision: z.strictObject({
    id: z.string(),
    request_id: z.string(),
    event_seq: z.int(),
    event_type: z.string(),
    created_at: time,
    domain: z.string().nullable(),
    decision_category: z.string().nullable(),
    policy_version_id: z.string().nullable(),
    linked_human_review_id: z.string().nullable(),
    drs: z.strictObject({
      pre_ai: z.number().nullable(),
      post_ai: z.number().nullable(),
      final: z.number().nullable(),
      tier: tier.nullable(),
      subscores: z.array(z.strictObject({ name: z.string(), value: z.number(), weight: z.number() })),
      reason_codes: z.array(z.string()),
    }),
    routing: z.strictObject({
      decision: route.nullable(),
      forced_escalation_applied: z.boolean(),
      ai_output_released_at: time.nullable(),
    }),
  }),
  human_review: z.array(humanReview),
  chain_anchor: z.strictObject({
    log_chain_hmac: hex,
    hmac_version: z.literal(2),
    previous_event_id: z.string().nullable(),
    verified_at_issuance: z.literal(true),
  }),
  verification: z.strictObject({
    receipt_hmac: z.string(),
    chain_anchor: z.string(),
    review_chain: z.string(),
    verified_at_issuance: z.string(),
  }),
})

export type OversightReceipt = z.input<typeof oversightReceipt>
export type HumanReview = z.input<typeof humanReview>

export const getOversightReceipt = defineEndpoint({
  method: 'GET',
  path: '/v1/decisions/{id}/receipt',
  id: 'getOversightReceipt',
  summary: 'Read the receipt of a decision: a signed document that can be verified offline',
  tag: 'decisions',
  access: { kind: 'key', scope: 'decisions:read' },
  params: byId,
  reply: {
    status: 200,
    schema: z.strictObject({
      ...envelope,
      receipt: oversightReceipt,
      signature: z.strictObject({
        algorithm: z.literal('HMAC-SHA256'),
        canonicalization: z.literal('RFC8785'),
        key_id: z.string(),
        receipt_hmac: hex,
      }),
      proof: z.strictObject({
        algorithm: z.literal('Ed25519'),
        key_id: z.string(),
        receipt_hash: hex,
        signature: z.string(),
        link: z.strictObject({
          v: z.literal(1),
          seq: z.int(),
          org_id: z.string(),
          event_type: z.string(),
          ts: time,
          payload_hash: hex,
          prev_hash: hex,
          key_id: z.string(),
          entry_hash: hex,
          signature: z.string(),
        }),
      }),
    }),
  },
  problems: ['NOT_FOUND', 'RECEIPT_UNVERIFIABLE'],
})
