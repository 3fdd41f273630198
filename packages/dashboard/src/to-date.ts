import { language } from './language.ts'

const format = new Intl.DateTimeFormat(language, { dateStyle: 'long' })

/** The day of `at`, which is ISO 8601, where the reader is. */
export function toDate(at: string): string {
  return format.format(new Date(at))
}
