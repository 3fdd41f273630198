export type UsageAnomalyRule = {
  /** Fewer calls than these in an hour alarm nobody, however few are usual. */
  readonly callsMin: number
  /** The hour is held against the same hour of this many days before it. */
  readonly historyDays: number
  /** With fewer days than these nothing is usual yet. */
  readonly historyDaysMin: number
  /** How many spreads above the median are still usual. */
  readonly spreadsMax: number
  /** The least that a spread counts, as a share of the median: an org that calls by a timetable has none of its own. */
  readonly spreadShareMin: number
}

export type UsageVerdict =
  | { readonly anomalous: false; readonly because: 'few_calls' | 'short_history' | 'usual' }
  /** `thresholdCalls` is the most that would have been usual. */
  | { readonly anomalous: true; readonly usualCalls: number; readonly thresholdCalls: number }

/**
 * Is an hour with `calls` out of the ordinary for an org whose same hours had `history`? By the median and the median
 * of the distances from it, which one wild day in the history does not move.
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
