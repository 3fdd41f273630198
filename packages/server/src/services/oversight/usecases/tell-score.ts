import type { AuditedTx } from '@gatehouse/kernel/audit'
import type { ScoreReply } from '../contract/blocks.ts'
import type { Settings } from '../domain/settings.ts'
import { tellFlat } from './tell-webhooks.ts'

/**
 * Tells webhooks of a score or a commit, in its transaction. Public clients read the members of the reply at the top;
 * `committed` says which of the two it was.
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
