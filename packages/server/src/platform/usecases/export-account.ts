import { Readable } from 'node:stream'
import { mutate } from '@gatehouse/kernel/audit'
import { asGate, type PersonalTable, within } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import { listTies } from '../store/account-store.ts'
import { listPersonalRows, type PersonalRow } from '../store/personal-data-store.ts'
import { findOwnAccount } from './assert-own-password.ts'

/** The values by which tables refer to the person. */
type Subject = Readonly<Record<PersonalTable['holds'], string>>

/**
 * Exports everything that the instance stores about the caller, table by table, read while it is sent: rows of their
 * orgs, and of no others.
 */
export async function exportAccount(deps: PlatformDeps, member: MemberPrincipal): Promise<Readable> {
  const now = deps.clock.now()
  const { email } = await findOwnAccount(deps, member)
  await mutate(deps, member, async () => ({
    result: undefined,
    entry: { action: 'user.export', resourceId: member.userId, at: now },
  }))
  return Readable.from(toJson(deps, member, toSubject(member, email), now))
}

function toSubject({ userId }: MemberPrincipal, email: string): Subject {
  return { id: userId, email, sender: `member:${userId}` }
}

async function* toJson(
  deps: PlatformDeps,
  member: MemberPrincipal,
  subject: Subject,
  nowMs: number,
): AsyncGenerator<string> {
  const orgIds = (await asGate(deps, (tx) => listTies(tx, subject.id))).map(({ orgId }) => orgId)
  const head = { exportedAt: new Date(nowMs).toISOString(), userId: subject.id }
  yield `${JSON.stringify(head).slice(0, -1)},"records":{`
  let beforeTable = ''
  // A table may refer to a person in more than one column.
  for (const [table, places] of Map.groupBy(deps.personalTables, (place) => place.table)) {
    yield `${beforeTable}${JSON.stringify(table)}:[`
    beforeTable = '],'
    let beforeRow = ''
    for (const place of places)
      for await (const rows of read(deps, member, place, subject, orgIds))
        for (const row of rows) {
          yield `${beforeRow}${JSON.stringify(row)}`
          beforeRow = ','
        }
  }
  yield ']}}\n'
}

async function* read(
  deps: PlatformDeps,
  member: MemberPrincipal,
  place: PersonalTable,
  subject: Subject,
  orgIds: readonly string[],
): AsyncGenerator<readonly PersonalRow[]> {
  const value = subject[place.holds]
  if (place.readIn === 'gate') yield await asGate(deps, (tx) => listPersonalRows(tx, place, value))
  else
    for (const orgId of orgIds)
      yield await within(deps, { ...member, orgId }, (tx) => listPersonalRows(tx, place, value))
}
