import { inZone } from './zone.ts'

/** The time itself, in a sentence. `at` is ISO 8601, or Unix time in milliseconds. */
export const toExact = inZone({ dateStyle: 'medium', timeStyle: 'short' })

/** To the second, with the zone named. */
export const toFull = inZone({ dateStyle: 'medium', timeStyle: 'long' })
