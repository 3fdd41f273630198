import { text, toFieldFaults } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { oversightPolicy } from '../policy.ts'
import { decision, domain, eventCount, operatorId, optional, requestId, sessionId, share } from './fields.ts'
import { attestation, behavioralAttestation, decisionTime } from './interaction-shape.ts'

const { tagsMax, nameMax } = oversightPolicy.decisions

export const decisionId = z.string().regex(/^dec_[0-9A-HJKMNP-TV-Z]{26}$/, 'must be the id of a decision')

/** Name of a reviewer pool in the decision policy. */
export const pool = text(1, nameMax)

const members = {
  stakes: optional(share),
  model_confidence: optional(share),
  session_id: optional(sessionId),
  request_id: optional(requestId),
  reviewer_pool: optional(pool),
  tags: optional(z.array(text(1, nameMax)).max(tagsMax, `must hold at most ${tagsMax} tags`)),
}

const gateMembers = {
  model: z.object({ provider: text(1, nameMax), name: optional(text(1, 128)) }),
  domain: optional(domain),
  operator_id: optional(operatorId),
  decision_category: optional(text(1, nameMax)),
  resume_of: optional(decisionId),
  /** The model's output; only its hash is stored. */
  ai_output: optional(z.record(z.string(), z.unknown())),
  ...members,
}

/**
 * A gate request, before or after the AI call, with no human decision yet. Only a hash of members that are not listed
 * here is stored.
 */
export const gateBody = z.looseObject({
  ...gateMembers,
  model: z.looseObject(gateMembers.model.shape),
})

/** The same without unlisted members. */
const namedGateBody = z.object(gateMembers)

export type GateBody = z.output<typeof namedGateBody>

/** A human decision about an AI's advice. */
export const flatBody = z.strictObject({
  operator_id: operatorId,
  domain,
  decision,
  modification_extent: share,
  time_to_decision_ms: optional(decisionTime),
  hover_events: optional(eventCount),
  scroll_depth: optional(share),
  alternative_views_checked: optional(eventCount),
  behavioral_attestation: optional(behavioralAttestation),
  attestation: optional(attestation),
  ...members,
})

export type FlatBody = z.output<typeof flatBody>

type Sent = {
  readonly sent: Readonly<Record<string, unknown>>
  /** Copied out of the body, because the pipeline reads it from here. */
  readonly request_id: string | null
}

export type DecisionBody = Sent &
  ({ readonly kind: 'gate'; readonly body: GateBody } | { readonly kind: 'flat'; readonly body: FlatBody })

/**
 * Parsed as a gate request if there is a `model` object, otherwise as a flat one. `sent` is the whole body; it is
 * hashed and then dropped.
 */
export const decisionBody = z.record(z.string(), z.unknown()).transform((sent, context): DecisionBody => {
  const isGate = typeof sent['model'] === 'object' && sent['model'] !== null && !Array.isArray(sent['model'])
  if (isGate) {
    const parsed = namedGateBody.safeParse(sent)
    if (parsed.success) return { kind: 'gate', body: parsed.data, sent, request_id: parsed.data.request_id }
    return refuse(parsed.error, context)
  }
  const parsed = flatBody.safeParse(sent)
  if (parsed.success) return { kind: 'flat', body: parsed.data, sent, request_id: parsed.data.request_id }
  return refuse(parsed.error, context)
})

function refuse(error: z.ZodError, context: z.RefinementCtx): never {
  for (const { field, message } of toFieldFaults(error, ''))
    context.addIssue({ code: 'custom', path: field === '' ? [] : [field], message })
  return z.NEVER
}
