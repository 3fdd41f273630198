import { asGate, type Database, type GateTx, type TenantTx, within } from '@gatehouse/kernel/db'
import { createSealer, type VersionedKeys } from '@gatehouse/kernel/secrets'
import { type SealedColumn, sealedColumns } from './sealed-columns.ts'
import { listOrgIds, listSealedByOthers, setSealed } from './store/sealed-store.ts'

const rowsAtOnce = 200

/**
 * Seals everything anew that an older version of the master key protects (V3). Each batch commits by itself, so that an
 * end in the middle loses nothing, and the next run goes on where this one stopped. Returns how many values it sealed.
 */
export async function reseal(db: Database, master: VersionedKeys): Promise<number> {
  let count = 0
  const isOfOrg = ({ within: where }: SealedColumn): boolean => where === 'org'
  for (const orgId of await asGate({ db }, listOrgIds)) {
    const principal = { kind: 'system', orgId, because: 'reseal' } as const
    for (const column of sealedColumns.filter(isOfOrg))
      count += await resealColumn(column, master, (work) => within({ db }, principal, work))
  }
  for (const column of sealedColumns.filter((one) => !isOfOrg(one)))
    count += await resealColumn(column, master, (work) => asGate({ db }, work))
  return count
}

type Run = <T>(work: (tx: TenantTx | GateTx) => Promise<T>) => Promise<T>

async function resealColumn(column: SealedColumn, master: VersionedKeys, run: Run): Promise<number> {
  const sealer = createSealer(master)
  let count = 0
  for (let after = ''; ;) {
    const values = await run(async (tx) => {
      const found = await listSealedByOthers(tx, column, master.current, after, rowsAtOnce)
      for (const value of found) {
        const place = { orgId: value.owner, table: column.table, column: column.column, row: value.row }
        await setSealed(tx, column, value, sealer.seal(place, sealer.open(place, value.sealed).reveal()))
      }
      return found
    })
    count += values.length
    const last = values.at(-1)
    if (last === undefined || values.length < rowsAtOnce) return count
    after = last.row
  }
}

/** How many values older versions of the master key still protect. */
export async function countSealedByOthers(db: Database, master: VersionedKeys): Promise<number> {
  let count = 0
  const countIn = async (column: SealedColumn, run: Run): Promise<void> => {
    for (let after = ''; ;) {
      const found = await run((tx) => listSealedByOthers(tx, column, master.current, after, 10_000))
      count += found.length
      const last = found.at(-1)
      if (last === undefined || found.length < 10_000) return
      after = last.row
    }
  }
  const orgIds = await asGate({ db }, listOrgIds)
  for (const column of sealedColumns)
    if (column.within === 'gate') await countIn(column, (work) => asGate({ db }, work))
    else
      for (const orgId of orgIds)
        await countIn(column, (work) => within({ db }, { kind: 'system', orgId, because: 'reseal' }, work))
  return count
}
