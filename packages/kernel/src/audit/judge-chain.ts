import { genesisHash } from './verify-audit.mjs'

export {
  createChainJudge,
  judgeEntry,
  readLines,
  toAnchors,
  toPublicKeys,
  toText as toVerdictText,
  verifyExport,
} from './verify-audit.mjs'

/** The one dependency-free file that verifies an export without this package (A5). */
export const verifierFile = new URL('./verify-audit.mjs', import.meta.url)

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

/**
 * The length of a chain at `ts`, and the hash of its last entry. `signature`: Ed25519 over
 * `gatehouse.checkpoint.v2:ORG:NUMBER:PREV_HASH:SEQ:ENTRY_HASH:TS:KEY_ID`, base64url without padding. `prev_hash` is
 * the SHA-256 of the text that the previous checkpoint signed, a colon and its signature. Checkpoints from before
 * numbering come before the numbered ones, are counted by their numbers, and signed
 * `gatehouse.checkpoint.v1:ORG:SEQ:ENTRY_HASH:TS:KEY_ID`.
 */
export type Checkpoint = {
  readonly number: number | null
  readonly prev_hash: string | null
  readonly org_id: string
  readonly seq: number
  readonly entry_hash: string
  readonly ts: string
  readonly key_id: string
  readonly signature: string
}

/** A checkpoint as a line of an export, and of the file of anchors that the verifier takes. */
export function toAnchorLine(checkpoint: Checkpoint): string {
  return JSON.stringify({ kind: 'checkpoint', ...checkpoint })
}

export type ChainFault = { readonly seq: number; readonly because: string }

export type ChainPosition = { readonly seq: number; readonly entryHash: string }

export const chainStart: ChainPosition = { seq: 0, entryHash: genesisHash }
