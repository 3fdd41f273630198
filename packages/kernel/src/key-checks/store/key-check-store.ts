import { query, type WriterTx } from '../../db/index.ts'
import type { KeyCheck } from '../judge-keys.ts'

type Tables = {
  'gatehouse.key_check': {
    name: string
    version: number
    value: string
    made_at: Date
    retired_at: Date | null
  }
}

export async function listKeyChecks(tx: WriterTx): Promise<readonly KeyCheck[]> {
  const rows = await query<Tables>(tx)
    .selectFrom('gatehouse.key_check')
    .select(['name', 'version', 'value', 'retired_at'])
    .orderBy('name')
    .orderBy('version')
    .execute()
  return rows.map(({ retired_at: retiredAt, ...check }) => ({ ...check, isRetired: retiredAt !== null }))
}

/** Inserts check values; a version that already has one is left unchanged, whichever node was first. */
export async function insertKeyChecks(
  tx: WriterTx,
  checks: readonly Omit<KeyCheck, 'isRetired'>[],
  nowMs: number,
): Promise<void> {
  if (checks.length === 0) return
  await query<Tables>(tx)
    .insertInto('gatehouse.key_check')
    .values(checks.map((check) => ({ ...check, made_at: new Date(nowMs), retired_at: null })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Marks one version, or all known ones, as retired. */
export async function setKeyChecksRetired(
  tx: WriterTx,
  name: string,
  version: number | undefined,
  nowMs: number,
): Promise<void> {
  let update = query<Tables>(tx)
    .updateTable('gatehouse.key_check')
    .set({ retired_at: new Date(nowMs) })
    .where('name', '=', name)
    .where('retired_at', 'is', null)
  if (version !== undefined) update = update.where('version', '=', version)
  await update.execute()
}
