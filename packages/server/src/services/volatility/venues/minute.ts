import { intervalMs } from '../domain/timeframe.ts'

export const minuteMs = intervalMs['1m']

/** Open time of the minute that contains a moment. */
export function minuteOf(ms: number): number {
  return Math.floor(ms / minuteMs) * minuteMs
}
