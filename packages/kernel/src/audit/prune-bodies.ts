import { asWriter, lendWriter } from '../db/index.ts'
import { decideAsSystem } from './decide-as-system.ts'
import type { MutateDeps } from './mutate.ts'
import { clearBodies, findDueBodies, listChainsWithDueBodies } from './store/body-store.ts'
import { pruningEvent } from './verify-audit.mjs'

export type Pruning = {
  /** The youngest body that goes. */
  readonly throughMs: number
  readonly atMs: number
  /** How many bodies at most. */
  readonly limit: number
}

const chainsAtOnce = 200

/**
 * Takes the bodies of entries written up to `throughMs` and returns how many. Links, hashes and signatures stay, so the
 * chain still verifies; an entry of each chain says up to where its bodies are gone (A4).
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
