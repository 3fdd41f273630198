import { alertEvents } from './alert-events.ts'
import { contestEvents } from './contest-events.ts'
import { importEvents } from './import-events.ts'
import { decisionEvents } from './decision-events.ts'
import { scoreEvents } from './score-events.ts'

/** What the service tells webhooks of, and what it says then; the lists of its areas, one below the other. */
export const oversightEvents = {
  ...alertEvents,
  ...contestEvents,
  ...importEvents,
  ...decisionEvents,
  ...scoreEvents,
}

export type OversightEvent = keyof typeof oversightEvents
