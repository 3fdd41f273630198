const form =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)T(?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:\.(?<fraction>\d{1,9}))?)?(?:Z|(?<sign>[+-])(?<zoneHour>\d\d):(?<zoneMinute>\d\d))$/

/**
 * The times that a four-digit year can express, in UTC too, and that every database can hold; from the year 2, so that
 * a period that ends at one of them can begin before it: databases know no year 0.
 */
const earliestMs = toDayMs(2, 1, 1) ?? 0
const latestMs = (toDayMs(9_999, 12, 31) ?? 0) + 86_399_999

/**
 * Parses an ISO 8601 time with a zone into milliseconds since the epoch; undefined for text of another form and for a
 * time that does not exist. Date.parse would turn 31 November into 1 December.
 */
export function parseInstant(text: string): number | undefined {
  const groups = form.exec(text)?.groups
  if (groups === undefined) return undefined
  const part = (name: string): number => Number(groups[name] ?? 0)
  const dayMs = toDayMs(part('year'), part('month'), part('day'))
  const isTime = part('hour') <= 23 && part('minute') <= 59 && part('second') <= 59
  const isZone = part('zoneHour') <= 23 && part('zoneMinute') <= 59
  if (dayMs === undefined || !isTime || !isZone) return undefined
  const secondMs = ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1_000
  const fractionMs = Number((groups['fraction'] ?? '').slice(0, 3).padEnd(3, '0'))
  const zoneMs = (part('zoneHour') * 60 + part('zoneMinute')) * 60_000
  const atMs = dayMs + secondMs + fractionMs - (groups['sign'] === '-' ? -zoneMs : zoneMs)
  return atMs < earliestMs || atMs > latestMs ? undefined : atMs
}

/** Parses a day such as 2026-01-31, if it exists, into its midnight in UTC. */
export function parseDay(text: string): number | undefined {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? parseInstant(`${text}T00:00Z`) : undefined
}

function toDayMs(year: number, month: number, day: number): number | undefined {
  const date = new Date(0)
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  const atMs = date.setUTCFullYear(year, month - 1, day)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? atMs : undefined
}
