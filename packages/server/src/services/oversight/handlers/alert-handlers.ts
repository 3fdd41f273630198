import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { acknowledgeAlert, listAlerts } from '../contract/alerts.ts'
import type { OversightDeps } from '../deps.ts'
import * as alerts from '../usecases/read-alerts.ts'

type Alerts = readonly [typeof listAlerts, typeof acknowledgeAlert]

export function alertHandlers(deps: OversightDeps): HandlersOf<Alerts> {
  return {
    listOversightAlerts: (caller, { query }, context) => alerts.listAlerts(deps, caller, query, context),
    acknowledgeOversightAlert: (caller, { params }, context) =>
      alerts.acknowledgeAlert(deps, caller, params.id, context),
  }
}
