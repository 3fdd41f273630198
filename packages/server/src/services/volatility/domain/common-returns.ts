/** The newest bars of one symbol's primary series. */
export type CloseColumns = {
  readonly symbol: string
  readonly openMs: Float64Array
  readonly closes: Float64Array
  readonly isStale: boolean
}

export type Excluded = {
  readonly symbol: string
  readonly reason: 'stale' | 'no_bars' | 'hole' | 'flat'
}

export type CommonReturns = {
  /** Open time of the newest bar that all non-stale series have; null if there is none. */
  readonly lastOpenMs: number | null
  /** Log returns of the window, oldest first; all of the same length. */
  readonly kept: readonly { readonly symbol: string; readonly returns: Float64Array }[]
  readonly excluded: readonly Excluded[]
}

/**
 * Returns of many symbols over the same window of bars. Symbols with a missing bar are left out, and so are symbols
 * without any movement, whose correlation is undefined (wire W4.4).
 */
export function commonReturns(
  columns: readonly CloseColumns[],
  intervalMs: number,
  windowBars: number,
): CommonReturns {
  const fresh = columns.filter(({ isStale, openMs }) => !isStale && openMs.length > 0)
  const lastOpenMs = newestCommon(fresh)
  const kept: { readonly symbol: string; readonly returns: Float64Array }[] = []
  const excluded: Excluded[] = []
  for (const { symbol, openMs, closes, isStale } of columns) {
    if (isStale) excluded.push({ symbol, reason: 'stale' })
    else if (openMs.length === 0) excluded.push({ symbol, reason: 'no_bars' })
    else {
      const last = lastOpenMs === null ? -1 : openMs.lastIndexOf(lastOpenMs)
      const first = last - windowBars
      const isWhole = first >= 0 && (openMs[last] ?? 0) - (openMs[first] ?? 0) === windowBars * intervalMs
      if (!isWhole) excluded.push({ symbol, reason: 'hole' })
      else {
        const returns = Float64Array.from({ length: windowBars }, (_, index) =>
          Math.log((closes[first + index + 1] ?? 1) / (closes[first + index] ?? 1)),
        )
        if (isFlat(returns)) excluded.push({ symbol, reason: 'flat' })
        else kept.push({ symbol, returns })
      }
    }
  }
  return { lastOpenMs, kept, excluded }
}

function isFlat(returns: Float64Array): boolean {
  return returns.every((value) => value === returns[0])
}

function newestCommon(columns: readonly CloseColumns[]): number | null {
  const [shortest] = columns.toSorted((a, b) => (a.openMs.at(-1) ?? 0) - (b.openMs.at(-1) ?? 0))
  if (shortest === undefined) return null
  const others = columns.map(({ openMs }) => new Set(openMs))
  return shortest.openMs.findLast((openMs) => others.every((other) => other.has(openMs))) ?? null
}
