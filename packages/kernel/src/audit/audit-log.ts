import type { TenantTx } from '../db/index.ts'
import { type Decision, toPayload } from './audit-entry.ts'
import { checkpointHead, signCheckpoint } from './checkpoints.ts'
import { entryHash, genesisHash, type Link, sha256Hex, signEntry, toCanonicalJson } from './link.ts'
import type { SigningKey } from './signing-key.ts'
import { type AuditRow, type Head, insertEntries, lockHead } from './store/audit-store.ts'
import { insertCheckpoint } from './store/checkpoint-store.ts'

export type AuditLog = {
  /** Appends to the chain of the transaction's org, in the order given; the head stays locked until it commits. */
  readonly append: (tx: TenantTx, decisions: readonly Decision[]) => Promise<void>
  /** Signs the end of the transaction's chain; returns its head, or undefined while the chain is empty. */
  readonly checkpoint: (tx: TenantTx, nowMs: number) => Promise<Head | undefined>
}

const checkpointEvery = 1_000

export function createAuditLog(signingKey: SigningKey): AuditLog {
  return {
    append: async (tx, decisions) => {
      if (decisions.length === 0) return
      let head = await lockHead(tx, genesisHash)
      const firstSeq = head.seq + 1
      const rows: AuditRow[] = []
      for (const decision of decisions) {
        const row = toRow(tx, decision, head, signingKey)
        rows.push(row)
        head = { seq: head.seq + 1, entryHash: row.entry_hash }
      }
      await insertEntries(tx, rows)
      const last = decisions.at(-1)
      if (last !== undefined && Math.floor(head.seq / checkpointEvery) * checkpointEvery >= firstSeq)
        await insertCheckpoint(tx, signCheckpoint(signingKey, tx.orgId, head, last.at))
    },
    checkpoint: (tx, nowMs) => checkpointHead(tx, signingKey, nowMs),
  }
}

function toRow(
  tx: TenantTx,
  decision: Decision,
  head: { readonly seq: number; readonly entryHash: string },
  signingKey: SigningKey,
): AuditRow {
  const body = toPayload(tx.principal, decision)
  const payload = toCanonicalJson(body)
  const ts = new Date(decision.at)
  const link: Link = {
    v: 1,
    seq: head.seq + 1,
    org_id: tx.orgId,
    event_type: decision.action,
    ts: ts.toISOString(),
    payload_hash: sha256Hex(payload),
    prev_hash: head.entryHash,
    key_id: signingKey.id,
  }
  const hash = entryHash(link)
  return {
    org_id: tx.orgId,
    seq: String(link.seq),
    ts,
    event_type: link.event_type,
    payload,
    payload_hash: link.payload_hash,
    prev_hash: link.prev_hash,
    entry_hash: hash,
    key_id: link.key_id,
    signature: signEntry(signingKey.privateKey, hash),
    actor_id: body.actor_id,
    resource_type: body.resource_type,
    resource_id: body.resource_id ?? null,
  }
}
