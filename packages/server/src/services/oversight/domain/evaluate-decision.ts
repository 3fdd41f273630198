import type { Article14 } from './article-14.ts'
import type { DecisionPolicy } from './decision-policy.ts'
import { stakesOf } from './decision-policy.ts'
import { type Factor, type HumanDecision, rateDecision, toBehaviour } from './decision-risk.ts'
import type { TimeNorm } from './deliberation.ts'
import type { Decision, Domain, Interaction } from './interaction.ts'
import type { Parameters } from './parameters.ts'
import { type Route, toRoute } from './route.ts'
import type { Band } from './score.ts'
import { readTelemetry, type RoleClass, type Settings } from './settings.ts'
import type { EvidenceGrade } from './side-counters.ts'
import { applyTriggers, type Facts } from './triggers.ts'

export const decisionPasses = ['flat', 'pre_ai', 'post_ai'] as const

/** The kind of request: a human decision, a gate before the AI call, or a gate after it. */
export type DecisionPass = (typeof decisionPasses)[number]

/** The listed members of a decision request. Fractions of behaviour are in permille; null where nothing was sent. */
export type DecisionRequest = {
  readonly pass: DecisionPass
  readonly domain: Domain
  /** Null in a gate body, where nobody has decided yet. */
  readonly human: SentDecision | null
  readonly stakes: number | null
  readonly modelConfidence: number | null
  readonly model: { readonly provider: string; readonly name: string | null } | null
  readonly category: string | null
  readonly tags: readonly string[]
  readonly sessionId: string | null
  readonly pool: string | null
}

export type SentDecision = {
  readonly decision: Decision
  readonly modificationExtent: number
  readonly timeToDecisionMs: number | null
  readonly hoverEvents: number | null
  readonly scrollDepth: number | null
  readonly alternativeViewsChecked: number | null
  readonly evidenceGrade: EvidenceGrade
}

/** The facts known when the decision was scored: together with the request, enough to score it again. */
export type DecisionGrounds = {
  /** Null if no operator was named. */
  readonly operator: KnownOperator | null
  readonly norm: TimeNorm & { readonly id: string }
  readonly settingsVersion: number
  readonly telemetry: Pick<Settings, 'stampMs' | 'zeroTelemetry'>
  /** The earlier decision whose resolution this request resumes. */
  readonly resumed: { readonly id: string; readonly finalRoute: FinalRoute } | null
}

export type FinalRoute = Extract<Route, 'auto' | 'policy_blocked'>

/** Published figures only: below the minimum of data the operator counts as unknown. */
export type KnownOperator = {
  readonly roleClass: RoleClass
  readonly minimumDataMet: boolean
  readonly jis: number | null
  readonly band: Band | null
  readonly article14: Article14 | null
}

export const riskTiers = ['low', 'medium', 'high', 'critical'] as const

export type RiskTier = (typeof riskTiers)[number]

/** The result of an evaluation, as stored and as recomputed by a replay. */
export type Evaluation = {
  readonly score: number
  readonly factors: readonly Factor[]
  readonly route: Route
  readonly tier: RiskTier
  readonly reasonCodes: readonly string[]
  /**
   * Names of the triggers that matched, of those that raised the route above the score's, and of those that blocked.
   */
  readonly triggers: readonly string[]
  readonly forcing: readonly string[]
  readonly blocking: readonly string[]
}

/** The reason code if the engine fails for any cause; the decision is then blocked. */
export const engineError = 'engine_error'

export const failedEvaluation: Evaluation = {
  score: 1,
  factors: [],
  route: 'policy_blocked',
  tier: 'critical',
  reasonCodes: [engineError],
  triggers: [engineError],
  forcing: [engineError],
  blocking: [engineError],
}

export function evaluateDecision(
  request: DecisionRequest,
  grounds: DecisionGrounds,
  policy: DecisionPolicy,
  parameters: Parameters,
): Evaluation {
  const { domain, human, modelConfidence } = request
  const stakes = request.stakes ?? stakesOf(policy, domain, parameters)
  const decided = human === null ? null : toHumanDecision(human, grounds, parameters)
  const risk = rateDecision(
    { operatorJis: grounds.operator?.jis ?? null, stakes, modelConfidence, human: decided },
    parameters,
  )
  const facts = toFacts(request, grounds, { stakes, score: risk.score, decided })
  const scored = toRoute(risk.score, policy.thresholds)
  const { route, holding, forcing } = applyTriggers(scored, policy.triggers, facts)
  const blocking = holding.filter(({ minimumRoute }) => minimumRoute === 'policy_blocked')
  const { resumed } = grounds
  // A resolution satisfies triggers that require review, but not those that block.
  const isResumed = resumed !== null && blocking.length === 0
  const final = isResumed ? resumed.finalRoute : route
  return {
    score: risk.score,
    factors: risk.factors,
    route: final,
    tier: toTier(risk.score, final, policy),
    reasonCodes: [
      ...listHeavy(risk.factors),
      ...holding.map(({ id }) => `trigger:${id}`),
      ...(isResumed ? [`resolved:dec_${resumed.id}`] : []),
    ],
    triggers: holding.map(({ id }) => id),
    forcing: isResumed ? [] : forcing.map(({ id }) => id),
    blocking: blocking.map(({ id }) => id),
  }
}

function toTier(score: number, route: Route, { thresholds }: DecisionPolicy): RiskTier {
  if (route === 'policy_blocked') return 'critical'
  const [asyncReview, mustReview] = thresholds
  if (score < asyncReview) return 'low'
  return score < mustReview ? 'medium' : 'high'
}

const heavyFrom = 0.1
/** Tolerance for decimals at a threshold, whose binary form can be slightly below it. */
const tolerance = 1e-9

/** Names of the factors whose value times weight is at least `heavyFrom`, largest first. */
function listHeavy(factors: readonly Factor[]): readonly string[] {
  return factors
    .filter(({ value, weight }) => value * weight + tolerance >= heavyFrom)
    .toSorted((a, b) => b.value * b.weight - a.value * a.weight)
    .map(({ name }) => `factor:${name}`)
}

function toHumanDecision(
  sent: SentDecision,
  { norm, telemetry }: DecisionGrounds,
  parameters: Parameters,
): HumanDecision {
  const interaction = readTelemetry(toInteraction(sent), telemetry)
  return {
    decision: sent.decision,
    modificationExtent: sent.modificationExtent,
    behaviour: toBehaviour(interaction, sent.timeToDecisionMs !== null, norm, telemetry.stampMs, parameters),
  }
}

/** Converts a flat body to an interaction with advice present. */
export function toInteraction(sent: SentDecision): Interaction {
  return {
    aiRecommendationPresented: true,
    aiAvailable: true,
    timeToDecisionMs: sent.timeToDecisionMs ?? 0,
    decision: sent.decision,
    modificationExtent: sent.modificationExtent,
    scenarioType: 'standard',
    outcomeCorrect: null,
    hoverEvents: sent.hoverEvents,
    scrollDepth: sent.scrollDepth,
    alternativeViewsChecked: sent.alternativeViewsChecked,
    aiCorrect: null,
    operatorConfidence: null,
    initialDecision: null,
  }
}

function toFacts(
  { domain, human, modelConfidence, model, pass, tags }: DecisionRequest,
  { operator }: DecisionGrounds,
  found: { readonly stakes: number; readonly score: number; readonly decided: HumanDecision | null },
): Facts {
  const behaviour = found.decided?.behaviour ?? null
  return {
    domain,
    stakes: found.stakes,
    drs: found.score,
    pass,
    ...(human === null ? {} : { decision: human.decision, evidence_grade: human.evidenceGrade }),
    ...(modelConfidence === null ? {} : { model_confidence: modelConfidence }),
    ...(behaviour === null ? {} : { stamp: behaviour.isStamp }),
    ...(model === null ? {} : { provider: model.provider }),
    ...(tags.length === 0 ? {} : { tag: tags }),
    ...(operator === null
      ? {}
      : { role_class: operator.roleClass, minimum_data_met: operator.minimumDataMet }),
    ...(operator?.jis == null ? {} : { jis: operator.jis }),
    ...(operator?.band == null ? {} : { band: operator.band }),
    ...(operator?.article14 == null ? {} : { article_14: operator.article14 }),
  }
}
