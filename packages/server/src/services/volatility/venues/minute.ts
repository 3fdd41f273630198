import { intervalMs } from '../domain/timeframe.ts'

export const minuteMs = intervalMs['1m']

/** The open time of the minute that a moment lies in. */
export function minuteOf(ms: number): number {
  return Math.floor(ms / minuteMs) * minuteMs
}
