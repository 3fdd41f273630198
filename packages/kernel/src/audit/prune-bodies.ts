import { asWriter, lendWriter } from '../db/index.ts'
import { decideAsSystem } from './decide-as-system.ts'
import type { MutateDeps } from './mutate.ts'
import { clearBodies, findDueBodies, listChainsWithDueBodies } from './store/body-store.ts'
import { pruningEvent } from './verify-audit.mjs'

export type Pruning = {
  /** Bodies of entries written up to this time are removed; milliseconds since the epoch. */
  readonly throughMs: number
  readonly atMs: number
  /** The most bodies that are removed. */
  readonly limit: number
}

const chainsAtOnce = 200

/**
 * Removes the bodies of entries written up to `throughMs`, at most `limit`, and returns how many. Links, hashes and
 * signatures stay, so the chain still verifies; a new entry in each chain records up to where its bodies were removed
 * (A4).
 */
export async function pruneAuditBodies(deps: MutateDeps, pruning: Pruning): Promise<number> {
  const { throughMs, limit } = pruning
  let pruned = 0
  while (pruned < limit) {
    const chains = await asWriter(deps, (tx) => listChainsWithDueBodies(tx, throughMs, chainsAtOnce))
    for (const orgId of chains)
      if (pruned < limit) pruned += await pruneChain(deps, orgId, { ...pruning, limit: limit - pruned })
    if (chains.length === 0) break
  }
  return pruned
}

async function pruneChain(
  deps: MutateDeps,
  orgId: string,
  { throughMs, atMs, limit }: Pruning,
): Promise<number> {
  return decideAsSystem(deps, { kind: 'system', orgId, because: 'retention' }, async (tx, decide) => {
    const due = await findDueBodies(tx, throughMs, limit)
    if (due === undefined) return 0
    const { fromSeq, toSeq, bodies } = due
    const detail = { from_seq: fromSeq, to_seq: toSeq, through: new Date(throughMs).toISOString(), bodies }
    const audited = await decide({ action: pruningEvent, resourceId: orgId, detail, at: atMs })
    await lendWriter(audited, (writer) => clearBodies(writer, orgId, toSeq, throughMs))
    return bodies
  })
}
