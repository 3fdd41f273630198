import { sql } from 'kysely'
import { query, type TenantTx, type WriterTx } from '../../db/index.ts'
import type { Checkpoint } from '../judge-chain.ts'
import { toInstantText } from './to-instant-text.ts'

type CheckpointRow = Omit<Checkpoint, 'seq' | 'ts'> & { readonly seq: string; readonly ts: Date }

type CheckpointTables = { 'gatehouse.audit_checkpoint': CheckpointRow }

/** Does nothing where another node has signed the same entry. */
export async function insertCheckpoint(tx: TenantTx, checkpoint: Checkpoint): Promise<void> {
  await query<CheckpointTables>(tx)
    .insertInto('gatehouse.audit_checkpoint')
    .values({ ...checkpoint, seq: String(checkpoint.seq), ts: new Date(checkpoint.ts) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Oldest first, strictly after `afterSeq`. */
export async function listCheckpoints(tx: TenantTx, afterSeq: number, limit: number): Promise<Checkpoint[]> {
  const rows = await query<CheckpointTables>(tx)
    .selectFrom('gatehouse.audit_checkpoint')
    .select(['org_id', 'seq', 'entry_hash', 'ts', 'key_id', 'signature'])
    .where('org_id', '=', tx.orgId)
    .where('seq', '>', String(afterSeq))
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...row, seq: Number(row.seq), ts: toInstantText(row.ts) }))
}

/** How far the newest checkpoint reaches; 0 when there is none. */
export async function findSignedSeq(tx: TenantTx): Promise<number> {
  const row = await query<CheckpointTables>(tx)
    .selectFrom('gatehouse.audit_checkpoint')
    .select((of) => of.fn.max('seq').as('seq'))
    .where('org_id', '=', tx.orgId)
    .executeTakeFirst()
  return Number(row?.seq ?? 0)
}

/** Orgs whose newest entry no checkpoint has signed, in the order of their ids, strictly after `afterOrg`. */
export async function listUnsignedOrgs(tx: WriterTx, afterOrg: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ org_id: string }>`
    SELECT head.org_id FROM gatehouse.audit_head AS head
     WHERE head.org_id > ${afterOrg} AND head.seq > 0
       AND NOT EXISTS (SELECT FROM gatehouse.audit_checkpoint AS signed
                        WHERE signed.org_id = head.org_id AND signed.seq = head.seq)
     ORDER BY head.org_id LIMIT ${limit}`.execute(query(tx))
  return rows.map((row) => row.org_id)
}
