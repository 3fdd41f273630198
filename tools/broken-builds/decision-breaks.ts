import type { Break } from './break.ts'

const oversight = 'packages/server/src/services/oversight'
const scoring = `${oversight}/usecases/score-decision.db.test.ts`
const resuming = `${oversight}/usecases/resume-decision.db.test.ts`
const pure = `${oversight}/domain/evaluate-decision.test.ts`

/** How a decision could come to be released that nobody looked at, or to be told otherwise than it was. */
export const decisionBreaks: readonly Break[] = [
  {
    promise: 'drs-fails-closed-at-every-fault-point',
    broken: 'what cannot be computed goes on',
    file: `${oversight}/domain/evaluate-decision.ts`,
    find: `  route: 'policy_blocked',
  tier: 'critical',`,
    replace: `  route: 'auto',
  tier: 'critical',`,
    test: scoring,
  },
  {
    promise: 'what would be released while all is well is blocked while the database is gone',
    broken: 'an outage says nothing of the route',
    file: `${oversight}/contract/decisions.ts`,
    find: `  besideOutage: { routing_decision: 'policy_blocked' },
`,
    replace: '',
    test: 'packages/server/test/decisions-fail-closed.net.test.ts',
  },
  {
    promise: 'triggers-only-raise-the-route',
    broken: 'the last trigger that holds says where a decision goes',
    file: `${oversight}/domain/triggers.ts`,
    find: '(highest, trigger) => higherRoute(highest, trigger.minimumRoute),',
    replace: '(_highest, trigger) => trigger.minimumRoute,',
    test: pure,
  },
  {
    promise: 'every-route-is-one-the-client-knows',
    broken: 'a block has a word of our own',
    file: `${oversight}/domain/route.ts`,
    find: `'must_review', 'policy_blocked'] as const`,
    replace: `'must_review', 'blocked'] as const`,
    test: pure,
  },
  {
    promise: 'decision-replay-is-byte-identical',
    broken: 'a decision is computed again by the policy of today',
    file: `${oversight}/usecases/read-grounds.ts`,
    find: 'return findPolicyVersion(tx, version)',
    replace: 'return findPolicy(tx)',
    test: scoring,
  },
  {
    promise: 'the-decision-example-of-the-wire-is-answered-member-by-member',
    broken: 'a policy is named by its number alone',
    file: `${oversight}/usecases/to-decision-reply.ts`,
    find: 'return `pol_${version}`',
    replace: 'return String(version)',
    test: scoring,
  },
  {
    promise: 'model-output-and-unnamed-members-are-never-stored-or-logged',
    broken: 'a gate without a category is filed under what was sent',
    file: `${oversight}/usecases/prepare-decision.ts`,
    find: 'category: body.decision_category,',
    replace: 'category: body.decision_category ?? JSON.stringify(sent),',
    test: 'packages/server/test/model-output-is-never-kept.net.test.ts',
  },
  {
    promise: 'pending-decision-resolves-exactly-once',
    broken: 'reviewers do not wait for each other',
    file: `${oversight}/store/decision-store.ts`,
    find: `where('id', '=', id).forUpdate().executeTakeFirst()`,
    replace: `where('id', '=', id).executeTakeFirst()`,
    test: `${oversight}/usecases/review-decision.db.test.ts`,
  },
  {
    promise: 'expiry-holds-without-the-job',
    broken: 'a decision is expired once the job has had its turn',
    file: `${oversight}/domain/decision-life.ts`,
    find: 'fallback !== null && expiresAtMs <= nowMs)',
    replace: 'fallback !== null && expiresAtMs + 15_000 <= nowMs)',
    test: resuming,
  },
  {
    promise: 'expiry-falls-back-closed',
    broken: 'the fallback of the policy holds for what somebody must look at, too',
    file: `${oversight}/domain/decision-policy.ts`,
    find: `{ seconds: expirySeconds.mustReview, fallback: 'policy_blocked' }`,
    replace: '{ seconds: expirySeconds.mustReview, fallback: asyncFallback }',
    test: resuming,
  },
  {
    promise: 'reviewer-is-never-the-operator',
    broken: 'operators lift the blocks of their own decisions',
    file: `${oversight}/domain/decision-life.ts`,
    find: `if (life.route !== 'async_review' && reviewerId === life.operatorId)`,
    replace: `if (life.route === 'must_review' && reviewerId === life.operatorId)`,
    test: `${oversight}/usecases/review-decision.db.test.ts`,
  },
  {
    promise: 'resume-token-opens-only-its-own-decision',
    broken: 'a token opens a resolution for ever',
    file: `${oversight}/domain/decision-life.ts`,
    find: 'return resolution === null || nowMs < resolution.atMs + dayMs',
    replace: 'return resolution === null || nowMs > dayMs',
    test: resuming,
  },
  {
    promise: 'the right one is asked for as often as one likes, and guessing is over after sixty',
    broken: 'who holds a token pays for each look',
    file: `${oversight}/usecases/resume-decision.ts`,
    find: 'if (isFirstLook) context.refund()',
    replace: 'void isFirstLook',
    test: 'packages/server/test/decisions-over-http.net.test.ts',
  },
  {
    promise: 'waiting-survives-a-restart',
    broken: 'everybody who resumes is the first',
    file: `${oversight}/store/decision-store.ts`,
    find: `    .where('first_resumed_at', 'is', null)
`,
    replace: '',
    test: 'packages/server/test/waiting-survives-a-restart.net.test.ts',
  },
  {
    promise: 'oversight-receipt-verifies-offline-by-its-proof',
    broken: 'a proof could be taken for the signature of a chain entry',
    file: `${oversight}/usecases/oversight-receipt.ts`,
    find: 'Buffer.from(`gatehouse.oversight-receipt.v1:${hash}`',
    replace: 'Buffer.from(`gatehouse.receipt.v1:${hash}`',
    test: `${oversight}/usecases/oversight-receipt.db.test.ts`,
  },
]
