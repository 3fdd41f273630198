import { listEntriesAt, merklePath, merkleRoot, toCanonicalJson, toChainEntry } from '@gatehouse/kernel/audit'
import { type TenantTx, within } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import type { OversightDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { findInteractions, listEventsOfReceipt } from '../store/interaction-store.ts'
import { findReceipts } from '../store/receipt-store.ts'
import { toReceipt } from './receipts.ts'
import { toReceiptItem } from './record-scores.ts'
import { replyStart } from './reply-start.ts'

/** A receipt with its chain link and payload and, for an item of a batch, its Merkle path (specification 10). */
export async function getReceipt(
  deps: OversightDeps,
  principal: Principal,
  receiptId: string,
  itemName: string | undefined,
  context: RequestContext,
) {
  return within(deps, principal, async (tx) => {
    const place = (await findReceipts(tx, [receiptId])).get(receiptId)
    const [row] = place === undefined ? [] : await listEntriesAt(tx, [place.seq])
    if (place === undefined || row === undefined) throw problems.NOT_FOUND()
    const entry = toChainEntry(row)
    const { seq, org_id, event_type, ts, payload_hash, prev_hash, key_id, payload } = entry
    return {
      ...replyStart(deps, context),
      receipt: toReceipt(place, entry),
      link: { v: 1 as const, seq, org_id, event_type, ts, payload_hash, prev_hash, key_id },
      payload,
      proof: itemName === undefined ? null : await proveItem(tx, receiptId, itemName, payload),
    }
  })
}

type Item = { readonly sessionId: string; readonly interactionId: string; readonly text: string }

async function proveItem(tx: TenantTx, receiptId: string, name: string, payload: string | null) {
  const items = await listItems(tx, receiptId)
  const named = items.flatMap((item, index) =>
    item.sessionId === name || item.interactionId === name ? [{ item, index }] : [],
  )
  const [one] = named
  if (one === undefined) throw problems.NOT_FOUND()
  if (named.length > 1)
    throw problems.VALIDATION_FAILED({
      fields: [
        { field: 'session_id', message: `names ${named.length} items of this batch: give an interaction_id` },
      ],
    })
  // The receipt of a single score has no tree: the payload itself is hashed.
  const texts = items.map(({ text }) => text)
  const root = merkleRoot(texts)
  // Safe: the server writes payloads as JSON objects.
  const said = payload === null ? undefined : (JSON.parse(payload) as { readonly root?: string })
  if (said !== undefined && said.root === undefined) return null
  if (said !== undefined && said.root !== root) throw problems.INPUTS_EXPIRED()
  return {
    index: one.index,
    count: items.length,
    root,
    item: one.item.text,
    path: [...merklePath(texts, one.index)],
  }
}

/** The items that the receipt commits to, in the order of its tree. */
async function listItems(tx: TenantTx, receiptId: string): Promise<readonly Item[]> {
  const events = await listEventsOfReceipt(tx, receiptId)
  const stored = await findInteractions(
    tx,
    events.map(({ interactionId }) => interactionId),
  )
  return events.map((event) => {
    const one = stored.get(event.interactionId)
    // If one item is past its retention or erased, the Merkle paths of the others cannot be computed.
    if (one === undefined || event.data === null) throw problems.INPUTS_EXPIRED()
    const { inputs, evidence } = event.data
    const item = toReceiptItem({ ...one, inputs, evidence, ledgerSeq: event.ledgerSeq }, event.shown)
    return {
      sessionId: one.sessionId,
      interactionId: item.interaction_id,
      text: toCanonicalJson(item),
    }
  })
}
