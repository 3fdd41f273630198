import {
  type AuditedTx,
  type Decision,
  type JsonValue,
  type SignedLink,
  toActor,
} from '@gatehouse/kernel/audit'
import { newId } from '@gatehouse/kernel/ids'
import type { Principal } from '@gatehouse/kernel/principal'
import type { Receipt } from '../contract/blocks.ts'
import type { Model } from '../params-hash.ts'
import { insertReceipt, type ReceiptPlace } from '../store/receipt-store.ts'

/** The subject of a receipt's entry, and the versions under which it was made. */
export type Receipted = {
  readonly eventType: string
  readonly kind: string
  readonly model: Model
  readonly normId: string | null
  readonly settingsVersion: number
  readonly payload: { readonly [member: string]: JsonValue }
  readonly atMs: number
}

export type PreparedReceipt = {
  readonly receiptId: string
  readonly entry: Decision
  readonly about: Receipted
}

export function newReceiptId(nowMs: number): string {
  return `rcp_${newId(nowMs)}`
}

/** A chain entry that becomes a receipt. Its receipt id is known before the entry's position. */
export function prepareReceipt(principal: Principal, receiptId: string, about: Receipted): PreparedReceipt {
  const payload = {
    event_type: about.eventType,
    kind: about.kind,
    ...toActor(principal),
    receipt_id: receiptId,
    model_version: about.model.version,
    params_hash: about.model.paramsHash,
    norm_id: about.normId,
    settings_version: about.settingsVersion,
    ...about.payload,
  }
  return { receiptId, about, entry: { action: about.eventType, payload, at: about.atMs } }
}

/** Stores the receipt's position, once its entry is in the chain. */
export async function issueReceipt(
  tx: AuditedTx,
  { receiptId, about }: PreparedReceipt,
  link: SignedLink | undefined,
): Promise<Receipt> {
  if (link === undefined) throw new Error('The chain gave no link for an entry')
  const place: ReceiptPlace = {
    receiptId,
    kind: about.kind,
    seq: link.seq,
    modelVersion: about.model.version,
    paramsHash: about.model.paramsHash,
    normId: about.normId,
    settingsVersion: about.settingsVersion,
  }
  await insertReceipt(tx, place)
  return toReceipt(place, link)
}

export function toReceipt(
  place: ReceiptPlace,
  link: Pick<SignedLink, 'ts' | 'payload_hash' | 'prev_hash' | 'entry_hash' | 'signature' | 'key_id'>,
): Receipt {
  return {
    receipt_id: place.receiptId,
    kind: place.kind,
    seq: place.seq,
    ts: link.ts,
    payload_hash: link.payload_hash,
    prev_hash: link.prev_hash,
    entry_hash: link.entry_hash,
    signature: link.signature,
    key_id: link.key_id,
    model_version: place.modelVersion,
    params_hash: place.paramsHash,
    norm_id: place.normId,
    settings_version: place.settingsVersion,
  }
}
