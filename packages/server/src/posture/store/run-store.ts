import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TelemetryTx, type TenantTx } from '@gatehouse/kernel/db'
import type { PostureTables, RunState } from './posture-tables.ts'

export type PostureRun = {
  readonly id: string
  /** The ids of the claims; null for every verified claim. */
  readonly wanted: readonly string[] | null
  readonly state: RunState
  readonly done: number
  readonly total: number
  readonly probing: string | null
  readonly askedAtMs: number
  readonly endedAtMs: number | null
}

export async function insertRun(
  tx: AuditedTx,
  { id, wanted, askedAtMs }: Pick<PostureRun, 'id' | 'wanted' | 'askedAtMs'>,
): Promise<void> {
  await query<PostureTables>(tx)
    .insertInto('posture.run')
    .values({
      org_id: tx.orgId,
      id,
      wanted: wanted === null ? null : [...wanted],
      state: 'waiting',
      done: 0,
      total: 0,
      probing: null,
      asked_at: new Date(askedAtMs),
      ended_at: null,
    })
    .execute()
}

export async function setRun(
  tx: TelemetryTx,
  id: string,
  { state, done, total, probing, endedAtMs }: Omit<PostureRun, 'id' | 'wanted' | 'askedAtMs'>,
): Promise<void> {
  await query<PostureTables>(tx)
    .updateTable('posture.run')
    .set({ state, done, total, probing, ended_at: endedAtMs === null ? null : new Date(endedAtMs) })
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
    .execute()
}

export async function findRun(tx: TenantTx, id: string): Promise<PostureRun | undefined> {
  const row = await query<PostureTables>(tx)
    .selectFrom('posture.run')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
    .executeTakeFirst()
  return (
    row && {
      id: row.id,
      wanted: row.wanted,
      state: row.state,
      done: row.done,
      total: row.total,
      probing: row.probing,
      askedAtMs: row.asked_at.getTime(),
      endedAtMs: row.ended_at?.getTime() ?? null,
    }
  )
}
