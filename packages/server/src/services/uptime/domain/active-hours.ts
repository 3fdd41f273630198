import { dayMs, offsetReader, toInstant } from './days.ts'

/** When a destination listens, by the clock of its people. Monday is 1. One that ends before it starts goes over midnight. */
export type ActiveHours = {
  readonly days: readonly number[]
  readonly from: string
  readonly until: string
  readonly timeZone: string
}

/** The same instant when it lies within these hours, else the one at which they start next. */
export function nextActive({ days, from, until, timeZone }: ActiveHours, atMs: number): number {
  const offset = offsetReader(timeZone)
  const [fromMs, untilMs] = [toClockMs(from), toClockMs(until)]
  const today = Math.floor((atMs + offset(atMs)) / dayMs)
  // Yesterday's may go on until this morning, and a week later every weekday has been looked at.
  for (let day = today - 1; day <= today + 7; day += 1) {
    if (!days.includes(toWeekday(day))) continue
    const endDay = untilMs <= fromMs ? day + 1 : day
    if (atMs >= toInstant(endDay * dayMs + untilMs, offset)) continue
    return Math.max(atMs, toInstant(day * dayMs + fromMs, offset))
  }
  throw new Error('Active hours name at least one day')
}

/** The first day of the epoch was a Thursday. */
function toWeekday(day: number): number {
  return ((day + 3) % 7) + 1
}

function toClockMs(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return (hours * 60 + minutes) * 60_000
}
