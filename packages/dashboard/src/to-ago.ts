import { locale } from './language.ts'
import { spanWords, type SpanWords } from './words/span-words.ts'

const steps = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const
const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })

/** A relative time. `at` is ISO 8601. */
export function toAgo(at: string, nowMs: number): string {
  const elapsedMs = Date.parse(at) - nowMs
  const [unit, sizeMs] = steps.find(([, size]) => Math.abs(elapsedMs) >= size) ?? (['second', 1_000] as const)
  return format.format(Math.trunc(elapsedMs / sizeMs), unit)
}

/** A length of time in its two largest units. */
export function toSpan(ms: number, says: SpanWords = spanWords): string {
  const seconds = Math.round(ms / 1_000)
  if (seconds < 60) return says.seconds(String(seconds))
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60)
    return seconds % 60 === 0
      ? says.minutes(String(minutes))
      : `${says.minutes(String(minutes))} ${says.seconds(String(seconds % 60))}`
  const hours = Math.floor(minutes / 60)
  return hours < 24
    ? `${says.hours(String(hours))} ${says.minutes(String(minutes % 60))}`
    : `${says.days(String(Math.floor(hours / 24)))} ${says.hours(String(hours % 24))}`
}
