import { language } from './language.ts'

const steps = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const
const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' })

/** A relative time. `at` is ISO 8601. */
export function toAgo(at: string, nowMs: number): string {
  const elapsedMs = Date.parse(at) - nowMs
  const [unit, sizeMs] = steps.find(([, size]) => Math.abs(elapsedMs) >= size) ?? (['second', 1_000] as const)
  return format.format(Math.trunc(elapsedMs / sizeMs), unit)
}

export function toSpan(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  const hours = Math.floor(minutes / 60)
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`
}
