import type { AuditedTx } from '@gatehouse/kernel/audit'
import type { ScoreReply } from '../contract/blocks.ts'
import type { Settings } from '../domain/settings.ts'
import { tellFlat } from './tell-webhooks.ts'

/**
 * Publishes a score or a commit to webhooks, in its transaction. Public clients read the reply's members at the top
 * level; `committed` distinguishes the two.
 */
export async function tellScore(
  tx: AuditedTx,
  reply: ScoreReply,
  { alertsNameOperators }: Pick<Settings, 'alertsNameOperators'>,
  atMs: number,
): Promise<void> {
  const members = { ...reply, operator_id: alertsNameOperators ? reply.operator_id : null }
  await tellFlat(tx, 'score.committed', members, atMs)
}
