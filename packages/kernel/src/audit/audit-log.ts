import type { KeyObject } from 'node:crypto'
import type { TenantTx } from '../db/index.ts'
import { type Decision, toPayload } from './audit-entry.ts'
import { entryHash, genesisHash, type Link, sha256Hex, signEntry, toCanonicalJson } from './link.ts'
import { type AuditRow, insertEntries, lockHead } from './store/audit-store.ts'

export type SigningKey = {
  readonly id: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export type AuditLog = {
  /** Appends to the chain of the transaction's org, in the order given; the head stays locked until it commits. */
  readonly append: (tx: TenantTx, decisions: readonly Decision[]) => Promise<void>
}

export function createAuditLog(signingKey: SigningKey): AuditLog {
  return {
    append: async (tx, decisions) => {
      if (decisions.length === 0) return
      let head = await lockHead(tx, genesisHash)
      const rows: AuditRow[] = []
      for (const decision of decisions) {
        const row = toRow(tx, decision, head, signingKey)
        rows.push(row)
        head = { seq: head.seq + 1, entryHash: row.entry_hash }
      }
      await insertEntries(tx, rows)
    },
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
