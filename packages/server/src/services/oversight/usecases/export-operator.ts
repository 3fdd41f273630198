import { Readable } from 'node:stream'
import { mutate } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { RawReply } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import type { OversightDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { oversightSchema } from '../schema.ts'
import { isNamedInDecisions, listOperatorRows, operatorTables } from '../store/operator-data-store.ts'
import { findOperator } from '../store/operator-store.ts'
import { noteLook } from './note-look.ts'
import { findOwnOperator, type OwnCaller } from './own-operator.ts'

/** Exports all data about an operator as NDJSON. The export is recorded as a chain entry and as a view. */
export async function exportOperator(
  deps: OversightDeps,
  caller: Principal,
  operatorId: string,
): Promise<RawReply> {
  const nowMs = deps.clock.now()
  const isRecorded = await mutate(deps, caller, async (tx) => {
    const isKnown = (await findOperator(tx, operatorId)) !== undefined
    if (!isKnown && !(await isNamedInDecisions(tx, operatorId))) throw problems.NOT_FOUND()
    const about = { resourceType: 'operator', resourceId: operatorId, at: nowMs }
    return { result: isKnown, entry: { action: 'OPERATOR_EXPORTED', ...about } }
  })
  // People who only reviewed have no figures, so there is no view to record.
  if (isRecorded) await noteLook(deps, caller, operatorId, 'export')
  return new RawReply(Readable.from(toLines(deps, caller, operatorId, nowMs)), {
    'cache-control': 'no-store',
    'content-disposition': `attachment; filename="operator-${operatorId.slice(0, 64)}.ndjson"`,
  })
}

/** The same export for the operator. */
export async function exportOwnRecord(deps: OversightDeps, caller: OwnCaller): Promise<RawReply> {
  const { operatorId } = await within(deps, caller, (tx) => findOwnOperator(tx, caller))
  return exportOperator(deps, caller, operatorId)
}

/** The last line contains the number of lines before it, so that a truncated file is recognised. */
async function* toLines(
  deps: OversightDeps,
  caller: Principal,
  operatorId: string,
  nowMs: number,
): AsyncGenerator<string> {
  yield toLine({ record: 'export', org_id: caller.orgId, operator_id: operatorId, at: new Date(nowMs) })
  let lines = 1
  for (const table of operatorTables) {
    const columns = columnsOf(table)
    let after: readonly unknown[] | undefined
    do {
      const { rows, last } = await within(deps, caller, (tx) =>
        listOperatorRows(tx, operatorId, table, columns, after),
      )
      for (const row of rows) yield toLine({ record: table, ...row })
      lines += rows.length
      after = last
    } while (after !== undefined)
  }
  yield toLine({ record: 'end', lines })
}

/** The columns that the organisation's own export shows. */
function columnsOf(table: string): readonly string[] {
  const found = oversightSchema.orgs.find((one) => one.table === `oversight.${table}`)
  if (found === undefined) throw new Error(`The export of ${table} is not described`)
  return found.columns
}

function toLine(value: object): string {
  return `${JSON.stringify(value)}\n`
}
