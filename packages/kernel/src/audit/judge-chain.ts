import type { KeyObject } from 'node:crypto'
import { entryHash, genesisHash, isEntrySignature, sha256Hex } from './link.ts'

/** One exported line of a chain; `payload` is the exact text that was hashed, or null once pruned. */
export type ChainEntry = {
  readonly org_id: string
  readonly seq: number
  readonly ts: string
  readonly event_type: string
  readonly payload: string | null
  readonly payload_hash: string
  readonly prev_hash: string
  readonly entry_hash: string
  readonly key_id: string
  readonly signature: string
  readonly actor_id: string | null
  readonly resource_type: string | null
  readonly resource_id: string | null
}

export type ChainFault = { readonly seq: number; readonly because: string }

export type ChainPosition = { readonly seq: number; readonly entryHash: string }

export const chainStart: ChainPosition = { seq: 0, entryHash: genesisHash }

/** Everything that is wrong with `entry` as the successor of `previous`. Empty: it is exactly what was written. */
export function judgeEntry(
  previous: ChainPosition,
  entry: ChainEntry,
  publicKeys: ReadonlyMap<string, KeyObject>,
): readonly ChainFault[] {
  const faults: ChainFault[] = []
  const fault = (because: string): void => void faults.push({ seq: entry.seq, because })

  if (entry.seq !== previous.seq + 1) fault(`entry ${previous.seq + 1} should follow, but ${entry.seq} does`)
  if (entry.prev_hash !== previous.entryHash) fault('it does not point to the entry before it')
  if (entry.payload !== null) judgePayload(entry, entry.payload, fault)
  const { seq, org_id, event_type, ts, payload_hash, prev_hash, key_id } = entry
  if (entryHash({ v: 1, seq, org_id, event_type, ts, payload_hash, prev_hash, key_id }) !== entry.entry_hash)
    fault('its link was changed after it was written')
  const publicKey = publicKeys.get(key_id)
  if (publicKey === undefined) fault(`it is signed by the unknown key ${key_id}`)
  else if (!isEntrySignature(publicKey, entry.entry_hash, entry.signature))
    fault('its signature does not fit')
  return faults
}

function judgePayload(entry: ChainEntry, payload: string, fault: (because: string) => void): void {
  if (sha256Hex(payload) !== entry.payload_hash) return fault('its payload was changed after it was written')
  const body = parseObject(payload)
  for (const column of ['event_type', 'actor_id', 'resource_type', 'resource_id'] as const) {
    if ((body[column] ?? null) !== entry[column]) fault(`its column ${column} differs from its payload`)
  }
}

function parseObject(payload: string): Readonly<Record<string, unknown>> {
  const body: unknown = JSON.parse(payload)
  return typeof body === 'object' && body !== null ? { ...body } : {}
}
