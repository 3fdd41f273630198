import { dayMs, offsetReader } from './days.ts'
import type { RecurrenceRule, Weekday } from './recurrence-rule.ts'

/** A recurrence in a time zone, from its first occurrence on. */
export type Recurrence = {
  readonly rule: RecurrenceRule
  readonly timeZone: string
  /** The first possible occurrence; a rule by days recurs at its time of day. */
  readonly startsAtMs: number
}

/**
 * Occurrences from `fromMs` to `untilMs`, earliest first. One in an hour that a clock change skips starts at the
 * first instant after it; in an hour that occurs twice, the first is used.
 */
export function* listOccurrences(
  { rule, timeZone, startsAtMs }: Recurrence,
  fromMs: number,
  untilMs: number,
): Generator<number, void> {
  const offset = offsetReader(timeZone)
  const wallStartMs = startsAtMs + offset(startsAtMs)
  const firstDay = Math.floor(wallStartMs / dayMs)
  const { isOn, clocks, isPast, countMax } = readRule(rule, firstDay, wallStartMs % dayMs)
  const fromDay = Math.floor(fromMs / dayMs) - 2
  // Only a rule with a count has to be evaluated from its start.
  const begin = countMax === null ? Math.max(firstDay, fromDay) : firstDay
  let lastMs = Number.NEGATIVE_INFINITY
  let counted = 0
  for (let day = begin; day * dayMs <= untilMs + 2 * dayMs; day += 1) {
    if (!isOn(day)) continue
    for (const clockMs of clocks) {
      const wallMs = day * dayMs + clockMs
      if (isPast({ wallMs })) return
      if (countMax !== null && fromDay > day && wallMs >= wallStartMs) {
        counted += 1
        if (counted >= countMax) return
        continue
      }
      const atMs = toStart(wallMs, offset)
      // Several times within a skipped hour have the same instant, which is listed once.
      if (atMs < startsAtMs || atMs <= lastMs) continue
      if (atMs > untilMs || isPast({ atMs })) return
      lastMs = atMs
      counted += 1
      if (atMs >= fromMs) yield atMs
      if (counted === countMax) return
    }
  }
}

type Moment = { readonly wallMs?: number; readonly atMs?: number }

type ReadRule = {
  readonly isOn: (day: number) => boolean
  /** The times of such a day, in milliseconds since midnight. */
  readonly clocks: readonly number[]
  readonly isPast: (moment: Moment) => boolean
  readonly countMax: number | null
}

function readRule(rule: RecurrenceRule, firstDay: number, clockMs: number): ReadRule {
  if (rule.kind === 'cron') {
    const { months, monthDays, weekdays, isEitherDay, hours, minutes } = rule
    return {
      isOn: (day) => {
        const { month, date, weekday } = toDate(day)
        const [fitsDate, fitsWeekday] = [monthDays.includes(date), weekdays.includes(weekday)]
        return months.includes(month) && (isEitherDay ? fitsDate || fitsWeekday : fitsDate && fitsWeekday)
      },
      clocks: hours.flatMap((hour) => minutes.map((minute) => (hour * 60 + minute) * 60_000)),
      isPast: () => false,
      countMax: null,
    }
  }
  const { end } = rule
  return {
    isOn: (day) => isOnDay(rule, firstDay, day),
    clocks: [clockMs],
    isPast: ({ wallMs = Number.NEGATIVE_INFINITY, atMs = Number.NEGATIVE_INFINITY }) =>
      (end.by === 'wall' && wallMs > end.untilWallMs) || (end.by === 'instant' && atMs > end.untilMs),
    countMax: end.by === 'count' ? end.count : null,
  }
}

function isOnDay(rule: RecurrenceRule & { kind: 'rrule' }, firstDay: number, day: number): boolean {
  const [first, now] = [toDate(firstDay), toDate(day)]
  const { unit, interval, weekdays, monthDays } = rule
  const fitsWeekday = weekdays.length === 0 || weekdays.some((weekday) => fits(weekday, now))
  const fitsDate =
    monthDays.length === 0 ||
    monthDays.includes(now.date) ||
    monthDays.includes(now.date - now.daysInMonth - 1)
  if (!fitsWeekday || !fitsDate) return false
  switch (unit) {
    case 'day':
      return (day - firstDay) % interval === 0
    case 'week': {
      const weeks = (day - now.weekday - (firstDay - first.weekday)) / 7
      return weeks % interval === 0 && (weekdays.length > 0 || now.weekday === first.weekday)
    }
    case 'month': {
      const months = (now.year - first.year) * 12 + now.month - first.month
      return months % interval === 0 && (weekdays.length + monthDays.length > 0 || now.date === first.date)
    }
  }
}

type CalendarDate = {
  readonly year: number
  readonly month: number
  readonly date: number
  /** Monday is 1. */
  readonly weekday: number
  readonly daysInMonth: number
}

function fits({ day, nth }: Weekday, { weekday, date, daysInMonth }: CalendarDate): boolean {
  if (weekday !== day) return false
  if (nth === null) return true
  return nth > 0 ? Math.ceil(date / 7) === nth : Math.ceil((daysInMonth - date + 1) / 7) === -nth
}

function toDate(day: number): CalendarDate {
  const at = new Date(day * dayMs)
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth() + 1]
  return {
    year,
    month,
    date: at.getUTCDate(),
    weekday: ((at.getUTCDay() + 6) % 7) + 1,
    daysInMonth: new Date(Date.UTC(year, month, 0)).getUTCDate(),
  }
}

/** The first instant at which clocks show this time; if it is skipped, the instant of the clock change. */
function toStart(wallMs: number, offset: (ms: number) => number): number {
  const candidates = [wallMs - offset(wallMs - dayMs), wallMs - offset(wallMs + dayMs)].toSorted(
    (a, b) => a - b,
  )
  const shown = candidates.find((ms) => ms + offset(ms) === wallMs)
  if (shown !== undefined) return shown
  // The clock change lies between the two candidates: search for the first instant with the later offset.
  let [before = 0, after = 0] = candidates
  const offsetAfter = offset(after)
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (offset(middle) === offsetAfter) after = middle
    else before = middle
  }
  return after
}
