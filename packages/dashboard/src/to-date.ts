import { language } from './language.ts'
import { inZone } from './zone.ts'

const ofMoment = inZone({ dateStyle: 'long' })
// A day of a calendar is the same day in every zone.
const ofDay = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' })

/** The day of `at`, which is ISO 8601: of a moment in the zone in use, or a day itself. */
export function toDate(at: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(at) ? ofDay.format(new Date(at)) : ofMoment(at)
}
