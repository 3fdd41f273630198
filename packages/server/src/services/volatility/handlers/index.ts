import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { volatilityEndpoints } from '../contract/endpoints.ts'
import type { VolatilityDeps } from '../deps.ts'
import { accountHandlers } from './account-handlers.ts'
import { analyticsHandlers } from './analytics-handlers.ts'
import { billingHandlers } from './billing-handlers.ts'
import { exportHandlers } from './export-handlers.ts'
import { backtestHandlers } from './backtest-handlers.ts'
import { catalogHandlers } from './catalog-handlers.ts'
import { derivativeHandlers } from './derivative-handlers.ts'
import { guardSymbols } from './guard-symbols.ts'
import { presetHandlers } from './preset-handlers.ts'
import { regimeHandlers } from './regime-handlers.ts'
import { streamHandlers } from './stream-handlers.ts'
import { ceilingHandlers, ownHandlers, webhookHandlers } from './webhook-handlers.ts'

/** The handler of each endpoint. */
export function volatilityHandlers(deps: VolatilityDeps): HandlersOf<typeof volatilityEndpoints> {
  return guardSymbols(deps, {
    ...analyticsHandlers(deps),
    ...backtestHandlers(deps),
    ...catalogHandlers(deps),
    ...presetHandlers(deps),
    ...regimeHandlers(deps),
    ...derivativeHandlers(deps),
    ...streamHandlers(deps),
    ...accountHandlers(deps),
    ...billingHandlers(deps),
    ...exportHandlers(deps),
    ...webhookHandlers(deps),
    ...ownHandlers(deps),
    ...ceilingHandlers(deps),
  })
}
