import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import type { Selectable } from 'kysely'
import type { OversightTables } from './tables.ts'

/** The position of a receipt's entry in the chain, and the versions under which it was made. */
export type ReceiptPlace = {
  readonly receiptId: string
  readonly kind: string
  readonly seq: number
  readonly modelVersion: string
  readonly paramsHash: string
  readonly normId: string | null
  readonly settingsVersion: number
}

export async function insertReceipt(tx: AuditedTx, receipt: ReceiptPlace): Promise<void> {
  await query<OversightTables>(tx)
    .insertInto('oversight.receipt')
    .values({
      org_id: tx.orgId,
      receipt_id: receipt.receiptId,
      kind: receipt.kind,
      seq: String(receipt.seq),
      model_version: receipt.modelVersion,
      params_hash: receipt.paramsHash,
      norm_id: receipt.normId,
      settings_version: receipt.settingsVersion,
    })
    .execute()
}

export async function findReceipts(
  tx: TenantTx,
  receiptIds: readonly string[],
): Promise<ReadonlyMap<string, ReceiptPlace>> {
  if (receiptIds.length === 0) return new Map()
  const rows = await query<OversightTables>(tx)
    .selectFrom('oversight.receipt')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('receipt_id', 'in', [...receiptIds])
    .execute()
  return new Map(rows.map((row) => [row.receipt_id, toPlace(row)]))
}

/** The receipt of the chain entry with that sequence number, if one was issued. */
export async function findReceiptAt(tx: TenantTx, seq: number): Promise<string | undefined> {
  const row = await query<OversightTables>(tx)
    .selectFrom('oversight.receipt')
    .select('receipt_id')
    .where('org_id', '=', tx.orgId)
    .where('seq', '=', String(seq))
    .executeTakeFirst()
  return row?.receipt_id
}

function toPlace(row: Selectable<OversightTables['oversight.receipt']>): ReceiptPlace {
  return {
    receiptId: row.receipt_id,
    kind: row.kind,
    seq: Number(row.seq),
    modelVersion: row.model_version,
    paramsHash: row.params_hash,
    normId: row.norm_id,
    settingsVersion: row.settings_version,
  }
}
