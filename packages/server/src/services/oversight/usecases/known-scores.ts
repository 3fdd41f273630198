import { listEntriesAt } from '@gatehouse/kernel/audit'
import { type TenantTx, within } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import type { Receipt } from '../contract/blocks.ts'
import type { OversightDeps } from '../deps.ts'
import { decayOf, defaultSettings } from '../domain/settings.ts'
import { modelOf } from '../params-hash.ts'
import {
  findInteractions,
  type LedgerEvent,
  listLedgerEvents,
  type StoredInteraction,
} from '../store/interaction-store.ts'
import { findOperator } from '../store/operator-store.ts'
import { findReceipts } from '../store/receipt-store.ts'
import { findSettingsVersion } from '../store/rule-store.ts'
import { toReceipt } from './receipts.ts'
import type { ScoredInteraction } from './to-score-reply.ts'

/** The first reply about an interaction, reconstructed from its ledger event and its receipt. */
export type KnownScore = {
  readonly scored: ScoredInteraction
  readonly fingerprint: string | null
  readonly receipt: Receipt
}

export async function readKnown(
  deps: OversightDeps,
  principal: Principal,
  interactionIds: readonly string[],
): Promise<readonly KnownScore[]> {
  if (interactionIds.length === 0) return []
  return within(deps, principal, async (tx) => {
    const found = await findInteractions(tx, interactionIds)
    const events = await listLedgerEvents(tx, interactionIds)
    const firsts = new Map<string, LedgerEvent>()
    for (const event of events) if (event.kind === 'score') firsts.set(event.interactionId, event)
    const known = interactionIds.flatMap((id) => {
      const [stored, event] = [found.get(id), firsts.get(id)]
      return stored === undefined || event === undefined ? [] : [{ stored, event }]
    })
    const receipts = await readReceipts(
      tx,
      known.map(({ event }) => event.receiptId),
    )
    const answers: KnownScore[] = []
    for (const { stored, event } of known) {
      const receipt = receipts.get(event.receiptId)
      if (receipt === undefined) throw new Error(`The receipt ${event.receiptId} has no place in the chain`)
      answers.push({ ...(await toKnown(tx, stored, event)), receipt })
    }
    return answers
  })
}

/** The standing that a stored interaction had after one of its events. */
export async function toKnown(
  tx: TenantTx,
  stored: StoredInteraction,
  event: LedgerEvent,
): Promise<Omit<KnownScore, 'receipt'>> {
  const model = modelOf(stored.modelVersion)
  const operator = await findOperator(tx, stored.operatorId)
  const settings = await findSettingsVersion(tx, stored.settingsVersion)
  const isClosed = event.data?.closed === true
  return {
    fingerprint: isClosed ? stored.commitFingerprint : null,
    scored: {
      sessionId: stored.sessionId,
      operatorId: stored.operatorId,
      domain: stored.domain,
      interactionId: stored.id,
      state: isClosed ? 'committed' : 'open',
      outcomeKnown: event.data !== null && event.data.inputs.outcomeCorrect !== null,
      duplicate: true,
      shown: event.shown,
      estimate: null,
      decay: decayOf(settings, stored.domain, model.parameters),
      evidence: event.data?.evidence ?? stored.evidence,
      roleClass: operator?.roleClass ?? defaultSettings.defaultRoleClass,
      model,
      warnings: [],
    },
  }
}

/** Receipts with the chain links that they stand for, by id. */
export async function readReceipts(
  tx: TenantTx,
  receiptIds: readonly string[],
): Promise<ReadonlyMap<string, Receipt>> {
  const places = await findReceipts(tx, [...new Set(receiptIds)])
  const rows = await listEntriesAt(
    tx,
    [...places.values()].map(({ seq }) => seq),
  )
  const bySeq = new Map(rows.map((row) => [Number(row.seq), row]))
  return new Map(
    [...places].flatMap(([id, place]) => {
      const row = bySeq.get(place.seq)
      return row === undefined ? [] : [[id, toReceipt(place, { ...row, ts: row.ts.toISOString() })] as const]
    }),
  )
}
