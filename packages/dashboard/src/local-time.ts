import { zoneInUse } from './zone.ts'

/** A moment as a field for date and time takes it, in the zone in use; to the minute. */
export function toLocal(at: string | number): string {
  const format = new Intl.DateTimeFormat('en-u-ca-iso8601', {
    timeZone: zoneInUse(),
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
 * The moment that such a field means, as ISO 8601; what means none is left for the server to refuse. Of an hour that comes
 * twice the first is meant, and a time that clocks skip is read as if they had not been changed yet.
 */
export function toInstant(local: string): string {
  const ms = toMs(local)
  return Number.isNaN(ms) ? local : new Date(ms).toISOString()
}

/** When the day of this moment began, in the zone in use. */
export function toMidnight(ms: number): number {
  return toMs(`${toLocal(ms).slice(0, 10)}T00:00`)
}

const dayMs = 86_400_000

function toMs(local: string): number {
  const asUtcMs = Date.parse(`${local}Z`)
  if (Number.isNaN(asUtcMs)) return asUtcMs
  const [before, after] = [-dayMs, dayMs].map((awayMs) => asUtcMs - offsetAt(asUtcMs + awayMs))
  const fits = [before, after].find((ms) => ms !== undefined && toLocal(ms) === local.slice(0, 16))
  return fits ?? before ?? Number.NaN
}

/** How far clocks in the zone are ahead of UTC at a moment. */
function offsetAt(ms: number): number {
  const minuteMs = Math.floor(ms / 60_000) * 60_000
  return Date.parse(`${toLocal(minuteMs)}Z`) - minuteMs
}
