import { alertEvents } from './alert-events.ts'
import { contestEvents } from './contest-events.ts'
import { importEvents } from './import-events.ts'
import { decisionEvents } from './decision-events.ts'
import { scoreEvents } from './score-events.ts'

/** All webhook events of the service with their data, by area. */
export const oversightEvents = {
  ...alertEvents,
  ...contestEvents,
  ...importEvents,
  ...decisionEvents,
  ...scoreEvents,
}

export type OversightEvent = keyof typeof oversightEvents
