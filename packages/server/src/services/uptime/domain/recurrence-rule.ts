/**
 * A weekday of a recurrence; `nth` is which one of the month, counted from the end if negative, and null for every
 * one.
 */
export type Weekday = { readonly day: number; readonly nth: number | null }

/** The end of a recurrence: a count or a last time. A wall time is in the maintenance's time zone. */
export type RecurrenceEnd =
  | { readonly by: 'never' }
  | { readonly by: 'count'; readonly count: number }
  | { readonly by: 'instant'; readonly untilMs: number }
  | { readonly by: 'wall'; readonly untilWallMs: number }

export type RecurrenceRule =
  | {
      readonly kind: 'rrule'
      readonly unit: 'day' | 'week' | 'month'
      readonly interval: number
      readonly weekdays: readonly Weekday[]
      /** Negative ones count from the end of the month. */
      readonly monthDays: readonly number[]
      readonly end: RecurrenceEnd
    }
  | {
      readonly kind: 'cron'
      readonly minutes: readonly number[]
      readonly hours: readonly number[]
      readonly monthDays: readonly number[]
      readonly months: readonly number[]
      /** Monday is 1. */
      readonly weekdays: readonly number[]
      /** If a day of the month and a weekday are both restricted, a match of either is enough, as in cron. */
      readonly isEitherDay: boolean
    }

export type ParsedRule =
  | { readonly accepted: true; readonly rule: RecurrenceRule }
  | { readonly accepted: false; readonly message: string }

const dayMs = 86_400_000
const names = ['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'COUNT', 'UNTIL'] as const
const units = { DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month' } as const
const weekdayNames = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
const countMax = 1_000
const intervalMax = 366

/** Parses the subset of RFC 5545 that maintenance supports; weeks start on Monday. */
export function parseRrule(text: string): ParsedRule {
  const parts = text.split(';').map((part) => part.split('='))
  const given = new Map(parts.map(([name = '', value = '']) => [name, value]))
  const known: readonly string[] = names
  if (parts.some(({ length }) => length !== 2) || given.size < parts.length)
    return refuse('must be parts such as FREQ=WEEKLY;BYDAY=SU, each named once')
  const unknown = [...given.keys()].find((name) => !known.includes(name))
  if (unknown !== undefined) return refuse(`must use no other parts than ${names.join(', ')}`)
  const unit = findUnit(given.get('FREQ'))
  if (unit === undefined) return refuse('must have FREQ=DAILY, FREQ=WEEKLY or FREQ=MONTHLY')
  const interval = toWhole(given.get('INTERVAL') ?? '1', 1, intervalMax)
  if (interval === undefined) return refuse(`must have an INTERVAL of 1 to ${intervalMax}`)
  const weekdays = toAll(given.get('BYDAY'), (part) => toWeekday(part, unit))
  if (weekdays === undefined)
    return refuse('must have a BYDAY such as MO,WE or, with FREQ=MONTHLY, 2TU or -1FR')
  const monthDays = toAll(given.get('BYMONTHDAY'), toMonthDay)
  if (monthDays === undefined || (unit === 'week' && monthDays.length > 0))
    return refuse('must have a BYMONTHDAY of 1 to 31 or -31 to -1, and none with FREQ=WEEKLY')
  if (given.has('COUNT') && given.has('UNTIL')) return refuse('must have COUNT or UNTIL, not both')
  const end = toEnd(given.get('COUNT'), given.get('UNTIL'))
  if (end === undefined)
    return refuse(`must have a COUNT of 1 to ${countMax}, or an UNTIL such as 20301231 or 20301231T235959Z`)
  return { accepted: true, rule: { kind: 'rrule', unit, interval, weekdays, monthDays, end } }
}

const cronNames = {
  months: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  weekdays: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
}

/** Parses the five cron fields: minute, hour, day of the month, month and weekday. */
export function parseCron(text: string): ParsedRule {
  const fields = text.trim().split(/\s+/)
  const [minute = '', hour = '', monthDay = '', month = '', weekday = ''] = fields
  const minutes = toCronField(minute, 0, 59)
  const hours = toCronField(hour, 0, 23)
  const monthDays = toCronField(monthDay, 1, 31)
  const months = toCronField(month, 1, 12, cronNames.months)
  // Sunday is both 0 and 7.
  const weekdays = toCronField(weekday, 0, 7, cronNames.weekdays)
  if (fields.length !== 5)
    return refuse('must have five fields: minute, hour, day of the month, month, weekday')
  if (minutes === undefined) return refuse('must have minutes of 0 to 59 as its first field')
  if (hours === undefined) return refuse('must have hours of 0 to 23 as its second field')
  if (monthDays === undefined) return refuse('must have days of 1 to 31 as its third field')
  if (months === undefined) return refuse('must have months of 1 to 12 as its fourth field')
  if (weekdays === undefined) return refuse('must have weekdays of 0 to 7 as its fifth field')
  return {
    accepted: true,
    rule: {
      kind: 'cron',
      minutes,
      hours,
      monthDays,
      months,
      weekdays: [...new Set(weekdays.map((day) => (day === 0 ? 7 : day)))],
      isEitherDay: !monthDay.startsWith('*') && !weekday.startsWith('*'),
    },
  }
}

function refuse(message: string): ParsedRule {
  return { accepted: false, message }
}

function findUnit(name: string | undefined): 'day' | 'week' | 'month' | undefined {
  return Object.entries(units).find(([unit]) => unit === name)?.[1]
}

function toWhole(text: string, min: number, max: number): number | undefined {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN
  return value >= min && value <= max ? value : undefined
}

/** Parses a comma-separated list: empty if there is no text, undefined if a part is invalid. */
function toAll<T>(text: string | undefined, read: (part: string) => T | undefined): readonly T[] | undefined {
  if (text === undefined) return []
  const all = text.split(',').map(read)
  const readable = all.filter((part) => part !== undefined)
  return readable.length === all.length ? readable : undefined
}

function toWeekday(part: string, unit: 'day' | 'week' | 'month'): Weekday | undefined {
  const [, nth = '', name = ''] = /^([+-]?[1-5])?([A-Z]{2})$/.exec(part) ?? []
  const day = weekdayNames.indexOf(name) + 1
  if (day === 0 || (nth !== '' && unit !== 'month')) return undefined
  return { day, nth: nth === '' ? null : Number(nth) }
}

function toMonthDay(part: string): number | undefined {
  const value = toWhole(part.replace(/^[+-]/, ''), 1, 31)
  return value !== undefined && part.startsWith('-') ? -value : value
}

function toEnd(count: string | undefined, until: string | undefined): RecurrenceEnd | undefined {
  if (count !== undefined) {
    const value = toWhole(count, 1, countMax)
    return value === undefined ? undefined : { by: 'count', count: value }
  }
  if (until === undefined) return { by: 'never' }
  const [, year, month, day, hour, minute, second, zone] =
    /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/.exec(until) ?? []
  if (year === undefined) return undefined
  const clock = hour === undefined ? '00:00:00' : `${hour}:${minute}:${second}`
  const ms = Date.parse(`${year}-${month}-${day}T${clock}Z`)
  // JavaScript would parse 30 February as a day in March.
  if (Number.isNaN(ms) || new Date(ms).getUTCDate() !== Number(day)) return undefined
  if (zone !== undefined) return { by: 'instant', untilMs: ms }
  return { by: 'wall', untilWallMs: hour === undefined ? ms + dayMs - 1 : ms }
}

function toCronField(
  text: string,
  min: number,
  max: number,
  itsNames: readonly string[] = [],
): readonly number[] | undefined {
  const read = (word: string): number | undefined => {
    const named = itsNames.indexOf(word.toLowerCase())
    return named === -1 ? toWhole(word, min, max) : named + min
  }
  const found = toAll(text, (part) => {
    const [range = '', every = '1', ...rest] = part.split('/')
    const [first = '', last = first, ...others] =
      range === '*' ? [String(min), String(max)] : range.split('-')
    const [from, to, step] = [read(first), read(last), toWhole(every, 1, max)]
    if (rest.length > 0 || others.length > 0) return undefined
    if (from === undefined || to === undefined || step === undefined || from > to) return undefined
    // A step needs a range.
    if (part.includes('/') && range !== '*' && !range.includes('-')) return undefined
    return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step)
  })
  return found && [...new Set(found.flat())].toSorted((a, b) => a - b)
}
