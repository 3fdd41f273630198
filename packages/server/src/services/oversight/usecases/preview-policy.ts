import { within } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import type { PolicyBody } from '../contract/decision-policy.ts'
import type { PolicyPreviewReply } from '../contract/policy-preview.ts'
import type { OversightDeps } from '../deps.ts'
import { type Moved, previewPolicy as preview, type Tally } from '../domain/preview-policy.ts'
import { roundTo } from '../domain/rounding.ts'
import { currentModel, models } from '../params-hash.ts'
import { oversightPolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import { listPastDecisions } from '../store/past-decision-store.ts'
import { toTime, toTimeOrNull } from '../../../service/shapes.ts'
import { applyChange } from './decision-policy.ts'
import { readPolicy } from './read-grounds.ts'
import { replyStart } from './reply-start.ts'
import { toDecisionId, toPolicyId } from './to-decision-reply.ts'

const { decisionsMax, differingMax, perDayFromMs } = oversightPolicy.decisions.preview
const dayMs = 86_400_000

/** What a changed policy would have done with the newest decisions. It writes nothing. */
export async function previewPolicy(
  deps: OversightDeps,
  principal: Principal & { readonly orgId: string },
  body: PolicyBody,
  context: RequestContext,
): Promise<PolicyPreviewReply> {
  await chargePreview(deps, principal.orgId)
  const { inForce, past } = await within(deps, principal, async (tx) => ({
    inForce: await readPolicy(tx, currentModel),
    past: await listPastDecisions(tx, decisionsMax),
  }))
  const nowMs = deps.clock.now()
  const found = preview(
    past.map(({ modelVersion, ...one }) => ({ ...one, parameters: models[modelVersion]?.parameters })),
    inForce.policy,
    applyChange(inForce.policy, body),
    nowMs,
  )
  const { judged, notJudged } = found
  const sinceMs = past.at(-1)?.receivedAtMs ?? null
  const spanMs = nowMs - (sinceMs ?? nowMs)
  const count = (moved: Moved | null): number => judged.filter((one) => one.moved === moved).length
  return {
    ...replyStart(deps, context),
    policy_version: inForce.version,
    policy_version_id: toPolicyId(inForce.version),
    decisions: past.length,
    decisions_max: decisionsMax,
    since: toTimeOrNull(sinceMs),
    until: toTimeOrNull(past[0]?.receivedAtMs ?? null),
    judged: judged.length,
    not_judged: {
      count: notJudged.inputsGone + notJudged.modelUnknown,
      inputs_gone: notJudged.inputsGone,
      model_unknown: notJudged.modelUnknown,
    },
    recorded: { routes: found.recorded },
    in_force: toWireTally(found.inForce, spanMs),
    changed: toWireTally(found.changed, spanMs),
    moved: {
      stricter: count('stricter'),
      looser: count('looser'),
      outcome: count('outcome'),
      same: count(null),
    },
    differing: judged
      .flatMap(({ moved, ...one }) => (moved === null ? [] : [{ ...one, moved }]))
      .slice(0, differingMax)
      .map((one) => ({
        ai_decision_log_id: toDecisionId(one.id),
        received_at: toTime(one.receivedAtMs),
        domain: one.request.domain,
        moved: one.moved,
        recorded: one.recorded,
        in_force: one.inForce,
        changed: one.changed,
      })),
  }
}

async function chargePreview({ chargeLimit }: OversightDeps, orgId: string): Promise<void> {
  const { policyPreviews: rule } = oversightPolicy
  const decision = await chargeLimit(rule, orgId)
  if (decision.admitted) return
  const { because, retryAfterSeconds } = decision
  if (because === 'store_unavailable')
    throw problems.SERVICE_UNAVAILABLE({
      detail: 'Previews cannot be counted at the moment',
      retryAfterSeconds,
    })
  throw problems.RATE_LIMITED({
    detail: `An organisation may ask for ${rule.limit} previews a minute; try again in ${retryAfterSeconds} s`,
    retryAfterSeconds,
  })
}

function toWireTally(
  { routes, outcomes, waiting, pools }: Tally,
  spanMs: number,
): PolicyPreviewReply['changed'] {
  return {
    routes,
    outcomes,
    waiting,
    waiting_per_day: spanMs < perDayFromMs ? null : roundTo((waiting * dayMs) / spanMs, 1),
    pools: pools.map((one) => ({ ...one })),
  }
}
