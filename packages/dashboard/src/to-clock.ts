import { language } from './language.ts'

const format = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

/** The time of day, where the reader is. */
export function toClock(ms: number): string {
  return format.format(ms)
}
