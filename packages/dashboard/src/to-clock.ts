import { inZone } from './zone.ts'

/** The time of day of a Unix time in milliseconds, in the zone in use. */
export const toClock = inZone({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
