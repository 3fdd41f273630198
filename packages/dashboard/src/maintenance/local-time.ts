/** A moment as a field for date and time takes it, in the zone of the browser. */
export function toLocal(at: string | number): string {
  const date = new Date(at)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** The moment that such a field means; what means none is left for the server to refuse. */
export function toInstant(local: string): string {
  const ms = Date.parse(local)
  return Number.isNaN(ms) ? local : new Date(ms).toISOString()
}
