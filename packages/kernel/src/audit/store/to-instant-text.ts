/** ISO 8601 of a stored time; what a changed row may hold beyond that, such as `infinity`, as text that no hash fits. */
export function toInstantText(ts: Date): string {
  const ms = Number(ts)
  return Number.isFinite(ms) ? new Date(ms).toISOString() : String(ms)
}
