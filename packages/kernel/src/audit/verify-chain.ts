import type { KeyObject } from 'node:crypto'
import { type Database, within } from '../db/index.ts'
import type { Principal } from '../principal/index.ts'
import { type ChainEntry, type ChainFault, type Checkpoint, createChainJudge } from './judge-chain.ts'
import { genesisHash } from './link.ts'
import { type AuditRow, findHead, listEntriesFrom } from './store/audit-store.ts'
import { toInstantText } from './store/to-instant-text.ts'
import { countCheckpoints, listCheckpoints } from './store/checkpoint-store.ts'

export type ChainReport = {
  readonly intact: boolean
  readonly entries: number
  readonly headHash: string
  /** The first faults, in chain order; at most 20. */
  readonly faults: readonly ChainFault[]
}

const pageRows = 1_000
const faultsMax = 20

/** Verifies the caller's whole chain in pages, from the first entry to the head, against its checkpoints. */
export async function verifyChain(
  deps: { readonly db: Database },
  principal: Principal,
  publicKeys: ReadonlyMap<string, KeyObject>,
): Promise<ChainReport> {
  const judge = createChainJudge(publicKeys)
  const known = await within(deps, principal, countCheckpoints)
  let found = 0
  for await (const checkpoint of exportCheckpoints(deps, principal)) {
    judge.takeCheckpoint(checkpoint)
    found = checkpoint.number ?? found + 1
  }
  // The head is read after the checkpoints, so each of them should lie within the chain; one that does not shows that
  // the end of the chain is missing.
  const head = (await within(deps, principal, findHead)) ?? { seq: 0, entryHash: genesisHash }
  for await (const entry of exportChain(deps, principal, head.seq)) judge.takeEntry(entry)
  const { entries, headSeq, headHash, faults } = judge.finish()
  const all = [
    ...faults,
    // The checkpoints were counted before they were read, so that one added in between is no fault.
    ...(found >= known
      ? []
      : [{ seq: head.seq, because: `its newest checkpoint, number ${known}, is missing` }]),
    ...(headSeq === head.seq && headHash === head.entryHash
      ? []
      : [{ seq: head.seq, because: 'the chain ends before its head' }]),
  ]
  return { intact: all.length === 0, entries, headHash, faults: all.slice(0, faultsMax) }
}

/** The caller's checkpoints up to `lastSeq`, oldest first. */
export async function* exportCheckpoints(
  deps: { readonly db: Database },
  principal: Principal,
  lastSeq = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<Checkpoint> {
  let afterSeq = 0
  for (;;) {
    const page = await within(deps, principal, (tx) => listCheckpoints(tx, afterSeq, pageRows))
    for (const checkpoint of page) {
      if (checkpoint.seq > lastSeq) return
      afterSeq = checkpoint.seq
      yield checkpoint
    }
    if (page.length < pageRows) return
  }
}

/** The caller's entries up to `lastSeq`, oldest first; read in pages, so that memory use stays constant. */
export async function* exportChain(
  deps: { readonly db: Database },
  principal: Principal,
  lastSeq = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<ChainEntry> {
  let afterSeq = 0
  for (;;) {
    const rows = await within(deps, principal, (tx) => listEntriesFrom(tx, afterSeq, pageRows))
    for (const row of rows) {
      const entry = toChainEntry(row)
      if (entry.seq > lastSeq) return
      afterSeq = entry.seq
      yield entry
    }
    if (rows.length < pageRows) return
  }
}

export function toChainEntry(row: AuditRow): ChainEntry {
  return { ...row, seq: Number(row.seq), ts: toInstantText(row.ts) }
}
