import type { DecisionPolicy, WaitingRoute } from './decision-policy.ts'
import { reviewersOf, waitingRuleOf } from './decision-policy.ts'
import type { FinalRoute } from './evaluate-decision.ts'
import type { Route } from './route.ts'

export const decisionStates = ['released', 'pending', 'resolved', 'expired', 'blocked'] as const

export type DecisionState = (typeof decisionStates)[number]

export const reviewActions = [
  'claim',
  'release',
  'assign',
  'approve',
  'modify',
  'reject',
  'escalate',
  'override',
] as const

export type ReviewAction = (typeof reviewActions)[number]

/** What a review is as a decision of the reviewer's own about the advice. */
export const reviewedAs = { approve: 'accepted', modify: 'modified', reject: 'rejected' } as const

export type Resolution = {
  readonly action: Extract<ReviewAction, 'approve' | 'modify' | 'reject' | 'override'> | 'expire'
  readonly by: 'reviewer' | 'expiry'
  readonly reviewerId: string | null
  readonly finalRoute: FinalRoute
  readonly reasonCode: string | null
  readonly editedOutputHash: string | null
  readonly atMs: number
}

/** A decision's way from its score to its end; what is null has no meaning in the state. */
export type DecisionLife = {
  readonly state: DecisionState
  readonly route: Route
  readonly operatorId: string | null
  readonly pool: string | null
  readonly assignee: string | null
  /** Until when the assignee holds it; null: it was assigned to them and anybody may act. */
  readonly claimedUntilMs: number | null
  readonly expiresAtMs: number | null
  readonly fallback: FinalRoute | null
  readonly resolution: Resolution | null
}

/** What everybody sees of it at an instant, whether or not anything was written since (specification 7.1). */
export function lifeAt<Life extends DecisionLife>(life: Life, nowMs: number): Life {
  const { state, expiresAtMs, fallback, claimedUntilMs } = life
  if (state !== 'pending') return life
  if (expiresAtMs !== null && fallback !== null && expiresAtMs <= nowMs)
    return {
      ...life,
      state: 'expired',
      assignee: null,
      claimedUntilMs: null,
      resolution: {
        action: 'expire',
        by: 'expiry',
        reviewerId: null,
        finalRoute: fallback,
        reasonCode: null,
        editedOutputHash: null,
        atMs: expiresAtMs,
      },
    }
  const isLapsed = claimedUntilMs !== null && claimedUntilMs <= nowMs
  return isLapsed ? { ...life, assignee: null, claimedUntilMs: null } : life
}

/** What a decision is right after its score. */
export function beginLife(
  route: Route,
  policy: DecisionPolicy,
  about: Pick<DecisionLife, 'operatorId' | 'pool'> & { readonly assignee: string | null },
  nowMs: number,
): DecisionLife {
  const none = { claimedUntilMs: null, resolution: null }
  if (route === 'auto' || route === 'policy_blocked') {
    const state = route === 'auto' ? 'released' : 'blocked'
    return { ...about, ...none, route, state, assignee: null, expiresAtMs: null, fallback: null }
  }
  const { seconds, fallback } = waitingRuleOf(policy, route)
  return { ...about, ...none, route, state: 'pending', expiresAtMs: nowMs + seconds * 1_000, fallback }
}

/** Who is to look first, by the policy; `open` counts what each of the pool has waiting. */
export function chooseAssignee(
  policy: DecisionPolicy,
  route: WaitingRoute,
  { operatorId, pool }: Pick<DecisionLife, 'operatorId' | 'pool'>,
  open: ReadonlyMap<string, number>,
): string | null {
  const mayReview = (id: string): boolean => route !== 'must_review' || id !== operatorId
  const { assignee } = policy
  if (assignee.rule === 'none') return null
  if (assignee.rule === 'person') return mayReview(assignee.reviewerId) ? assignee.reviewerId : null
  const candidates = (reviewersOf(policy, pool ?? assignee.pool) ?? []).filter(mayReview)
  const [first] = candidates.toSorted((a, b) => (open.get(a) ?? 0) - (open.get(b) ?? 0))
  return first ?? null
}

export type ReviewRequest = {
  readonly action: ReviewAction
  readonly reviewerId: string
  /** Of `assign`. */
  readonly assignee: string | null
  readonly reasonCode: string | null
  readonly editedOutputHash: string | null
}

export type ReviewVerdict =
  | { readonly accepted: true; readonly life: DecisionLife }
  | {
      readonly accepted: false
      readonly because: 'already_resolved' | 'already_claimed' | 'reviewer_is_operator' | 'not_in_pool'
    }

/** What an action makes of a decision, or why it is refused. Whoever acts holds it for `claimMs` from then on. */
export function judgeReview(
  before: DecisionLife,
  request: ReviewRequest,
  policy: DecisionPolicy,
  nowMs: number,
  claimMs: number,
): ReviewVerdict {
  const life = lifeAt(before, nowMs)
  const { action, reviewerId } = request
  const isOpen = life.state === 'pending' || (action === 'override' && life.state === 'blocked')
  if (!isOpen) return { accepted: false, because: 'already_resolved' }
  // Nobody judges their own decision where somebody else has to, nor lifts its block.
  if (life.route !== 'async_review' && reviewerId === life.operatorId)
    return { accepted: false, because: 'reviewer_is_operator' }
  if (action === 'override') return { accepted: true, life: resolve(life, request, nowMs) }
  const reviewers = reviewersOf(policy, life.pool)
  if (reviewers !== null && !reviewers.includes(reviewerId))
    return { accepted: false, because: 'not_in_pool' }
  if (life.claimedUntilMs !== null && life.assignee !== reviewerId)
    return { accepted: false, because: 'already_claimed' }
  switch (action) {
    case 'claim':
      return { accepted: true, life: { ...life, assignee: reviewerId, claimedUntilMs: nowMs + claimMs } }
    case 'release':
      return { accepted: true, life: { ...life, assignee: null, claimedUntilMs: null } }
    case 'assign': {
      const { assignee } = request
      if (life.route === 'must_review' && assignee !== null && assignee === life.operatorId)
        return { accepted: false, because: 'reviewer_is_operator' }
      if (assignee !== null && reviewers !== null && !reviewers.includes(assignee))
        return { accepted: false, because: 'not_in_pool' }
      return { accepted: true, life: { ...life, assignee, claimedUntilMs: null } }
    }
    case 'escalate':
      return { accepted: true, life: escalate(life, policy, nowMs) }
    case 'approve':
    case 'modify':
    case 'reject':
      return { accepted: true, life: resolve(life, request, nowMs) }
  }
}

/** It waits for somebody else, for as long as such a decision may; one that does already waits no longer than before. */
function escalate(life: DecisionLife, policy: DecisionPolicy, nowMs: number): DecisionLife {
  const { seconds, fallback } = waitingRuleOf(policy, 'must_review')
  return {
    ...life,
    route: 'must_review',
    assignee: null,
    claimedUntilMs: null,
    expiresAtMs: life.route === 'must_review' ? life.expiresAtMs : nowMs + seconds * 1_000,
    fallback,
  }
}

function resolve(
  life: DecisionLife,
  { action, reviewerId, reasonCode, editedOutputHash }: ReviewRequest,
  nowMs: number,
): DecisionLife {
  if (action !== 'approve' && action !== 'modify' && action !== 'reject' && action !== 'override')
    throw new Error(`${action} resolves nothing`)
  return {
    ...life,
    state: 'resolved',
    assignee: reviewerId,
    claimedUntilMs: null,
    resolution: {
      action,
      by: 'reviewer',
      reviewerId,
      finalRoute: action === 'reject' ? 'policy_blocked' : 'auto',
      reasonCode,
      editedOutputHash: action === 'modify' ? editedOutputHash : null,
      atMs: nowMs,
    },
  }
}

const dayMs = 86_400_000

/** Whether the resolution of a decision answers another one: about the same request, and the output that was judged. */
export function isResumable(
  resolved: DecisionLife & {
    readonly requestHash: string
    readonly aiOutputHash: string | null
  },
  now: { readonly requestHash: string; readonly aiOutputHash: string | null; readonly atMs: number },
): boolean {
  const { state, resolution, requestHash, aiOutputHash } = resolved
  if (state !== 'resolved' || resolution === null) return false
  if (now.atMs - resolution.atMs > dayMs || requestHash !== now.requestHash) return false
  // What was modified is released as it was edited, and not as it had been.
  if (resolution.action === 'modify' && (resolution.editedOutputHash !== null || aiOutputHash !== null))
    return resolution.editedOutputHash !== null && resolution.editedOutputHash === now.aiOutputHash
  return aiOutputHash === null || aiOutputHash === now.aiOutputHash
}

/** Until when a resume token opens the resolution: a day after it. */
export function isTokenAlive({ resolution }: Pick<DecisionLife, 'resolution'>, nowMs: number): boolean {
  return resolution === null || nowMs < resolution.atMs + dayMs
}
