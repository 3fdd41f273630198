import { sign } from 'node:crypto'
import { asWriter, type Database, type TenantTx, within } from '../db/index.ts'
import type { SigningKey } from './signing-key.ts'
import type { Checkpoint } from './judge-chain.ts'
import { findHead, type Head } from './store/audit-store.ts'
import { findSignedSeq, insertCheckpoint, listUnsignedOrgs } from './store/checkpoint-store.ts'
import { toCheckpointText } from './verify-audit.mjs'

const orgsAtOnce = 200
const beforeAllOrgs = '00000000-0000-0000-0000-000000000000'

export function signCheckpoint(
  { id, privateKey }: SigningKey,
  orgId: string,
  head: Head,
  atMs: number,
): Checkpoint {
  const unsigned = {
    org_id: orgId,
    seq: head.seq,
    entry_hash: head.entryHash,
    ts: new Date(atMs).toISOString(),
    key_id: id,
  }
  const signature = sign(null, Buffer.from(toCheckpointText(unsigned), 'utf8'), privateKey)
  return { ...unsigned, signature: signature.toString('base64url') }
}

/** Signs the end of the caller's chain, and returns how far its checkpoints reach: to its end, unless entries are gone. */
export async function checkpointHead(tx: TenantTx, signingKey: SigningKey, nowMs: number): Promise<number> {
  const head = await findHead(tx)
  if (head !== undefined && head.seq > 0)
    await insertCheckpoint(tx, signCheckpoint(signingKey, tx.orgId, head, nowMs))
  return findSignedSeq(tx)
}

/** Signs every chain that grew since its last checkpoint (A3), and returns how many; runs every ten minutes. */
export async function writeCheckpoints(
  deps: { readonly db: Database },
  signingKey: SigningKey,
  nowMs: number,
  signal: AbortSignal,
): Promise<number> {
  let afterOrg = beforeAllOrgs
  let written = 0
  while (!signal.aborted) {
    const orgs = await asWriter(deps, (tx) => listUnsignedOrgs(tx, afterOrg, orgsAtOnce))
    for (const orgId of orgs)
      await within(deps, { kind: 'system', orgId, because: 'checkpoint' }, (tx) =>
        checkpointHead(tx, signingKey, nowMs),
      )
    written += orgs.length
    const last = orgs.at(-1)
    if (last === undefined || orgs.length < orgsAtOnce) return written
    afterOrg = last
  }
  return written
}
