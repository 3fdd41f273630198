import { mutate } from '@gatehouse/kernel/audit'
import { type TenantTx, within } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import { isRoleAtLeast, type Principal } from '@gatehouse/kernel/principal'
import { openCursor, toPage } from '../../../service/paging.ts'
import { toTime, toTimeOrNull } from '../../../service/shapes.ts'
import { writeAlert } from '../alert-words.ts'
import type { AlertQuery, AlertReply } from '../contract/alerts.ts'
import type { OversightDeps } from '../deps.ts'
import { alertKinds, isClosedByPeople } from '../domain/alerts.ts'
import { problems } from '../problems.ts'
import {
  type Alert,
  findAlert,
  listAlerts as listStored,
  setAlertAcknowledged,
  stateOf,
} from '../store/alert-store.ts'
import { findSettings } from '../store/rule-store.ts'
import { tellPeople } from './raise-alert.ts'
import { replyStart } from './reply-start.ts'

const list = 'oversight-alerts'

export async function listAlerts(
  deps: OversightDeps,
  principal: Principal,
  { cursor, limit, ...filter }: AlertQuery,
  context: RequestContext,
) {
  const { orgId } = principal
  const beforeId = openCursor(deps, list, orgId, cursor)
  return within(deps, principal, async (tx) => {
    const isNamed = await mayName(tx, principal)
    const rows = await listStored(tx, {
      kind: filter.kind,
      severity: filter.severity,
      state: filter.state,
      beforeId,
      limit: limit + 1,
    })
    const { entries, nextCursor } = toPage(deps, list, orgId, rows, limit, ({ id }) => id)
    return {
      ...replyStart(deps, context),
      alerts: entries.map((alert) => toReply(alert, isNamed)),
      next_cursor: nextCursor,
    }
  })
}

/** Only the first acknowledgement is stored; later ones change nothing. */
export async function acknowledgeAlert(
  deps: OversightDeps,
  principal: Principal,
  id: string,
  context: RequestContext,
) {
  return mutate(deps, principal, async (tx) => {
    const nowMs = deps.clock.now()
    const before = await findAlert(tx, id)
    const closes = alertKinds.filter(isClosedByPeople)
    const alert = await setAlertAcknowledged(tx, id, toName(principal), closes, nowMs)
    if (before === undefined || alert === undefined) throw problems.NOT_FOUND()
    const isNamed = await mayName(tx, principal)
    const { settings } = await findSettings(tx)
    if (before.closedAtMs === null && alert.closedAtMs !== null)
      await tellPeople(tx, alert, settings.alertsNameOperators ? alert.operatorId : null, true)
    return {
      result: { ...replyStart(deps, context), alert: toReply(alert, isNamed) },
      entry: { action: 'ALERT_ACKNOWLEDGED', resourceType: 'alert', resourceId: id, at: nowMs },
    }
  })
}

/**
 * In the dashboard, alerts name operators to members who may see them; elsewhere only if the organisation allows it.
 */
async function mayName(tx: TenantTx, principal: Principal): Promise<boolean> {
  if (principal.kind === 'member') return isRoleAtLeast(principal.role, 'member')
  return (await findSettings(tx)).settings.alertsNameOperators
}

function toName(principal: Principal): string {
  switch (principal.kind) {
    case 'key':
      return principal.keyPrefix
    case 'link':
      return principal.linkId
    case 'master':
      return principal.secret
    case 'member':
      return principal.userId
    case 'system':
      return principal.because
  }
}

function toReply(alert: Alert, isNamed: boolean): AlertReply {
  const operatorId = isNamed ? alert.operatorId : null
  const { kind, domain } = alert
  return {
    alert_id: alert.id,
    kind,
    severity: alert.severity,
    state: stateOf(alert),
    ...writeAlert(kind, { operatorId, domain }, 'en'),
    operator_id: operatorId,
    domain,
    data: alert.data,
    contested: alert.isContested,
    opened_at: toTime(alert.openedAtMs),
    acknowledged_at: toTimeOrNull(alert.acknowledgedAtMs),
    acknowledged_by: alert.acknowledgedBy,
    closed_at: toTimeOrNull(alert.closedAtMs),
  }
}
