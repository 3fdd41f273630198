import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { oversightEndpoints } from '../contract/endpoints.ts'
import type { OversightDeps } from '../deps.ts'
import { administrationHandlers } from './administration-handlers.ts'
import { alertHandlers } from './alert-handlers.ts'
import { auditHandlers } from './audit-handlers.ts'
import { decisionHandlers } from './decision-handlers.ts'
import { evidenceHandlers } from './evidence-handlers.ts'
import { exerciseHandlers } from './exercise-handlers.ts'
import { peopleHandlers } from './people-handlers.ts'
import { importHandlers } from './import-handlers.ts'
import { frontHandlers } from './front-handlers.ts'
import { masterHandlers } from './master-handlers.ts'
import { peopleViewHandlers } from './people-view-handlers.ts'
import { reportHandlers } from './report-handlers.ts'
import { scoringHandlers } from './scoring-handlers.ts'
import { viewHandlers } from './view-handlers.ts'

/** The handler of each operation. */
export function oversightHandlers(deps: OversightDeps): HandlersOf<typeof oversightEndpoints> {
  return {
    ...administrationHandlers(deps),
    ...alertHandlers(deps),
    ...auditHandlers(deps),
    ...decisionHandlers(deps),
    ...frontHandlers(deps),
    ...masterHandlers(deps),
    ...evidenceHandlers(deps),
    ...exerciseHandlers(deps),
    ...peopleHandlers(deps),
    ...importHandlers(deps),
    ...peopleViewHandlers(deps),
    ...reportHandlers(deps),
    ...scoringHandlers(deps),
    ...viewHandlers(deps),
  }
}
