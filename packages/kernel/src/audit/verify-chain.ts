import type { KeyObject } from 'node:crypto'
import { type Database, within } from '../db/index.ts'
import type { Principal } from '../principal/index.ts'
import { type ChainEntry, type ChainFault, chainStart, judgeEntry } from './judge-chain.ts'
import { genesisHash } from './link.ts'
import { type AuditRow, findHead, listEntriesFrom } from './store/audit-store.ts'

export type ChainReport = {
  readonly intact: boolean
  readonly entries: number
  readonly headHash: string
  /** The first faults, in order; at most 20. */
  readonly faults: readonly ChainFault[]
}

const pageRows = 1_000
const faultsMax = 20

/** Walks the caller's whole chain in pages, from the first entry to the head. */
export async function verifyChain(
  deps: { readonly db: Database },
  principal: Principal,
  publicKeys: ReadonlyMap<string, KeyObject>,
): Promise<ChainReport> {
  const head = (await within(deps, principal, findHead)) ?? { seq: 0, entryHash: genesisHash }
  const faults: ChainFault[] = []
  let position = chainStart
  let entries = 0
  for await (const entry of exportChain(deps, principal, head.seq)) {
    faults.push(...judgeEntry(position, entry, publicKeys))
    position = { seq: entry.seq, entryHash: entry.entry_hash }
    entries += 1
  }
  if (position.seq !== head.seq || position.entryHash !== head.entryHash)
    faults.push({ seq: head.seq, because: 'the chain ends before its head' })
  return {
    intact: faults.length === 0,
    entries,
    headHash: position.entryHash,
    faults: faults.slice(0, faultsMax),
  }
}

/** The caller's entries, oldest first, up to `lastSeq`; read in pages, so that memory stays flat. */
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
  return { ...row, seq: Number(row.seq), ts: row.ts.toISOString() }
}
