import { mutate } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { type RequestContext, WithHeaders } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import type { PolicyBody, PolicyReply } from '../contract/decision-policy.ts'
import type { OversightDeps } from '../deps.ts'
import { type DecisionPolicy, defaultPolicy, type VersionedPolicy } from '../domain/decision-policy.ts'
import { currentModel } from '../params-hash.ts'
import { problems } from '../problems.ts'
import { findPolicy, insertPolicy } from '../store/policy-store.ts'
import { replyStart } from './reply-start.ts'
import { toPolicyId } from './to-decision-reply.ts'

type Dated = VersionedPolicy & { readonly createdAtMs: number | null }

export async function getPolicy(deps: OversightDeps, principal: Principal, context: RequestContext) {
  const current = await within(deps, principal, async (tx) => (await findPolicy(tx)) ?? unchanged())
  return toReply(deps, current, context)
}

/** Creates the next policy version, which applies from the next decision on. */
export async function setPolicy(
  deps: OversightDeps,
  principal: Principal,
  body: PolicyBody,
  context: RequestContext,
) {
  const expected = context.header('if-match')
  const changed = await mutate(deps, principal, async (tx) => {
    const nowMs = deps.clock.now()
    const before = (await findPolicy(tx)) ?? unchanged()
    if (expected !== undefined && !isMatching(expected, before)) throw mismatch(before)
    const after: Dated = {
      version: before.version + 1,
      policy: applyChange(before.policy, body),
      createdAtMs: nowMs,
    }
    if (!(await insertPolicy(tx, after, nowMs))) throw mismatch(after)
    return {
      result: after,
      entry: {
        action: 'POLICY_CHANGED',
        resourceType: 'decision_policy',
        resourceId: toPolicyId(after.version),
        detail: { changed: listChanged(body), policy: { ...toWire(after.policy) } },
        at: nowMs,
      },
    }
  })
  return toReply(deps, changed, context)
}

function unchanged(): Dated {
  return { version: 1, policy: defaultPolicy(currentModel.parameters), createdAtMs: null }
}

function mismatch({ version }: VersionedPolicy): Error {
  return problems.VERSION_MISMATCH({
    detail: `If-Match: the policy in force is ${toPolicyId(version)}; read it and change that`,
  })
}

/** True for `*`, or a list that contains the newest tag. Compression weakens a reply's tag, so weak tags match too. */
function isMatching(header: string, { version }: VersionedPolicy): boolean {
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes('*') || tags.includes(toTag(version))
}

function toTag(version: number): string {
  return `"${toPolicyId(version)}"`
}

function listChanged(body: PolicyBody): string[] {
  return Object.entries(body).flatMap(([name, value]) => (value === null ? [] : [name]))
}

/** The policy with the members of a body in place of its own; omitted ones stay. */
export function applyChange(before: DecisionPolicy, body: PolicyBody): DecisionPolicy {
  const { routes, stakes, triggers, pools, assignee, expiry, fallback } = body
  return {
    thresholds: routes === null ? before.thresholds : [routes.async_review, routes.must_review],
    stakes: stakes ?? before.stakes,
    triggers:
      triggers?.map(({ id, enabled, minimum_route: minimumRoute, when }) => ({
        id,
        enabled,
        minimumRoute,
        when,
      })) ?? before.triggers,
    pools: pools ?? before.pools,
    assignee:
      assignee === null
        ? before.assignee
        : assignee.rule === 'person'
          ? { rule: 'person', reviewerId: assignee.reviewer_id }
          : assignee,
    expirySeconds:
      expiry === null
        ? before.expirySeconds
        : { asyncReview: expiry.async_review_s, mustReview: expiry.must_review_s },
    asyncFallback: fallback?.async_review ?? before.asyncFallback,
  }
}

function toReply(deps: OversightDeps, { version, policy, createdAtMs }: Dated, context: RequestContext) {
  const reply: PolicyReply = {
    ...replyStart(deps, context),
    version,
    policy_version_id: toPolicyId(version),
    ...toWire(policy),
    created_at: createdAtMs === null ? null : new Date(createdAtMs).toISOString(),
  }
  return new WithHeaders(reply, { etag: toTag(version) })
}

function toWire(policy: DecisionPolicy) {
  const [asyncReview, mustReview] = policy.thresholds
  const { assignee } = policy
  return {
    routes: { async_review: asyncReview, must_review: mustReview },
    stakes: { ...policy.stakes },
    triggers: policy.triggers.map(({ id, enabled, minimumRoute, when }) => ({
      id,
      enabled,
      minimum_route: minimumRoute,
      when: when.map(({ fact, op, value }) => ({ fact, op, value: toValue(value) })),
    })),
    pools: Object.fromEntries(Object.entries(policy.pools).map(([name, ids]) => [name, [...ids]])),
    assignee:
      assignee.rule === 'person' ? { rule: 'person' as const, reviewer_id: assignee.reviewerId } : assignee,
    expiry: {
      async_review_s: policy.expirySeconds.asyncReview,
      must_review_s: policy.expirySeconds.mustReview,
    },
    fallback: { async_review: policy.asyncFallback },
  }
}

function toValue(value: DecisionPolicy['triggers'][number]['when'][number]['value']) {
  return typeof value === 'object' && value !== null ? [...value] : value
}
