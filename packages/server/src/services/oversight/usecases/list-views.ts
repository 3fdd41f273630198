import { findKeyNames } from '@gatehouse/kernel/keys'
import { type TenantTx, within } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import { openCursor, toPage } from '../../../service/paging.ts'
import { toTime } from '../../../service/shapes.ts'
import type { ProfileViewReply, ViewPage } from '../contract/profile-views.ts'
import type { OversightDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { findOperator } from '../store/operator-store.ts'
import { listViews, type StoredView } from '../store/profile-view-store.ts'
import { findOwnOperator, type OwnCaller } from './own-operator.ts'
import { replyStart } from './reply-start.ts'

const dayMs = 86_400_000
const listName = 'oversight.views'

export async function listOperatorViews(
  deps: OversightDeps,
  principal: Principal,
  operatorId: string,
  page: ViewPage,
  context: RequestContext,
) {
  return within(deps, principal, async (tx) => {
    if ((await findOperator(tx, operatorId)) === undefined) throw problems.NOT_FOUND()
    return readPage(deps, tx, operatorId, page, context)
  })
}

export async function listOwnViews(
  deps: OversightDeps,
  caller: OwnCaller,
  page: ViewPage,
  context: RequestContext,
) {
  return within(deps, caller, async (tx) =>
    readPage(deps, tx, (await findOwnOperator(tx, caller)).operatorId, page, context),
  )
}

async function readPage(
  deps: OversightDeps,
  tx: TenantTx,
  operatorId: string,
  { limit, cursor }: ViewPage,
  context: RequestContext,
) {
  const position = openCursor(deps, listName, tx.orgId, cursor)
  const rows = await listViews(
    tx,
    operatorId,
    limit + 1,
    position === undefined ? undefined : toPlace(position),
  )
  const { entries, nextCursor } = toPage(
    deps,
    listName,
    tx.orgId,
    rows,
    limit,
    ({ firstAtMs, actorKind, actorId }) => `${firstAtMs}:${actorKind}:${actorId}`,
  )
  return {
    ...replyStart(deps, context),
    views: [...(await toWireViews(deps, tx, entries))],
    next_cursor: nextCursor,
  }
}

function toPlace(position: string) {
  const [firstAt = '', actorKind = '', ...actorId] = position.split(':')
  return { firstAtMs: Number(firstAt), actorKind, actorId: actorId.join(':') }
}

/** Names the readers: members while they are members, and API keys by their name and displayable part. */
export async function toWireViews(
  deps: Pick<OversightDeps, 'listMemberNames'>,
  tx: TenantTx,
  views: readonly StoredView[],
): Promise<readonly ProfileViewReply[]> {
  const idsOf = (kind: StoredView['actorKind']): string[] => [
    ...new Set(views.flatMap(({ actorKind, actorId }) => (actorKind === kind ? [actorId] : []))),
  ]
  const members = await deps.listMemberNames(tx, idsOf('member'))
  const keys = await findKeyNames(tx, idsOf('key'))
  return views.map(({ day, actorKind: kind, actorId, ways, firstAtMs, lastAtMs, looks }) => ({
    day: toTime(day * dayMs).slice(0, 10),
    kind,
    name: (kind === 'key' ? keys : members).get(actorId) ?? null,
    key_prefix: kind === 'key' ? actorId : null,
    ways: [...ways],
    first_at: toTime(firstAtMs),
    last_at: toTime(lastAtMs),
    looks,
  }))
}
