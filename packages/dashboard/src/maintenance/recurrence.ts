import type { MaintenanceWindow } from '@gatehouse/sdk'
import { toInstant, toLocal } from '../local-time.ts'

export const weekdayNames = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const
type WeekdayName = (typeof weekdayNames)[number]
export const repeats = ['never', 'daily', 'weekly', 'monthly', 'rrule', 'cron'] as const
export type Repeat = (typeof repeats)[number]
/** Which day of a month: its date, its weekday such as the second Sunday, or the last of its kind. */
export const monthly = ['date', 'weekday', 'last'] as const
export type Monthly = (typeof monthly)[number]

/** How a person says when maintenance recurs; what cannot be said so stays the rule itself. */
export type Said =
  | { readonly repeat: 'never' }
  | { readonly repeat: 'daily'; readonly until: string }
  | { readonly repeat: 'weekly'; readonly weekdays: readonly string[]; readonly until: string }
  | { readonly repeat: 'monthly'; readonly on: Monthly; readonly until: string }
  | { readonly repeat: 'rrule' | 'cron'; readonly rule: string }

export function isSeries({ rrule, cron }: MaintenanceWindow): boolean {
  return rrule !== null || cron !== null
}

/** `startsAt` as a field shows it: which weekday, and which of its month. */
export function toDay(startsAt: string): { readonly weekday: WeekdayName; readonly nth: number } {
  const day = new Date(`${startsAt.slice(0, 10)}T00:00Z`)
  const weekday = weekdayNames[(day.getUTCDay() + 6) % 7] ?? 'MO'
  return { weekday, nth: Math.ceil(day.getUTCDate() / 7) }
}

export function toRule(said: Said, startsAt: string): { readonly rrule?: string; readonly cron?: string } {
  switch (said.repeat) {
    case 'never':
      return {}
    case 'rrule':
    case 'cron':
      return { [said.repeat]: said.rule.trim() }
    case 'daily':
      return { rrule: `FREQ=DAILY${toUntil(said.until)}` }
    case 'weekly': {
      const chosen = weekdayNames.filter((name) => said.weekdays.includes(name))
      const days = chosen.length === 0 ? [toDay(startsAt).weekday] : chosen
      return { rrule: `FREQ=WEEKLY;BYDAY=${days.join(',')}${toUntil(said.until)}` }
    }
    case 'monthly': {
      const { weekday, nth } = toDay(startsAt)
      const day = { date: '', weekday: `;BYDAY=${nth}${weekday}`, last: `;BYDAY=-1${weekday}` }[said.on]
      return { rrule: `FREQ=MONTHLY${day}${toUntil(said.until)}` }
    }
  }
}

const simple = /^FREQ=(DAILY|WEEKLY|MONTHLY)(?:;BYDAY=([^;]+))?(?:;UNTIL=(\d{8}))?$/

/** The words for a rule that was made of them, else the rule. `startsAt` as a field shows it. */
export function toSaid(rrule: string | null, cron: string | null, startsAt: string): Said {
  if (cron !== null) return { repeat: 'cron', rule: cron }
  if (rrule === null) return { repeat: 'never' }
  const [, unit, days = '', end = ''] = simple.exec(rrule) ?? []
  const until = end.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')
  const { weekday, nth } = toDay(startsAt)
  if (unit === 'DAILY' && days === '') return { repeat: 'daily', until }
  if (unit === 'WEEKLY')
    return { repeat: 'weekly', weekdays: days === '' ? [weekday] : days.split(','), until }
  const on = new Map<string, Monthly>([
    ['', 'date'],
    [`${nth}${weekday}`, 'weekday'],
    [`-1${weekday}`, 'last'],
  ]).get(days)
  return unit === 'MONTHLY' && on !== undefined
    ? { repeat: 'monthly', on, until }
    : { repeat: 'rrule', rule: rrule }
}

/** A first time that nobody has moved is sent as it was, to the second. */
export function toStart(entered: string, zone: string, before: string | undefined): string {
  return before !== undefined && toLocal(before, zone) === entered ? before : toInstant(entered, zone)
}

function toUntil(day: string): string {
  return day === '' ? '' : `;UNTIL=${day.replaceAll('-', '')}`
}
