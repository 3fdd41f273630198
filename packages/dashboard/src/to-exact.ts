import { inZone } from './zone.ts'

/** Formats the exact time within a sentence. `at` is ISO 8601, or Unix milliseconds. */
export const toExact = inZone({ dateStyle: 'medium', timeStyle: 'short' })

/** With seconds and the name of the zone. */
export const toFull = inZone({ dateStyle: 'medium', timeStyle: 'long' })
