import { sign } from 'node:crypto'
import { asWriter, type Database, recordTelemetry, type TelemetryTx, type WriterTx } from '../db/index.ts'
import type { SigningKey } from './signing-key.ts'
import type { Checkpoint } from './judge-chain.ts'
import type { Head } from './store/audit-store.ts'
import {
  findNewestCheckpoint,
  findSignedSeq,
  insertCheckpoint,
  listUnsentOrgs,
  listUnsignedOrgs,
  lockHead,
  setAllSigned,
  setCheckpointsSent,
} from './store/checkpoint-store.ts'
import { genesisHash, toCheckpointHash, toCheckpointText } from './verify-audit.mjs'

const orgsAtOnce = 200
const beforeAllOrgs = '00000000-0000-0000-0000-000000000000'

/** Signs the end of a chain as the checkpoint that follows `before`; `count` is the number of earlier checkpoints. */
export function signCheckpoint(
  { id, privateKey }: SigningKey,
  orgId: string,
  head: Head,
  atMs: number,
  { count, before }: { readonly count: number; readonly before: Checkpoint | undefined } = {
    count: 0,
    before: undefined,
  },
): Checkpoint {
  const unsigned = {
    org_id: orgId,
    number: count + 1,
    prev_hash: before === undefined ? genesisHash : toCheckpointHash(before),
    seq: head.seq,
    entry_hash: head.entryHash,
    ts: new Date(atMs).toISOString(),
    key_id: id,
  }
  const signature = sign(null, Buffer.from(toCheckpointText(unsigned), 'utf8'), privateKey)
  return { ...unsigned, signature: signature.toString('base64url') }
}

/**
 * Signs the end of the caller's chain. Returns the sequence number up to which checkpoints cover it: the last one,
 * unless entries are missing.
 */
export async function checkpointHead(
  tx: TelemetryTx,
  signingKey: SigningKey,
  nowMs: number,
): Promise<number> {
  await signHead(tx, signingKey, nowMs)
  return findSignedSeq(tx)
}

/**
 * Signs the end of the chain unless a checkpoint covers it already. The head is locked meanwhile, so that each
 * checkpoint gets a number of its own.
 */
export async function signHead(tx: TelemetryTx, signingKey: SigningKey, nowMs: number): Promise<void> {
  const head = await lockHead(tx)
  if (head === undefined || head.seq === 0) return
  await setAllSigned(tx)
  const before = await findNewestCheckpoint(tx)
  if (before !== undefined && before.seq >= head.seq) return
  const place = { count: head.checkpoints, before }
  await insertCheckpoint(tx, signCheckpoint(signingKey, tx.orgId, head, nowMs, place))
}

/** Signs every chain that grew since its last checkpoint (A3), and returns how many; runs every ten minutes. */
export async function writeCheckpoints(
  deps: { readonly db: Database },
  signingKey: SigningKey,
  nowMs: number,
  signal: AbortSignal,
): Promise<number> {
  return ofEachOrg(deps, listUnsignedOrgs, signal, (tx) => signHead(tx, signingKey, nowMs))
}

/**
 * Passes the newest checkpoint of each chain to `send`, unless an earlier run did, and returns how many it passed (A5).
 * `send` runs in the transaction that records the sending, so each checkpoint is sent at least once.
 */
export async function sendCheckpoints(
  deps: { readonly db: Database },
  signal: AbortSignal,
  send: (tx: TelemetryTx, checkpoint: Checkpoint) => Promise<void>,
): Promise<number> {
  return ofEachOrg(deps, listUnsentOrgs, signal, async (tx) => {
    const head = await lockHead(tx)
    const newest = await findNewestCheckpoint(tx)
    if (head === undefined || newest === undefined || head.sent >= head.checkpoints) return
    await send(tx, newest)
    await setCheckpointsSent(tx, head.checkpoints)
  })
}

async function ofEachOrg(
  deps: { readonly db: Database },
  list: (tx: WriterTx, afterOrg: string, limit: number) => Promise<readonly string[]>,
  signal: AbortSignal,
  work: (tx: TelemetryTx) => Promise<void>,
): Promise<number> {
  let afterOrg = beforeAllOrgs
  let done = 0
  while (!signal.aborted) {
    const orgs = await asWriter(deps, (tx) => list(tx, afterOrg, orgsAtOnce))
    for (const orgId of orgs)
      await recordTelemetry(deps, { kind: 'system', orgId, because: 'checkpoint' }, work)
    done += orgs.length
    const last = orgs.at(-1)
    if (last === undefined || orgs.length < orgsAtOnce) return done
    afterOrg = last
  }
  return done
}
