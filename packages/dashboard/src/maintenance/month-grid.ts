/** A calendar day, as YYYY-MM-DD; a month, as YYYY-MM. */
export type Day = string
export type Month = string

const dayMs = 86_400_000
const toMs = (day: Day): number => Date.parse(`${day}T00:00:00Z`)
const toDay = (ms: number): Day => new Date(ms).toISOString().slice(0, 10)

export function addDays(day: Day, days: number): Day {
  return toDay(toMs(day) + days * dayMs)
}

export function monthOf(day: Day): Month {
  return day.slice(0, 7)
}

export function addMonths(month: Month, months: number): Month {
  const [year = 0, of = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, of - 1 + months, 1)).toISOString().slice(0, 7)
}

/** The same day of another month, or its last one. */
export function inMonth(day: Day, month: Month): Day {
  const last = addDays(`${addMonths(month, 1)}-01`, -1)
  const same = `${month}-${day.slice(8)}`
  return same <= last ? same : last
}

/** The weeks that a month has days of, whole. `weekStart`: 1 for Monday to 7 for Sunday. */
export function listWeeks(month: Month, weekStart: number): readonly (readonly Day[])[] {
  const first = `${month}-01`
  const weekday = new Date(toMs(first)).getUTCDay()
  let monday = addDays(first, -((weekday - (weekStart % 7) + 7) % 7))
  const weeks: Day[][] = []
  while (weeks.length === 0 || monthOf(monday) === month) {
    const start = monday
    weeks.push(Array.from({ length: 7 }, (_, index) => addDays(start, index)))
    monday = addDays(start, 7)
  }
  return weeks
}

export type Span = { readonly startsAt: string; readonly endsAt: string | null }

/**
 * What is on at each day, by the days of a zone (`dayOf`), in the order given. Something that ends at midnight is not on
 * at the day that begins then; something without an end is on at each day up to `today`.
 */
export function groupByDay<T extends Span>(
  spans: readonly T[],
  days: readonly Day[],
  dayOf: (at: number) => Day,
  today: Day,
): ReadonlyMap<Day, readonly T[]> {
  const on = new Map<Day, T[]>()
  for (const span of spans) {
    const startMs = Date.parse(span.startsAt)
    const from = dayOf(startMs)
    const to =
      span.endsAt === null
        ? from > today
          ? from
          : today
        : dayOf(Math.max(startMs, Date.parse(span.endsAt) - 1))
    for (const day of days) if (day >= from && day <= to) on.set(day, [...(on.get(day) ?? []), span])
  }
  return on
}

/** The first day of weeks for whoever reads this language and region: 1 for Monday to 7 for Sunday. */
export function readWeekStart(locale: string): number {
  const read: Intl.Locale & {
    readonly getWeekInfo?: () => { readonly firstDay: number }
    readonly weekInfo?: { readonly firstDay: number }
  } = new Intl.Locale(locale)
  return (read.getWeekInfo?.() ?? read.weekInfo)?.firstDay ?? 1
}
