import type { MailLanguage } from './render-mail.ts'

/** The reader of a mail: their language and time zone. */
export type Reader = {
  readonly language: MailLanguage
  /** An IANA time zone; null for UTC. */
  readonly timeZone: string | null
}

/** A moment in the reader's time zone, with the name of the zone and its offset from UTC; to the minute. */
export function writeMoment(atMs: number, { language, timeZone }: Reader): string {
  const format = (more: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'ja-JP', {
      ...more,
      timeZone: timeZone ?? 'UTC',
      hourCycle: 'h23',
    })
  const clock = format({ dateStyle: 'medium', timeStyle: 'short' }).format(atMs)
  if (timeZone === null) return `${clock} UTC`
  const away = format({ timeZoneName: 'longOffset' })
    .formatToParts(atMs)
    .find(({ type }) => type === 'timeZoneName')?.value
  return `${clock} (${timeZone}, ${away?.replace('GMT', 'UTC') ?? 'UTC'})`
}
