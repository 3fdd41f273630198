import {
  type ChainPosition,
  judgeEntry,
  listEntriesFrom,
  toChainEntry,
  verifyChain,
} from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import type { ChainRange } from '../contract/audit.ts'
import type { OversightDeps } from '../deps.ts'
import { replyStart } from './reply-start.ts'
import { tellBrokenChain } from './verify-chains.ts'

const pageRows = 1_000

type Fault = { readonly seq: number; readonly because: string }

type Verdict = {
  readonly checked: number
  readonly firstSeq: number | null
  readonly lastSeq: number | null
  readonly fault: Fault | undefined
}

/**
 * Verifies the organisation's chain: all of it with its checkpoints, or a range of entries and the links between
 * them.
 */
export async function verifyOwnChain(
  deps: OversightDeps,
  principal: Principal,
  { from_seq: fromSeq, to_seq: toSeq }: ChainRange,
  context: RequestContext,
) {
  const verdict =
    fromSeq === undefined && toSeq === undefined
      ? await verifyWhole(deps, principal)
      : await verifyRange(deps, principal, fromSeq ?? 1, toSeq ?? Number.MAX_SAFE_INTEGER)
  const { checked, firstSeq, lastSeq, fault } = verdict
  if (fault !== undefined) await tellBrokenChain(deps, principal, fault)
  return {
    ...replyStart(deps, context),
    valid: fault === undefined,
    checked,
    first_seq: firstSeq,
    last_seq: lastSeq,
    broken_at: fault?.seq ?? null,
    reason: fault === undefined ? null : toReason(fault.because),
  }
}

async function verifyWhole(deps: OversightDeps, principal: Principal): Promise<Verdict> {
  const { entries, faults } = await verifyChain(deps, principal, deps.signingPublicKeys)
  return {
    checked: entries,
    firstSeq: entries > 0 ? 1 : null,
    lastSeq: entries > 0 ? entries : null,
    fault: faults[0],
  }
}

async function verifyRange(
  deps: OversightDeps,
  principal: Principal,
  fromSeq: number,
  toSeq: number,
): Promise<Verdict> {
  let previous: ChainPosition | undefined
  let checked = 0
  let lastSeq: number | null = null
  for (let afterSeq = fromSeq - 1; afterSeq < toSeq;) {
    const rows = await within(deps, principal, (tx) => listEntriesFrom(tx, afterSeq, pageRows))
    for (const row of rows) {
      const entry = toChainEntry(row)
      if (entry.seq > toSeq) return { checked, firstSeq: fromSeq, lastSeq, fault: undefined }
      // The entry before the first of a range is not verified.
      const before = previous ?? { seq: fromSeq - 1, entryHash: entry.prev_hash }
      const [fault] = judgeEntry(before, entry, deps.signingPublicKeys)
      checked += 1
      lastSeq = entry.seq
      if (fault !== undefined) return { checked, firstSeq: fromSeq, lastSeq, fault }
      previous = { seq: entry.seq, entryHash: entry.entry_hash }
      afterSeq = entry.seq
    }
    if (rows.length < pageRows) break
  }
  return { checked, firstSeq: checked === 0 ? null : fromSeq, lastSeq, fault: undefined }
}

/** Maps a fault to the three reasons that clients know. */
function toReason(because: string): 'content' | 'linkage' | 'signature' {
  if (/sign(?:ed|ature)/.test(because) && !/checkpoint signed this entry/.test(because)) return 'signature'
  return /payload|column|link was changed/.test(because) ? 'content' : 'linkage'
}
