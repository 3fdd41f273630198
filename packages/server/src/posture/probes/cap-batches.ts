import { randomBytes } from 'node:crypto'
import { fails, type Finding, holds } from '../finding.ts'
import type { PosturePolicy } from '../posture-policy.ts'
import type { Target } from '../target.ts'
import { firstOrg, keyOf, show } from './ask.ts'

const interaction = {
  ai_recommendation_presented: true,
  ai_available: true,
  time_to_decision_ms: 4_200,
  decision: 'accepted',
  modification_extent: 0,
  scenario_type: 'standard',
  hover_events: 2,
  scroll_depth: 0.7,
  alternative_views_checked: 1,
}

/** Records a batch of exactly the largest size, and tries one with one interaction more, which must be refused. */
export async function capBatches(
  target: Target,
  _signal: AbortSignal,
  { oversight: { batchItemsMax } }: PosturePolicy,
): Promise<Finding> {
  const org = firstOrg(target)
  const send = async (count: number): Promise<number> => {
    const name = `posture-${randomBytes(6).toString('hex')}`
    const interactions = Array.from({ length: count }, () => interaction)
    const body = { session_id: name, operator_id: name, domain: 'general', interactions }
    const call = { method: 'POST', ...show('oversight', keyOf(org, 'oversight')), body } as const
    return (await target.send('/v1/score/batch', call)).status
  }
  const [within, over] = [await send(batchItemsMax), await send(batchItemsMax + 1)]
  const figures = { batchItemsMax, within, over }
  if (within >= 300) return fails(`A batch of ${batchItemsMax} interactions was refused`, figures)
  return over >= 400 && over < 500
    ? holds(figures)
    : fails(`A batch of ${batchItemsMax + 1} interactions was taken`, figures)
}
