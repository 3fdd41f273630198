import { zoneInUse } from './zone.ts'

/** The value of a date-time field for a moment, in the current zone or the given one, to the minute. */
export function toLocal(at: string | number, zone = zoneInUse()): string {
  const format = new Intl.DateTimeFormat('en-u-ca-iso8601', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const parts = new Map(format.formatToParts(new Date(at)).map(({ type, value }) => [type, value]))
  const [year, month, day, hour, minute] = (['year', 'month', 'day', 'hour', 'minute'] as const).map((type) =>
    parts.get(type),
  )
  return `${year}-${month}-${day}T${hour}:${minute}`
}

/**
 * The moment of such a field's value as ISO 8601; an invalid value is returned unchanged, for the server to refuse.
 * In an hour that occurs twice, the first is used; a time that a clock change skips is read with the offset before
 * the change.
 */
export function toInstant(local: string, zone = zoneInUse()): string {
  const ms = toMs(local, zone)
  return Number.isNaN(ms) ? local : new Date(ms).toISOString()
}

/** Start of the day of a moment, in the current zone. */
export function toMidnight(ms: number): number {
  return toMs(`${toLocal(ms).slice(0, 10)}T00:00`, zoneInUse())
}

const dayMs = 86_400_000

function toMs(local: string, zone: string): number {
  const asUtcMs = Date.parse(`${local}Z`)
  if (Number.isNaN(asUtcMs)) return asUtcMs
  const [before, after] = [-dayMs, dayMs].map((awayMs) => asUtcMs - offsetAt(asUtcMs + awayMs, zone))
  const fits = [before, after].find((ms) => ms !== undefined && toLocal(ms, zone) === local.slice(0, 16))
  return fits ?? before ?? Number.NaN
}

/** The zone's UTC offset at a moment. */
function offsetAt(ms: number, zone: string): number {
  const minuteMs = Math.floor(ms / 60_000) * 60_000
  return Date.parse(`${toLocal(minuteMs, zone)}Z`) - minuteMs
}
