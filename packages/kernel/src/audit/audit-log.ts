import type { TelemetryTx, TenantTx } from '../db/index.ts'
import { type Decision, toPayload } from './audit-entry.ts'
import { checkpointHead, signHead } from './checkpoints.ts'
import { entryHash, genesisHash, type Link, sha256Hex, signEntry, toCanonicalJson } from './link.ts'
import type { AuditedTx } from './audited-tx.ts'
import type { SigningKey } from './signing-key.ts'
import { appendEntries, type AuditRow, type Head } from './store/audit-store.ts'

export type AuditLog = {
  /**
   * Appends to the chain of the transaction's org, in the order given; the head of the chain stays locked until the
   * commit.
   */
  readonly append: (tx: AuditedTx, decisions: readonly Decision[]) => Promise<readonly SignedLink[]>
  /**
   * Signs the end of the transaction's chain. Returns the sequence number up to which checkpoints cover it: the last
   * one, unless entries are missing.
   */
  readonly checkpoint: (tx: TelemetryTx, nowMs: number) => Promise<number>
}

/** The chain data of one entry. With the payload it proves the entry offline. */
export type SignedLink = Link & { readonly entry_hash: string; readonly signature: string }

const checkpointEvery = 1_000
const chainsRemembered = 10_000
const emptyChain: Head = { seq: 0, entryHash: genesisHash }

/** The part of an entry that does not depend on the entry before it. */
type Prepared = {
  readonly decision: Decision
  readonly body: { readonly [member: string]: unknown }
  readonly payload: string
  readonly payloadHash: string
}

export function createAuditLog(signingKey: SigningKey): AuditLog {
  // The expected end of each chain once all pending writes of this node are committed. With it, entries are signed in
  // advance and written in one round trip. The guess is wrong after a rollback or an entry of another node, and then
  // costs a second round trip.
  const expectedHeads = new Map<string, Head>()
  return {
    append: async (tx, decisions) => {
      const last = decisions.at(-1)
      if (last === undefined) return []
      const prepared = decisions.map((decision) => prepare(tx, decision))
      let before: Head | undefined = expectedHeads.get(tx.orgId) ?? emptyChain
      let head = before
      let rows: readonly AuditRow[] = []
      while (before !== undefined) {
        rows = toRows(tx.orgId, prepared, before, signingKey)
        head = { seq: before.seq + rows.length, entryHash: rows.at(-1)?.entry_hash ?? before.entryHash }
        if (expectedHeads.size >= chainsRemembered) expectedHeads.clear()
        expectedHeads.set(tx.orgId, head)
        const real = await appendEntries(tx, before, rows)
        if (real?.isDue === true) await signHead(tx, signingKey, last.at)
        before = real
      }
      const firstSeq = head.seq - decisions.length + 1
      if (Math.floor(head.seq / checkpointEvery) * checkpointEvery >= firstSeq)
        await signHead(tx, signingKey, last.at)
      return rows.map(toSignedLink)
    },
    checkpoint: (tx, nowMs) => checkpointHead(tx, signingKey, nowMs),
  }
}

function prepare({ principal }: TenantTx, decision: Decision): Prepared {
  const body = decision.payload ?? toPayload(principal, decision)
  const payload = toCanonicalJson(body)
  return { decision, body, payload, payloadHash: sha256Hex(payload) }
}

function toSignedLink(row: AuditRow): SignedLink {
  return {
    v: 1,
    seq: Number(row.seq),
    org_id: row.org_id,
    event_type: row.event_type,
    ts: row.ts.toISOString(),
    payload_hash: row.payload_hash,
    prev_hash: row.prev_hash,
    key_id: row.key_id,
    entry_hash: row.entry_hash,
    signature: row.signature,
  }
}

/** The entries that continue a chain which ends in `before`. */
function toRows(
  orgId: string,
  prepared: readonly Prepared[],
  before: Head,
  signingKey: SigningKey,
): readonly AuditRow[] {
  let head = before
  return prepared.map((one) => {
    const row = toRow(orgId, one, head, signingKey)
    head = { seq: head.seq + 1, entryHash: row.entry_hash }
    return row
  })
}

function toRow(
  orgId: string,
  { decision, body, payload, payloadHash }: Prepared,
  head: Head,
  signingKey: SigningKey,
): AuditRow {
  const ts = new Date(decision.at)
  const link: Link = {
    v: 1,
    seq: head.seq + 1,
    org_id: orgId,
    event_type: decision.action,
    ts: ts.toISOString(),
    payload_hash: payloadHash,
    prev_hash: head.entryHash,
    key_id: signingKey.id,
  }
  const hash = entryHash(link)
  return {
    org_id: orgId,
    seq: String(link.seq),
    ts,
    event_type: link.event_type,
    payload,
    payload_hash: link.payload_hash,
    prev_hash: link.prev_hash,
    entry_hash: hash,
    key_id: link.key_id,
    signature: signEntry(signingKey.privateKey, hash),
    actor_id: textOf(body['actor_id']),
    resource_type: textOf(body['resource_type']),
    resource_id: textOf(body['resource_id']),
  }
}

/** The value of a payload member for the column that repeats it; null unless it is a string. */
function textOf(member: unknown): string | null {
  return typeof member === 'string' ? member : null
}
