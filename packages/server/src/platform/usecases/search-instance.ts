import { type Decision, mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import { instanceOrgId, type MemberPrincipal } from '@gatehouse/kernel/principal'
import { z } from 'zod'
import { openCursor, type Page, toPage } from '../../service/paging.ts'
import type { OrgQuery, RefusalQuery } from '../contract/admin.ts'
import type { PlatformDeps } from '../deps.ts'
import type { AdministeredOrg } from '../domain/administered-org.ts'
import {
  listAdministeredOrgs,
  listRefusalEntries,
  type OrgPosition,
  type RefusalEntry,
  type RefusalPosition,
} from '../store/admin-store.ts'

const orgList = 'admin-orgs'
const refusalList = 'admin-refusals'
const orgPosition = z.tuple([z.int(), z.uuid()])
const refusalPosition = z.tuple([z.int(), z.uuid(), z.int()])

/** One page of the instance's orgs. The search is recorded in the instance's own chain. */
export async function searchOrgs(
  deps: PlatformDeps,
  admin: MemberPrincipal,
  { search, suspended, cursor, limit }: OrgQuery,
): Promise<Page<AdministeredOrg>> {
  const after = toOrgPosition(openCursor(deps, orgList, instanceOrgId, cursor))
  await note(deps, admin, {
    action: 'instance.list_orgs',
    ...(search === undefined ? {} : { detail: { search } }),
  })
  const filter = { search, isSuspended: suspended }
  const rows = await asGate(deps, (tx) =>
    listAdministeredOrgs(tx, filter, { after, limit: limit + 1 }, deps.clock.now()),
  )
  return toPage(deps, orgList, instanceOrgId, rows, limit, ({ createdAtMs, id }) =>
    JSON.stringify([createdAtMs, id]),
  )
}

/**
 * One page of refused credentials of all orgs and of unknown callers, with the real reasons, which responses do not
 * disclose (G1).
 */
export async function searchRefusals(
  deps: PlatformDeps,
  admin: MemberPrincipal,
  { search, reason, cursor, limit }: RefusalQuery,
): Promise<Page<RefusalEntry>> {
  const after = toRefusalPosition(openCursor(deps, refusalList, instanceOrgId, cursor))
  const filter = {
    ...(search === undefined ? {} : { search }),
    ...(reason === undefined ? {} : { reason }),
  }
  await note(deps, admin, {
    action: 'instance.list_refusals',
    ...(Object.keys(filter).length === 0 ? {} : { detail: filter }),
  })
  const rows = await asGate(deps, (tx) => listRefusalEntries(tx, filter, { after, limit: limit + 1 }))
  return toPage(deps, refusalList, instanceOrgId, rows, limit, ({ atMs, orgId, seq }) =>
    JSON.stringify([atMs, orgId, seq]),
  )
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

function toOrgPosition(position: string | undefined): OrgPosition | undefined {
  if (position === undefined) return undefined
  const [createdAtMs, id] = orgPosition.parse(JSON.parse(position))
  return { createdAtMs, id }
}

function toRefusalPosition(position: string | undefined): RefusalPosition | undefined {
  if (position === undefined) return undefined
  const [atMs, orgId, seq] = refusalPosition.parse(JSON.parse(position))
  return { atMs, orgId, seq }
}
