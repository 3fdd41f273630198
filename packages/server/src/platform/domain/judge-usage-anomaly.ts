export type UsageAnomalyRule = {
  /** The number of calls in an hour below which there is no alarm, however few are usual. */
  readonly callsMin: number
  /** The hour is compared with the same hour of this many days before. */
  readonly historyDays: number
  /** With fewer days than these nothing counts as usual yet. */
  readonly historyDaysMin: number
  /** How many spreads above the median still count as usual. */
  readonly spreadsMax: number
  /** The least spread, as a share of the median: an org that calls on a schedule has no spread of its own. */
  readonly spreadShareMin: number
}

export type UsageVerdict =
  | { readonly anomalous: false; readonly because: 'few_calls' | 'short_history' | 'usual' }
  /** `thresholdCalls` is the highest number that would have been usual. */
  | { readonly anomalous: true; readonly usualCalls: number; readonly thresholdCalls: number }

/**
 * Whether an hour with `calls` is unusual for an org whose same hours had `history`. It uses the median and the median
 * of the distances from it, which a single outlier in the history does not change.
 */
export function judgeUsageAnomaly(
  calls: number,
  history: readonly number[],
  rule: UsageAnomalyRule,
): UsageVerdict {
  if (calls < rule.callsMin) return { anomalous: false, because: 'few_calls' }
  if (history.length < rule.historyDaysMin) return { anomalous: false, because: 'short_history' }
  const usualCalls = median(history)
  const deviation = median(history.map((past) => Math.abs(past - usualCalls)))
  const spread = Math.max(deviation, usualCalls * rule.spreadShareMin)
  const thresholdCalls = usualCalls + rule.spreadsMax * spread
  if (calls <= thresholdCalls) return { anomalous: false, because: 'usual' }
  return { anomalous: true, usualCalls, thresholdCalls }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.floor((sorted.length - 1) / 2)]
  if (upper === undefined || lower === undefined) throw new Error('There is no median of nothing')
  return (lower + upper) / 2
}
