import { sql } from 'kysely'
import { query, type TelemetryTx, type TenantTx, type WriterTx } from '../../db/index.ts'
import type { Checkpoint } from '../judge-chain.ts'
import type { Head } from './audit-store.ts'
import { toInstantText } from './to-instant-text.ts'

type CheckpointRow = Omit<Checkpoint, 'seq' | 'ts' | 'number'> & {
  readonly seq: string
  readonly ts: Date
  readonly number: string | null
}

type CheckpointTables = {
  'gatehouse.audit_checkpoint': CheckpointRow
  'gatehouse.audit_head': {
    org_id: string
    seq: string
    entry_hash: string
    checkpoints: string
    checkpoints_sent: string
    unsigned_since: Date | null
  }
}

const columns = ['org_id', 'seq', 'entry_hash', 'ts', 'key_id', 'signature', 'number', 'prev_hash'] as const

/** Inserts a checkpoint of the end of the chain, which the caller has locked. */
export async function insertCheckpoint(tx: TelemetryTx, checkpoint: Checkpoint): Promise<void> {
  const { seq, ts, number } = checkpoint
  const row = {
    ...checkpoint,
    seq: String(seq),
    ts: new Date(ts),
    number: number === null ? null : String(number),
  }
  await query<CheckpointTables>(tx).insertInto('gatehouse.audit_checkpoint').values(row).execute()
  if (row.number !== null)
    await query<CheckpointTables>(tx)
      .updateTable('gatehouse.audit_head')
      .set({ checkpoints: row.number })
      .where('org_id', '=', tx.orgId)
      .execute()
}

/** Notes that no entry of the chain waits for a checkpoint. */
export async function setAllSigned(tx: TelemetryTx): Promise<void> {
  await query<CheckpointTables>(tx)
    .updateTable('gatehouse.audit_head')
    .set({ unsigned_since: null })
    .where('org_id', '=', tx.orgId)
    .where('unsigned_since', 'is not', null)
    .execute()
}

/**
 * Locks the head of the chain, so that nobody else signs or appends until this transaction ends. Returns it with the
 * number of its checkpoints.
 */
export async function lockHead(
  tx: TelemetryTx,
): Promise<(Head & { readonly checkpoints: number; readonly sent: number }) | undefined> {
  const row = await query<CheckpointTables>(tx)
    .selectFrom('gatehouse.audit_head')
    .select(['seq', 'entry_hash', 'checkpoints', 'checkpoints_sent'])
    .where('org_id', '=', tx.orgId)
    .forUpdate()
    .executeTakeFirst()
  return (
    row && {
      seq: Number(row.seq),
      entryHash: row.entry_hash,
      checkpoints: Number(row.checkpoints),
      sent: Number(row.checkpoints_sent),
    }
  )
}

/** Notes that checkpoints up to this number have been sent off this machine. */
export async function setCheckpointsSent(tx: TelemetryTx, checkpoints: number): Promise<void> {
  await query<CheckpointTables>(tx)
    .updateTable('gatehouse.audit_head')
    .set({ checkpoints_sent: String(checkpoints) })
    .where('org_id', '=', tx.orgId)
    .execute()
}

/** The number of checkpoints of the chain, without a lock. */
export async function countCheckpoints(tx: TenantTx): Promise<number> {
  const row = await query<CheckpointTables>(tx)
    .selectFrom('gatehouse.audit_head')
    .select('checkpoints')
    .where('org_id', '=', tx.orgId)
    .executeTakeFirst()
  return Number(row?.checkpoints ?? 0)
}

export async function findNewestCheckpoint(tx: TenantTx): Promise<Checkpoint | undefined> {
  const row = await query<CheckpointTables>(tx)
    .selectFrom('gatehouse.audit_checkpoint')
    .select(columns)
    .where('org_id', '=', tx.orgId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && toCheckpoint(row)
}

function toCheckpoint(row: CheckpointRow): Checkpoint {
  const { number } = row
  return {
    ...row,
    seq: Number(row.seq),
    ts: toInstantText(row.ts),
    number: number === null ? null : Number(number),
  }
}

/** Checkpoints, oldest first, strictly after `afterSeq`. */
export async function listCheckpoints(tx: TenantTx, afterSeq: number, limit: number): Promise<Checkpoint[]> {
  const rows = await query<CheckpointTables>(tx)
    .selectFrom('gatehouse.audit_checkpoint')
    .select(columns)
    .where('org_id', '=', tx.orgId)
    .where('seq', '>', String(afterSeq))
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map(toCheckpoint)
}

/** The sequence number that the newest checkpoint covers; 0 when there is none. */
export async function findSignedSeq(tx: TenantTx): Promise<number> {
  const row = await query<CheckpointTables>(tx)
    .selectFrom('gatehouse.audit_checkpoint')
    .select((of) => of.fn.max('seq').as('seq'))
    .where('org_id', '=', tx.orgId)
    .executeTakeFirst()
  return Number(row?.seq ?? 0)
}

/** Orgs whose newest entry is not covered by a checkpoint, ordered by id, strictly after `afterOrg`. */
export async function listUnsignedOrgs(tx: WriterTx, afterOrg: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ org_id: string }>`
    SELECT head.org_id FROM gatehouse.audit_head AS head
     WHERE head.org_id > ${afterOrg} AND head.seq > 0
       AND NOT EXISTS (SELECT FROM gatehouse.audit_checkpoint AS signed
                        WHERE signed.org_id = head.org_id AND signed.seq = head.seq)
     ORDER BY head.org_id LIMIT ${limit}`.execute(query(tx))
  return rows.map((row) => row.org_id)
}

/**
 * Since when the longest-waiting entry of any chain has waited for a checkpoint, in milliseconds; null when none waits.
 */
export async function findOldestUnsigned(tx: WriterTx): Promise<number | null> {
  const row = await query<CheckpointTables>(tx)
    .selectFrom('gatehouse.audit_head')
    .select('unsigned_since')
    .where('unsigned_since', 'is not', null)
    .orderBy('unsigned_since')
    .limit(1)
    .executeTakeFirst()
  return row?.unsigned_since?.getTime() ?? null
}

/** Orgs whose newest checkpoint has not been sent off this machine, ordered by id, strictly after `afterOrg`. */
export async function listUnsentOrgs(tx: WriterTx, afterOrg: string, limit: number): Promise<string[]> {
  const rows = await query<CheckpointTables>(tx)
    .selectFrom('gatehouse.audit_head')
    .select('org_id')
    .where('org_id', '>', afterOrg)
    .whereRef('checkpoints', '>', 'checkpoints_sent')
    .orderBy('org_id')
    .limit(limit)
    .execute()
  return rows.map((row) => row.org_id)
}
