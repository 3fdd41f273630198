/** One calendar day in some zone; `fromMs` to `toMs` is half-open and 23 to 25 hours long. */
export type Day = { readonly date: string; readonly fromMs: number; readonly toMs: number }

export const dayMs = 86_400_000

/** The last `count` calendar days of an IANA zone, up to the one that contains `nowMs`, oldest first. */
export function lastDays(nowMs: number, count: number, timeZone: string): readonly Day[] {
  const offset = offsetReader(timeZone)
  const today = Math.floor((nowMs + offset(nowMs)) / dayMs)
  return Array.from({ length: count }, (_, index) => {
    const day = today - count + 1 + index
    const fromMs = toInstant(day * dayMs, offset)
    return {
      date: new Date(day * dayMs).toISOString().slice(0, 10),
      fromMs,
      toMs: toInstant((day + 1) * dayMs, offset),
    }
  })
}

/** The first instant at which the zone's clocks show `wallMs`, or a later time if a clock change skips it. */
export function toInstant(wallMs: number, offset: (ms: number) => number): number {
  const earlier = wallMs - offset(wallMs - dayMs)
  const later = wallMs - offset(wallMs + dayMs)
  const [first, second] = earlier <= later ? [earlier, later] : [later, earlier]
  return first + offset(first) === wallMs ? first : second
}

/** The UTC offset of a zone in milliseconds, as a function of time. */
export function offsetReader(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (ms) => {
    const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]))
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000
  }
}
