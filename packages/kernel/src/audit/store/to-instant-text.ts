/**
 * A stored time in ISO 8601. A tampered row may hold other values, such as `infinity`: those become a text that fits no
 * hash.
 */
export function toInstantText(ts: Date): string {
  const ms = Number(ts)
  return Number.isFinite(ms) ? new Date(ms).toISOString() : String(ms)
}
