import type { ScoredReply, Evidence } from '../contract/blocks.ts'
import type { DecayPair } from '../domain/decay.ts'
import type { Domain } from '../domain/interaction.ts'
import {
  chooseFigures,
  listComputed,
  type ReplyMode,
  toCompliance,
  toDecayProjection,
  toDimensions,
  toMaintenance,
  type Urgency,
} from '../domain/score-blocks.ts'
import { type RoleClass, toTier } from '../domain/settings.ts'
import { type Shown, toFigures } from '../domain/shown.ts'
import { type Figures, withheldFigures } from '../domain/standing.ts'
import type { Model } from '../params-hash.ts'
import type { StoredEvidence } from '../store/tables.ts'

/** The data of a reply about one interaction, whether recorded now or earlier. */
export type ScoredInteraction = {
  readonly sessionId: string
  readonly operatorId: string
  readonly domain: Domain
  readonly interactionId: string
  readonly state: ScoredReply['state']
  readonly outcomeKnown: boolean
  readonly duplicate: boolean
  readonly shown: Shown
  /** Figures below the minimum of data, if the organisation shows estimates. */
  readonly estimate: Figures | null
  readonly decay: DecayPair
  readonly evidence: StoredEvidence
  readonly roleClass: RoleClass
  readonly model: Model
  readonly warnings: readonly string[]
}

export type ReplyStyle = { readonly mode: ReplyMode; readonly hasOlderUrgency: boolean }

export function toScoredReply(scored: ScoredInteraction, { mode, hasOlderUrgency }: ReplyStyle): ScoredReply {
  const { shown, decay, domain, model } = scored
  const { parameters } = model
  const chosen = chooseFigures(
    toFigures(shown, parameters),
    scored.estimate,
    shown.withheld,
    withheldFigures(decay, parameters),
  )
  const { figures } = chosen
  const maintenance = toMaintenance(chosen, parameters)
  return {
    session_id: scored.sessionId,
    jis: figures.jis,
    displayed_jis: shown.jis,
    provisional: shown.withheld !== null,
    provisional_reason: shown.withheld,
    // Safe: `toDimensions` gives all seven, or the three of a lite reply, which are the required ones.
    dimensions: toDimensions(chosen, mode) as ScoredReply['dimensions'],
    decay_projection: toDecayProjection(chosen, domain, decay, parameters),
    compliance: toCompliance(chosen, shown.article_14, parameters),
    maintenance_recommendation: {
      ...maintenance,
      urgency: hasOlderUrgency ? toOlderUrgency(maintenance.urgency) : maintenance.urgency,
    },
    committed: scored.state === 'committed',
    mode,
    dimensions_computed: [...listComputed(chosen, mode)],
    role_tier: toTier(scored.roleClass),
    operator_id: scored.operatorId,
    domain,
    band: figures.band,
    interaction_id: `int_${scored.interactionId}`,
    state: scored.state,
    outcome_known: scored.outcomeKnown,
    duplicate: scored.duplicate,
    minimum_data_met: shown.minimum_data_met,
    withheld: shown.withheld,
    jis_interval: shown.interval === null ? null : [...shown.interval],
    n_effective: shown.n_effective,
    evidence: toWireEvidence(scored.evidence),
    model_version: model.version,
    params_hash: model.paramsHash,
    warnings: [...scored.warnings],
  }
}

const olderUrgencies = { low: 'routine', medium: 'recommended', high: 'required' } as const

/** Clients before 1.3.1 know other values for three of the urgencies (wire 1.3). */
export function toOlderUrgency(urgency: Urgency): ScoredReply['maintenance_recommendation']['urgency'] {
  return urgency === 'low' || urgency === 'medium' || urgency === 'high' ? olderUrgencies[urgency] : urgency
}

/** Whether the caller is a client version that knows the older values. */
export function isOlderClient(userAgent: string | undefined): boolean {
  const [, major, minor, patch] = /^cohesion-sdk-python\/(\d+)\.(\d+)\.(\d+)/.exec(userAgent ?? '') ?? []
  if (major === undefined) return false
  return [Number(major), Number(minor), Number(patch)].map(pad).join('.') < [1, 3, 1].map(pad).join('.')
}

function pad(part: number): string {
  return String(part).padStart(6, '0')
}

export function toWireEvidence(evidence: StoredEvidence): Evidence {
  const { attestation } = evidence
  return {
    grade: evidence.grade,
    reason: evidence.reason,
    time_source: evidence.timeSource,
    discrepancies: [...evidence.discrepancies],
    attestation:
      attestation === null
        ? null
        : {
            method: attestation.method,
            canonical_hash: attestation.canonicalHash,
            enrolled_by: attestation.enrolledBy,
          },
  }
}
