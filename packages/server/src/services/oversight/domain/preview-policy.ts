import type { DecisionLife } from './decision-life.ts'
import { type DecisionPolicy, reviewersOf, waitingRuleOf } from './decision-policy.ts'
import {
  type DecisionGrounds,
  type DecisionRequest,
  evaluateDecision,
  type Evaluation,
} from './evaluate-decision.ts'
import type { Parameters } from './parameters.ts'
import { type Route, routes } from './route.ts'

/** A decision as stored, as far as another policy needs it. */
export type PastDecision = Pick<DecisionLife, 'state' | 'route' | 'expiresAtMs' | 'resolution'> & {
  readonly id: string
  readonly receivedAtMs: number
  readonly request: DecisionRequest
  /** Null if the engine failed or the operator's record was erased. */
  readonly grounds: DecisionGrounds | null
  readonly evaluation: Pick<Evaluation, 'route'>
  /** Those of the model that scored it; undefined if this build does not have that model. */
  readonly parameters: Parameters | undefined
}

export const outcomes = [
  'released',
  'blocked',
  'decided',
  'expired_released',
  'expired_blocked',
  'open',
] as const

/**
 * What became of a decision: it went on or was blocked at once, a person decided it in time, nobody did, or that
 * cannot be known.
 */
export type Outcome = (typeof outcomes)[number]

export type Ruled = { readonly route: Route; readonly outcome: Outcome }

export type Moved = 'stricter' | 'looser' | 'outcome'

export type PreviewedDecision = {
  readonly id: string
  readonly receivedAtMs: number
  readonly request: DecisionRequest
  readonly recorded: Route
  readonly inForce: Ruled
  readonly changed: Ruled
  /** Null if the change makes no difference to this decision. */
  readonly moved: Moved | null
}

export type Tally = {
  readonly routes: Readonly<Record<Route, number>>
  readonly outcomes: Readonly<Record<Outcome, number>>
  readonly waiting: number
  /** Those that wait, by the pool that reviews them; null: whoever may review. Most first. */
  readonly pools: readonly { readonly pool: string | null; readonly waiting: number }[]
}

export type PolicyPreview = {
  /** Newest first. */
  readonly judged: readonly PreviewedDecision[]
  readonly notJudged: { readonly inputsGone: number; readonly modelUnknown: number }
  readonly recorded: Readonly<Record<Route, number>>
  readonly inForce: Tally
  readonly changed: Tally
}

/** Routes past decisions by the policy in force and by a changed one, from what was known when each was scored. */
export function previewPolicy(
  decisions: readonly PastDecision[],
  inForce: DecisionPolicy,
  changed: DecisionPolicy,
  nowMs: number,
): PolicyPreview {
  const judged: PreviewedDecision[] = []
  let inputsGone = 0
  let modelUnknown = 0
  for (const past of decisions) {
    const one = previewDecision(past, inForce, changed, nowMs)
    if (one === 'inputs_gone') inputsGone += 1
    else if (one === 'model_unknown') modelUnknown += 1
    else judged.push(one)
  }
  return {
    judged,
    notJudged: { inputsGone, modelUnknown },
    recorded: count(routes, judged, ({ recorded }) => recorded),
    inForce: tally(judged, inForce, (one) => one.inForce),
    changed: tally(judged, changed, (one) => one.changed),
  }
}

function previewDecision(
  past: PastDecision,
  inForce: DecisionPolicy,
  changed: DecisionPolicy,
  nowMs: number,
): PreviewedDecision | 'inputs_gone' | 'model_unknown' {
  const { id, receivedAtMs, request, grounds, parameters, evaluation } = past
  if (grounds === null) return 'inputs_gone'
  if (parameters === undefined) return 'model_unknown'
  const by = (policy: DecisionPolicy): Ruled => {
    const { route } = evaluateDecision(request, grounds, policy, parameters)
    return { route, outcome: toOutcome(past, route, policy, nowMs) }
  }
  try {
    const [before, after] = [by(inForce), by(changed)]
    return {
      id,
      receivedAtMs,
      request,
      recorded: evaluation.route,
      inForce: before,
      changed: after,
      moved: compare(before, after),
    }
  } catch {
    // An earlier release may have stored less than this one reads; one such decision must not hide all others.
    return 'inputs_gone'
  }
}

function compare(before: Ruled, after: Ruled): Moved | null {
  const steps = routes.indexOf(after.route) - routes.indexOf(before.route)
  if (steps !== 0) return steps > 0 ? 'stricter' : 'looser'
  return before.outcome === after.outcome ? null : 'outcome'
}

/**
 * The outcome as far as it follows from what people did: they are taken to have decided when they did, whatever the
 * time limit.
 */
function toOutcome(
  { receivedAtMs, evaluation, ...life }: PastDecision,
  route: Route,
  policy: DecisionPolicy,
  nowMs: number,
): Outcome {
  if (route === 'auto') return 'released'
  if (route === 'policy_blocked') return 'blocked'
  const { seconds, fallback } = waitingRuleOf(policy, route)
  const expired = fallback === 'auto' ? 'expired_released' : 'expired_blocked'
  const { resolution } = life
  const waited = evaluation.route === 'async_review' || evaluation.route === 'must_review'
  // An escalated decision began to wait anew, for as long as the policy of that time said.
  if (!waited || life.route !== evaluation.route) return 'open'
  const dueMs = receivedAtMs + seconds * 1_000
  if (resolution?.by === 'reviewer') return resolution.atMs < dueMs ? 'decided' : expired
  // Nobody had decided until then.
  const unreviewedUntilMs = Math.min(life.expiresAtMs ?? receivedAtMs, nowMs)
  return dueMs <= unreviewedUntilMs ? expired : 'open'
}

function tally(
  judged: readonly PreviewedDecision[],
  policy: DecisionPolicy,
  by: (one: PreviewedDecision) => Ruled,
): Tally {
  const waiting = judged.filter((one) => by(one).route === 'async_review' || by(one).route === 'must_review')
  return {
    routes: count(routes, judged, (one) => by(one).route),
    outcomes: count(outcomes, judged, (one) => by(one).outcome),
    waiting: waiting.length,
    pools: countPools(waiting, policy),
  }
}

function countPools(waiting: readonly PreviewedDecision[], policy: DecisionPolicy): Tally['pools'] {
  const counts = new Map<string | null, number>()
  for (const { request } of waiting) {
    const pool = reviewersOf(policy, request.pool) === null ? null : request.pool
    counts.set(pool, (counts.get(pool) ?? 0) + 1)
  }
  return [...counts]
    .map(([pool, waits]) => ({ pool, waiting: waits }))
    .toSorted((a, b) => b.waiting - a.waiting || (a.pool ?? '').localeCompare(b.pool ?? ''))
}

function count<Name extends string>(
  names: readonly Name[],
  judged: readonly PreviewedDecision[],
  nameOf: (one: PreviewedDecision) => Name,
): Readonly<Record<Name, number>> {
  const counts = new Map<Name, number>(names.map((name) => [name, 0]))
  for (const one of judged) counts.set(nameOf(one), (counts.get(nameOf(one)) ?? 0) + 1)
  // Safe: every name was put in above.
  return Object.fromEntries(counts) as Record<Name, number>
}
