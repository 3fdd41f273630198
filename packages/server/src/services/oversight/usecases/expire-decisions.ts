import { type AuditedTx, mutate, type Mutation } from '@gatehouse/kernel/audit'
import { asWriter } from '@gatehouse/kernel/db'
import { toErrorFields } from '@gatehouse/kernel/log'
import type { SystemPrincipal } from '@gatehouse/kernel/principal'
import type { OversightDeps } from '../deps.ts'
import { lifeAt } from '../domain/decision-life.ts'
import { modelOf } from '../params-hash.ts'
import {
  listDue,
  lockDecision,
  setDecisionLife,
  type StoredDecision,
  tellResolved,
} from '../store/decision-store.ts'
import { raiseDecisionAlert } from './raise-decision-alert.ts'
import { issueReceipt, newReceiptId, prepareReceipt } from './receipts.ts'
import { tellEnded } from './tell-of-decision.ts'
import { toDecisionId, toWireResolution } from './to-decision-reply.ts'

const atOnce = 100

/**
 * Persists the expiry of decisions past their deadline, with a chain entry, an event and an alert. Readers see them
 * as expired already. If a node fails midway, the next run does the rest.
 */
export async function expireDecisions(deps: OversightDeps): Promise<void> {
  for (;;) {
    const due = await asWriter(deps, (tx) => listDue(tx, deps.clock.now(), atOnce))
    let done = 0
    for (const one of due) {
      try {
        await expire(deps, one)
        done += 1
      } catch (error) {
        deps.log.error('A decision could not be expired', {
          orgId: one.orgId,
          ...toErrorFields(error),
        })
      }
    }
    if (due.length < atOnce || done === 0) return
  }
}

/** Thrown to roll back a transaction that has nothing to write, because another node or a reviewer was faster. */
class NotDue extends Error {}

async function expire(
  deps: OversightDeps,
  { orgId, id }: { readonly orgId: string; readonly id: string },
): Promise<void> {
  const principal: SystemPrincipal = { kind: 'system', orgId, because: 'decision expiry' }
  try {
    await mutate(deps, principal, (tx) => write(deps, principal, tx, id))
  } catch (error) {
    if (!(error instanceof NotDue)) throw error
  }
}

async function write(
  deps: OversightDeps,
  principal: SystemPrincipal,
  tx: AuditedTx,
  id: string,
): Promise<Mutation<undefined>> {
  const nowMs = deps.clock.now()
  const before = await lockDecision(tx, id)
  if (before?.state !== 'pending') throw new NotDue()
  const after: StoredDecision = lifeAt(before, nowMs)
  const { resolution } = after
  if (after.state !== 'expired' || resolution === null) throw new NotDue()
  await setDecisionLife(tx, id, after)
  await tellEnded(tx, after, nowMs)
  await raiseDecisionAlert(tx, 'decision_expired', after, nowMs)
  await tellResolved(tx, id)
  const receipt = prepareReceipt(principal, newReceiptId(nowMs), {
    eventType: 'DECISION_RESOLVED',
    kind: 'expiry',
    model: modelOf(after.modelVersion),
    normId: after.normId,
    settingsVersion: after.settingsVersion,
    payload: {
      resource_type: 'decision',
      resource_id: toDecisionId(id),
      state: after.state,
      route: after.route,
      resolution: { ...toWireResolution(resolution) },
    },
    atMs: nowMs,
  })
  return {
    entry: receipt.entry,
    conclude: async ([link]) => void (await issueReceipt(tx, receipt, link)),
  }
}
