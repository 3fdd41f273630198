import { mutate } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import { openCursor, toPage } from '../../../service/paging.ts'
import { toTime, toTimeOrNull } from '../../../service/shapes.ts'
import type { InteractionQuery, OperatorChange, OperatorPage } from '../contract/people-views.ts'
import type { OversightDeps } from '../deps.ts'
import type { Domain } from '../domain/interaction.ts'
import { type Band, bands, toBand } from '../domain/score.ts'
import { currentModel } from '../params-hash.ts'
import { problems } from '../problems.ts'
import { findOperator, type Operator } from '../store/operator-store.ts'
import { listOperators as listStored, listReceived, setOperator } from '../store/people-view-store.ts'
import { listHistory } from '../store/view-store.ts'
import { readStanding, toDate } from './get-profile.ts'
import { noteLook } from './note-look.ts'
import { toReplies } from './read-scores.ts'
import { replyStart } from './reply-start.ts'

const interactionList = 'operator-interactions'
const operatorList = 'oversight-operators'
const { parameters } = currentModel

export async function getSparkline(
  deps: OversightDeps,
  principal: Principal,
  operatorId: string,
  { domain: asked, days }: { readonly domain?: Domain | undefined; readonly days: number },
  context: RequestContext,
) {
  const reply = await within(deps, principal, async (tx) => {
    const { domain, today } = await readStanding(deps, tx, operatorId, asked)
    const points = await listHistory(tx, operatorId, domain, today - days + 1)
    return {
      ...replyStart(deps, context),
      operator_id: operatorId,
      domain,
      points: points.map(({ day, jis }) => ({ day: toDate(day), jis })),
    }
  })
  await noteLook(deps, principal, operatorId)
  return reply
}

export async function listInteractions(
  deps: OversightDeps,
  principal: Principal,
  operatorId: string,
  { since: sinceMs, until: untilMs, limit, cursor }: InteractionQuery,
  context: RequestContext,
) {
  const { orgId } = principal
  const beforeId = openCursor(deps, interactionList, orgId, cursor)
  const reply = await within(deps, principal, async (tx) => {
    if ((await findOperator(tx, operatorId)) === undefined) throw problems.NOT_FOUND()
    const rows = await listReceived(tx, operatorId, { sinceMs, untilMs, beforeId, limit: limit + 1 })
    const { entries, nextCursor } = toPage(deps, interactionList, orgId, rows, limit, ({ id }) => id)
    return {
      ...replyStart(deps, context),
      interactions: [...(await toReplies(tx, entries))],
      next_cursor: nextCursor,
    }
  })
  await noteLook(deps, principal, operatorId)
  return reply
}

export async function changeOperator(
  deps: OversightDeps,
  principal: Principal,
  operatorId: string,
  { role_class: roleClass, notice_given_at: noticeGivenAtMs, notice_version: noticeVersion }: OperatorChange,
  context: RequestContext,
) {
  const operator = await mutate(deps, principal, async (tx) => {
    const update = { roleClass, noticeGivenAtMs, noticeVersion }
    const isThere = await setOperator(tx, operatorId, update)
    const changed = await findOperator(tx, operatorId)
    if (!isThere || changed === undefined) throw problems.NOT_FOUND()
    return {
      result: changed,
      entry: {
        action: 'OPERATOR_CHANGED',
        resourceType: 'operator',
        resourceId: operatorId,
        detail: {
          ...(roleClass === undefined ? {} : { role_class: roleClass }),
          ...(noticeGivenAtMs === undefined ? {} : { notice_given_at: toTimeOrNull(noticeGivenAtMs) }),
          ...(noticeVersion === undefined ? {} : { notice_version: noticeVersion }),
        },
        at: deps.clock.now(),
      },
    }
  })
  return { ...replyStart(deps, context), operator: toReply(operator) }
}

/** Ordered by last activity; there is no order by score. */
export async function listOperators(
  deps: OversightDeps,
  principal: Principal,
  { band, role_class: roleClass, has_alert: hasAlert, limit, cursor }: OperatorPage,
  context: RequestContext,
) {
  const { orgId } = principal
  const position = openCursor(deps, operatorList, orgId, cursor)
  const [seenAtMs, operatorId] = position?.split('/') ?? []
  const before =
    seenAtMs === undefined || operatorId === undefined
      ? undefined
      : { seenAtMs: Number(seenAtMs), operatorId }
  const rows = await within(deps, principal, (tx) =>
    listStored(tx, {
      between: band === undefined ? undefined : toRange(band),
      roleClass,
      hasAlert: hasAlert === undefined ? undefined : hasAlert === 'true',
      before,
      limit: limit + 1,
    }),
  )
  const { entries, nextCursor } = toPage(
    deps,
    operatorList,
    orgId,
    rows,
    limit,
    (row) => `${row.lastSeenAtMs}/${row.operatorId}`,
  )
  return {
    ...replyStart(deps, context),
    operators: entries.map((row) => ({
      ...toReply(row),
      alerts_open: row.alertsOpen,
      domains: row.domains.map(({ domain, counted, jis, interval }) => ({
        domain,
        interactions: counted,
        displayed_jis: jis,
        jis_interval: interval,
        band: jis === null ? null : toBand(jis, parameters),
        withheld: jis === null,
      })),
    })),
    next_cursor: nextCursor,
  }
}

/** The score range of a band. */
function toRange(band: Band): readonly [from: number, below: number] {
  const at = bands.indexOf(band)
  return [parameters.bands[at] ?? 0, parameters.bands[at - 1] ?? 101]
}

function toReply(
  operator: Pick<
    Operator,
    'operatorId' | 'roleClass' | 'noticeGivenAtMs' | 'noticeVersion' | 'firstSeenAtMs' | 'lastSeenAtMs'
  >,
) {
  return {
    operator_id: operator.operatorId,
    role_class: operator.roleClass,
    notice_given_at: toTimeOrNull(operator.noticeGivenAtMs),
    notice_version: operator.noticeVersion,
    first_seen: toTime(operator.firstSeenAtMs),
    last_seen: toTime(operator.lastSeenAtMs),
  }
}
