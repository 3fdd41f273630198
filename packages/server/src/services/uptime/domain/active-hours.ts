import { dayMs, offsetReader, toInstant } from './days.ts'

/**
 * When a channel accepts notifications, in its own time zone. Monday is 1. Hours that end before they start pass
 * midnight.
 */
export type ActiveHours = {
  readonly days: readonly number[]
  readonly from: string
  readonly until: string
  readonly timeZone: string
}

/** Returns the same instant if it lies within these hours, otherwise the next start. */
export function nextActive({ days, from, until, timeZone }: ActiveHours, atMs: number): number {
  const offset = offsetReader(timeZone)
  const [fromMs, untilMs] = [toClockMs(from), toClockMs(until)]
  const today = Math.floor((atMs + offset(atMs)) / dayMs)
  // From yesterday, whose hours may last until this morning, to a week ahead, which covers every weekday.
  for (let day = today - 1; day <= today + 7; day += 1) {
    if (!days.includes(toWeekday(day))) continue
    const endDay = untilMs <= fromMs ? day + 1 : day
    if (atMs >= toInstant(endDay * dayMs + untilMs, offset)) continue
    return Math.max(atMs, toInstant(day * dayMs + fromMs, offset))
  }
  throw new Error('Active hours name at least one day')
}

/** 1970-01-01 was a Thursday. */
function toWeekday(day: number): number {
  return ((day + 3) % 7) + 1
}

function toClockMs(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return (hours * 60 + minutes) * 60_000
}
