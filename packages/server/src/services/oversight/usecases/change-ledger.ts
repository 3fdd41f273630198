import type { AuditedTx } from '@gatehouse/kernel/audit'
import type { Principal } from '@gatehouse/kernel/principal'
import type { Interaction } from '../domain/interaction.ts'
import { type LedgerStep, recordChange, recordExclusion } from '../domain/ledger.ts'
import { toShown } from '../domain/shown.ts'
import {
  findInteractions,
  insertLedgerEvents,
  setInteraction,
  type StoredInteraction,
} from '../store/interaction-store.ts'
import { closeLedgers, type Ledger, openLedger, toLedgerItem } from './open-ledger.ts'
import { newReceiptId, type PreparedReceipt, prepareReceipt } from './receipts.ts'
import { toReceiptItem } from './record-scores.ts'

/** The remedy of an upheld contest: the decision leaves the counters, or is counted with corrected inputs. */
export type Remedy = { readonly kind: 'exclude' } | { readonly kind: 'correct'; readonly inputs: Interaction }

/**
 * Excludes or corrects one interaction. Its old integers are subtracted from the counters; for a correction, the new
 * ones are added. Later scores change; scores given before are not revised (specification 13).
 */
export async function changeLedger(
  tx: AuditedTx,
  principal: Principal,
  contested: StoredInteraction,
  remedyOf: (inputs: Interaction) => Remedy,
  nowMs: number,
): Promise<PreparedReceipt | undefined> {
  const ledger = await openLedger(tx, contested, nowMs)
  // Read after the lock, because a concurrent transaction may have changed it.
  const before = (await findInteractions(tx, [contested.id])).get(contested.id)
  if (before === undefined || before.state === 'excluded') return undefined
  const remedy = remedyOf(before.inputs)
  const { step, stored } = await take(tx, ledger, before, remedy)
  const shown = toShown(ledger.take(step))
  const receiptId = newReceiptId(ledger.receivedAtMs)
  await setInteraction(tx, stored)
  await insertLedgerEvents(tx, [
    {
      operatorId: stored.operatorId,
      domain: stored.domain,
      ledgerSeq: step.state.ledgerSeq,
      kind: remedy.kind,
      interactionId: stored.id,
      data:
        remedy.kind === 'exclude'
          ? null
          : { inputs: stored.inputs, evidence: stored.evidence, closed: stored.state === 'committed' },
      day: stored.day,
      shown,
      receiptId,
      atMs: ledger.receivedAtMs,
    },
  ])
  await closeLedgers(tx, [ledger])
  return prepareReceipt(principal, receiptId, {
    eventType: remedy.kind === 'exclude' ? 'INTERACTION_EXCLUDED' : 'INTERACTION_CORRECTED',
    kind: remedy.kind,
    model: ledger.model,
    normId: ledger.norm.id,
    settingsVersion: ledger.versioned.version,
    payload: {
      resource_type: 'interaction',
      resource_id: `int_${stored.id}`,
      ...toReceiptItem({ ...stored, ledgerSeq: step.state.ledgerSeq }, shown),
    },
    atMs: ledger.receivedAtMs,
  })
}

async function take(
  tx: AuditedTx,
  ledger: Ledger,
  before: StoredInteraction,
  remedy: Remedy,
): Promise<{ readonly step: LedgerStep; readonly stored: StoredInteraction }> {
  const item = await toLedgerItem(tx, before)
  if (remedy.kind === 'exclude')
    return {
      step: recordExclusion(ledger.state(), item),
      stored: { ...before, state: 'excluded' },
    }
  const after = { ...item, interaction: item.readTelemetry(remedy.inputs) }
  const step = recordChange(ledger.state(), item, after)
  return { step, stored: { ...before, inputs: remedy.inputs, isPostError: step.isPostError } }
}
