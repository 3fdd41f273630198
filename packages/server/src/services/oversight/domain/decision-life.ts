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

/** The decision that a review action is counted as for the reviewer. */
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

/** The life cycle of a routed decision; members that do not apply in a state are null. */
export type DecisionLife = {
  readonly state: DecisionState
  readonly route: Route
  readonly operatorId: string | null
  readonly pool: string | null
  readonly assignee: string | null
  /** Until when the assignee holds the claim; null: it is only assigned, and anybody may act. */
  readonly claimedUntilMs: number | null
  readonly expiresAtMs: number | null
  readonly fallback: FinalRoute | null
  readonly resolution: Resolution | null
}

/**
 * The visible state at an instant. Expiry takes effect by time alone, whether or not it was written yet
 * (specification 7.1).
 */
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

/** The initial state of a decision right after its score. */
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

/**
 * The first assignee according to the policy. `open` holds the number of waiting decisions of each member of the
 * pool.
 */
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
  /** The new assignee; only for the action `assign`. */
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

/** The state after a review action, or why the action is refused. The acting reviewer holds the claim for `claimMs`. */
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
  // Operators may not review their own decisions where a second person is required, nor lift their own block.
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

/**
 * The decision waits for another reviewer, as long as any must_review decision does; if it already was one, its
 * expiry is unchanged.
 */
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

/**
 * Whether a decision's resolution applies to another request: it must be about the same request and the same output.
 */
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
  // A modified decision releases the edited output, not the original one.
  if (resolution.action === 'modify' && (resolution.editedOutputHash !== null || aiOutputHash !== null))
    return resolution.editedOutputHash !== null && resolution.editedOutputHash === now.aiOutputHash
  return aiOutputHash === null || aiOutputHash === now.aiOutputHash
}

/** A resume token is valid until one day after the resolution. */
export function isTokenAlive({ resolution }: Pick<DecisionLife, 'resolution'>, nowMs: number): boolean {
  return resolution === null || nowMs < resolution.atMs + dayMs
}
