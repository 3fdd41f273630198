import { accountEndpoints } from './account.ts'
import { acknowledgementEndpoints } from './acknowledgements.ts'
import { adminEndpoints } from './admin.ts'
import { auditEndpoints } from './audit.ts'
import { authEndpoints } from './auth.ts'
import { deviceEndpoints } from './device.ts'
import { disclosureEndpoints, reportPageEndpoints } from './disclosure.ts'
import { factorEndpoints } from './factors.ts'
import { keyEndpoints } from './keys.ts'
import { liveEndpoints } from './live.ts'
import { orgLifeEndpoints } from './org-life.ts'
import { peopleEndpoints } from './people.ts'
import { securityIncidentEndpoints } from './security-incidents.ts'
import { securityPageEndpoints } from './security-pages.ts'
import { sessionEndpoints } from './sessions.ts'
import { signOnEndpoints } from './sign-on.ts'
import { singleSignOnEndpoints } from './single-sign-on.ts'
import { sudoEndpoints } from './sudo.ts'
import { teamEndpoints } from './teams.ts'
import { usageEndpoints } from './usage.ts'
import { toWebhookEndpoints } from './webhooks.ts'

/** Every operation of the platform; `events` are the names of all webhook events. */
export const toPlatformEndpoints = (events: readonly string[]) => [
  ...authEndpoints,
  ...accountEndpoints,
  ...factorEndpoints,
  ...signOnEndpoints,
  ...singleSignOnEndpoints,
  ...sudoEndpoints,
  ...deviceEndpoints,
  ...teamEndpoints,
  ...orgLifeEndpoints,
  ...acknowledgementEndpoints,
  ...peopleEndpoints,
  ...keyEndpoints,
  ...sessionEndpoints,
  ...auditEndpoints,
  ...toWebhookEndpoints(events),
  ...usageEndpoints,
  ...liveEndpoints,
  ...adminEndpoints,
  ...securityIncidentEndpoints,
  ...securityPageEndpoints,
  ...disclosureEndpoints,
  ...reportPageEndpoints,
]
