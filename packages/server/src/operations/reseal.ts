import { type AuditedTx, mutate, type MutateDeps } from '@gatehouse/kernel/audit'
import type { Clock } from '@gatehouse/kernel/clock'
import { asGate, type Database, type GateTx, type TenantTx, within } from '@gatehouse/kernel/db'
import { createSealer, type VersionedKeys } from '@gatehouse/kernel/secrets'
import type { SealedColumn } from '../service/sealed-column.ts'
import { listOrgIds, listSealedByOthers, setSealed } from './store/sealed-store.ts'

const rowsAtOnce = 200

/**
 * Reseals all values that an older version of the master key protects (V3). Each batch commits by itself, so that an
 * interruption loses nothing and the next run continues. Returns how many values it sealed.
 */
export async function reseal(
  deps: MutateDeps & { readonly clock: Clock },
  master: VersionedKeys,
  columns: readonly SealedColumn[],
): Promise<number> {
  let count = 0
  const isOfOrg = ({ within: where }: SealedColumn): boolean => where === 'org'
  for (const orgId of await asGate(deps, listOrgIds)) {
    const principal = { kind: 'system', orgId, because: 'reseal' } as const
    for (const column of columns.filter(isOfOrg))
      count += await resealColumn(column, master, {
        find: (work) => within(deps, principal, work),
        write: (work, values) =>
          mutate(deps, principal, async (tx) => {
            await work(tx)
            const detail = { column: column.column, version: master.current, values }
            const entry = { action: 'secret.reseal', resourceId: column.table, detail, at: deps.clock.now() }
            return { result: undefined, entry }
          }),
      })
  }
  for (const column of columns.filter((one) => !isOfOrg(one)))
    count += await resealColumn(column, master, {
      find: (work) => asGate(deps, work),
      write: (work) => asGate(deps, work),
    })
  return count
}

type Access = {
  readonly find: Run
  /** Writes a batch of `values` values. */
  readonly write: (work: (tx: AuditedTx | GateTx) => Promise<void>, values: number) => Promise<void>
}

async function resealColumn(
  column: SealedColumn,
  master: VersionedKeys,
  { find, write }: Access,
): Promise<number> {
  const sealer = createSealer(master)
  let count = 0
  for (let after = ''; ;) {
    const from = after
    const values = await find((tx) => listSealedByOthers(tx, column, master.current, from, rowsAtOnce))
    const last = values.at(-1)
    if (last === undefined) return count
    await write(async (tx) => {
      for (const value of values) {
        const place = { orgId: value.owner, table: column.table, column: column.column, row: value.row }
        await setSealed(tx, column, value, sealer.seal(place, sealer.open(place, value.sealed).reveal()))
      }
    }, values.length)
    count += values.length
    if (values.length < rowsAtOnce) return count
    after = last.row
  }
}

type Run = <T>(work: (tx: TenantTx | GateTx) => Promise<T>) => Promise<T>

/** The number of values that older versions of the master key still protect. */
export async function countSealedByOthers(
  db: Database,
  master: VersionedKeys,
  columns: readonly SealedColumn[],
): Promise<number> {
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
  for (const column of columns)
    if (column.within === 'gate') await countIn(column, (work) => asGate({ db }, work))
    else
      for (const orgId of orgIds)
        await countIn(column, (work) => within({ db }, { kind: 'system', orgId, because: 'reseal' }, work))
  return count
}
