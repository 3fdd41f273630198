import { locale } from './language.ts'
import { inZone } from './zone.ts'

const ofMoment = inZone({ dateStyle: 'long' })
// A calendar day is the same in every zone.
const ofDay = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' })

/** Formats the day of `at` (ISO 8601): a moment in the current zone, or a calendar day. */
export function toDate(at: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(at) ? ofDay.format(new Date(at)) : ofMoment(at)
}
