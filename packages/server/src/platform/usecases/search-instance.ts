import { type Decision, mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import { instanceOrgId, type MemberPrincipal } from '@gatehouse/kernel/principal'
import { z } from 'zod'
import type { OrgQuery, RefusalQuery } from '../contract/admin.ts'
import type { PlatformDeps } from '../deps.ts'
import type { AdministeredOrg } from '../domain/administered-org.ts'
import { problems } from '../problems.ts'
import {
  listAdministeredOrgs,
  listRefusalEntries,
  type OrgPosition,
  type RefusalEntry,
  type RefusalPosition,
} from '../store/admin-store.ts'

export type Page<T> = {
  readonly entries: readonly T[]
  readonly nextCursor: string | null
  readonly hasMore: boolean
}

const orgList = 'admin-orgs'
const refusalList = 'admin-refusals'
const orgPosition = z.tuple([z.int(), z.uuid()])
const refusalPosition = z.tuple([z.int(), z.uuid(), z.int()])

/** One page of the instance's orgs. That someone looked is an entry of the instance's own chain. */
export async function searchOrgs(
  deps: PlatformDeps,
  admin: MemberPrincipal,
  { search, suspended, cursor, limit }: OrgQuery,
): Promise<Page<AdministeredOrg>> {
  const after = cursor === undefined ? undefined : toOrgPosition(openCursor(deps, orgList, cursor))
  await note(deps, admin, {
    action: 'instance.list_orgs',
    ...(search === undefined ? {} : { detail: { search } }),
  })
  const filter = { search, isSuspended: suspended }
  const rows = await asGate(deps, (tx) =>
    listAdministeredOrgs(tx, filter, { after, limit: limit + 1 }, deps.clock.now()),
  )
  return toPage(deps, orgList, rows, limit, ({ createdAtMs, id }) => [createdAtMs, id])
}

/** One page of refused credentials of all orgs and of strangers; the real reasons are those that no caller hears (G1). */
export async function searchRefusals(
  deps: PlatformDeps,
  admin: MemberPrincipal,
  { cursor, limit }: RefusalQuery,
): Promise<Page<RefusalEntry>> {
  const after = cursor === undefined ? undefined : toRefusalPosition(openCursor(deps, refusalList, cursor))
  await note(deps, admin, { action: 'instance.list_refusals' })
  const rows = await asGate(deps, (tx) => listRefusalEntries(tx, { after, limit: limit + 1 }))
  return toPage(deps, refusalList, rows, limit, ({ atMs, orgId, seq }) => [atMs, orgId, seq])
}

async function note(
  deps: PlatformDeps,
  admin: MemberPrincipal,
  decision: Pick<Decision, 'action' | 'detail'>,
): Promise<void> {
  await mutate(deps, { ...admin, orgId: instanceOrgId }, async () => ({
    result: undefined,
    entry: { ...decision, at: deps.clock.now() },
  }))
}

function openCursor({ cursors }: PlatformDeps, list: string, cursor: string): unknown {
  const position = cursors.open(list, instanceOrgId, cursor)
  if (position === undefined)
    throw problems.VALIDATION_ERROR({
      fields: [{ field: 'cursor', message: 'is not a cursor of this list' }],
    })
  return JSON.parse(position)
}

function toOrgPosition(value: unknown): OrgPosition {
  const [createdAtMs, id] = orgPosition.parse(value)
  return { createdAtMs, id }
}

function toRefusalPosition(value: unknown): RefusalPosition {
  const [atMs, orgId, seq] = refusalPosition.parse(value)
  return { atMs, orgId, seq }
}

function toPage<T>(
  { cursors }: PlatformDeps,
  list: string,
  rows: readonly T[],
  limit: number,
  toPosition: (row: T) => readonly (string | number)[],
): Page<T> {
  const entries = rows.slice(0, limit)
  const last = entries.at(-1)
  const hasMore = rows.length > limit
  return {
    entries,
    nextCursor:
      hasMore && last !== undefined
        ? cursors.seal(list, instanceOrgId, JSON.stringify(toPosition(last)))
        : null,
    hasMore,
  }
}
