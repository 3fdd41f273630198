import { sha256Hex, toCanonicalJson } from '@gatehouse/kernel/audit'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { DecisionBody } from '../contract/decision-bodies.ts'
import type { DecisionRequest } from '../domain/evaluate-decision.ts'
import { permille } from '../domain/rounding.ts'
import { problems } from '../problems.ts'
import { correlate } from './correlate.ts'
import type { ClaimedEvidence } from './judge-evidence.ts'
import { toPermille } from './read-interaction.ts'

/** A decision request without unlisted members. Of those and of the model's output, only hashes are kept. */
export type PreparedDecision = {
  readonly request: DecisionRequest
  readonly operatorId: string | null
  readonly requestId: string
  readonly requestHash: string
  readonly aiOutputHash: string | null
  /** The id without its prefix. */
  readonly resumeOf: string | null
  /** Null in a gate body, where nobody has decided yet. */
  readonly evidence: ClaimedEvidence | null
}

export function prepareDecision(
  { kind, body, sent }: DecisionBody,
  context: Pick<RequestContext, 'header' | 'requestId'>,
): PreparedDecision {
  const { ai_output: _output, request_id: _request, resume_of: _resume, ...hashed } = sent
  const common = {
    requestId: correlate(body.request_id, context) ?? context.requestId,
    requestHash: hashOf(hashed),
    operatorId: body.operator_id,
  }
  const about = {
    stakes: body.stakes,
    modelConfidence: body.model_confidence,
    tags: body.tags ?? [],
    sessionId: body.session_id,
    pool: body.reviewer_pool,
  }
  if (kind === 'gate') {
    const { ai_output: output, resume_of: resumeOf, model } = body
    return {
      ...common,
      aiOutputHash: output === null ? null : hashOf(output),
      resumeOf: resumeOf === null ? null : resumeOf.slice('dec_'.length),
      evidence: null,
      request: {
        ...about,
        pass: output === null ? 'pre_ai' : 'post_ai',
        domain: body.domain ?? 'general',
        human: null,
        model: { provider: model.provider, name: model.name },
        category: body.decision_category,
      },
    }
  }
  return {
    ...common,
    aiOutputHash: null,
    resumeOf: null,
    evidence: { behavioral: body.behavioral_attestation, attestation: body.attestation },
    request: {
      ...about,
      pass: 'flat',
      domain: body.domain,
      human: {
        decision: body.decision,
        modificationExtent: permille(body.modification_extent),
        timeToDecisionMs: body.time_to_decision_ms,
        hoverEvents: body.hover_events,
        scrollDepth: toPermille(body.scroll_depth),
        alternativeViewsChecked: body.alternative_views_checked,
        // The grade before the evidence is judged.
        evidenceGrade: 'asserted',
      },
      model: null,
      category: null,
    },
  }
}

function hashOf(value: unknown): string {
  try {
    return sha256Hex(toCanonicalJson(value))
  } catch (cause) {
    // JSON that has no canonical form: a number such as 1e400 and a lone surrogate such as \ud800.
    throw problems.VALIDATION_FAILED({
      fields: [
        { field: 'body', message: 'must hold no number beyond what 64 bits can, and no half a character' },
      ],
      cause,
    })
  }
}
