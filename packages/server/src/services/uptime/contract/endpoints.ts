import { channelEndpoints } from './channels.ts'
import { customDomainEndpoints } from './custom-domains.ts'
import { eventEndpoints } from './events.ts'
import { feedEndpoints } from './feeds.ts'
import { incidentEndpoints } from './incidents.ts'
import { maintenanceEndpoints } from './maintenance.ts'
import { windowEndpoints } from './maintenance-windows.ts'
import { monitorEndpoints } from './monitors.ts'
import { pageEndpoints, pingEndpoints } from './public.ts'
import { responseTimeEndpoints } from './response-times.ts'
import { serviceEndpoints } from './services.ts'
import { subscriberEndpoints, subscriptionEndpoints } from './subscribers.ts'
import { verificationEndpoints } from './verification.ts'

/** Every operation of the service. */
export const uptimeEndpoints = [
  ...monitorEndpoints,
  ...responseTimeEndpoints,
  ...eventEndpoints,
  ...maintenanceEndpoints,
  ...windowEndpoints,
  ...incidentEndpoints,
  ...serviceEndpoints,
  ...feedEndpoints,
  ...subscriberEndpoints,
  ...customDomainEndpoints,
  ...channelEndpoints,
  ...verificationEndpoints,
  ...pingEndpoints,
  ...pageEndpoints,
  ...subscriptionEndpoints,
]
