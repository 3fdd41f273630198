import { inZone } from './zone.ts'

/** Formats the time of day of Unix milliseconds, in the current zone. */
export const toClock = inZone({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
