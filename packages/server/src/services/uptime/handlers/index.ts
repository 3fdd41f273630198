import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { uptimeEndpoints } from '../contract/endpoints.ts'
import type { UptimeDeps } from '../deps.ts'
import type { JudgeDeps } from '../jobs/judge-deps.ts'
import { createLogoCache } from '../pages/logo-cache.ts'
import { createPageCache } from '../pages/page-cache.ts'
import { channelHandlers } from './channel-handlers.ts'
import { customDomainHandlers } from './custom-domain-handlers.ts'
import { eventHandlers } from './event-handlers.ts'
import { feedHandlers } from './feed-handlers.ts'
import { incidentHandlers } from './incident-handlers.ts'
import { maintenanceHandlers, windowHandlers } from './maintenance-handlers.ts'
import { monitorHandlers } from './monitor-handlers.ts'
import { pageHandlers } from './page-handlers.ts'
import { pingHandlers } from './ping-handlers.ts'
import { serviceHandlers } from './service-handlers.ts'
import { subscriberHandlers } from './subscriber-handlers.ts'

/** The handler of each operation. */
export function uptimeHandlers(deps: UptimeDeps, judge: JudgeDeps): HandlersOf<typeof uptimeEndpoints> {
  const pages = createPageCache(deps)
  return {
    ...monitorHandlers(deps),
    ...eventHandlers(deps),
    ...maintenanceHandlers(deps),
    ...windowHandlers(deps),
    ...incidentHandlers(deps),
    ...serviceHandlers(deps),
    ...feedHandlers(deps),
    ...customDomainHandlers(deps),
    ...channelHandlers(deps),
    ...pingHandlers(judge),
    ...pageHandlers(deps, pages, createLogoCache(deps)),
    ...subscriberHandlers(deps, pages),
  }
}
