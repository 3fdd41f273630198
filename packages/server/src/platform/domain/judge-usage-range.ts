export type UsageRange = { readonly from?: string | undefined; readonly to?: string | undefined }

export type UsageRangeVerdict =
  /** The midnights (UTC) of all requested days, in milliseconds since the epoch, oldest first. */
  | { readonly accepted: true; readonly days: readonly number[] }
  | { readonly accepted: false; readonly field: 'from' | 'to'; readonly message: string }

const dayMs = 86_400_000

/**
 * Days such as `2026-01-31`, both inclusive. Without `to` the range ends today; without `from` it has `daysUnset` days.
 */
export function judgeUsageRange(
  { from, to }: UsageRange,
  nowMs: number,
  daysUnset: number,
  daysMax: number,
): UsageRangeVerdict {
  const last = to === undefined ? Math.floor(nowMs / dayMs) * dayMs : Date.parse(to)
  const first = from === undefined ? last - (daysUnset - 1) * dayMs : Date.parse(from)
  const count = (last - first) / dayMs + 1
  if (count < 1)
    return to === undefined
      ? { accepted: false, field: 'from', message: 'must not lie in the future' }
      : { accepted: false, field: 'to', message: 'must not be before `from`' }
  if (count > daysMax)
    return {
      accepted: false,
      field: 'from',
      message: `must be at most ${daysMax} days before \`to\`, both included`,
    }
  return { accepted: true, days: Array.from({ length: count }, (_none, index) => first + index * dayMs) }
}
