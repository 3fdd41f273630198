import { quantileOfSorted } from './quantiles.ts'
import { type Regime, regimesByCode } from './regime-code.ts'
import { sortDoubles } from './sort-doubles.ts'

/**
 * The classified bars of a window, oldest first: those at or after the first z since the series started. `openMs`
 * determines which are adjacent.
 */
export type ClassifiedBars = {
  readonly openMs: Float64Array
  /** Regime code after each bar. */
  readonly regimes: Uint8Array
  readonly intervalMs: number
}

export type PerRegime<T> = { readonly [R in Regime]: T }

type Code = 0 | 1 | 2

function perRegime<T>(of: (code: Code) => T): PerRegime<T> {
  return { low: of(0), normal: of(1), high: of(2) }
}

export type TransitionMatrix = {
  /** Pairs of adjacent bars by the regime after the first (outer) and after the second (inner). */
  readonly counts: PerRegime<PerRegime<number>>
  /** Shares of each row; null if the row is empty. */
  readonly matrix: PerRegime<PerRegime<number | null>>
  readonly pairs: number
}

/** How often a bar in one regime was followed by a bar in another (wire W4.1). */
export function countTransitions({ openMs, regimes, intervalMs }: ClassifiedBars): TransitionMatrix {
  const cells = new Uint32Array(9)
  let pairs = 0
  for (let bar = 1; bar < regimes.length; bar += 1) {
    if ((openMs[bar] ?? 0) - (openMs[bar - 1] ?? 0) !== intervalMs) continue
    const cell = 3 * (regimes[bar - 1] ?? 0) + (regimes[bar] ?? 0)
    cells[cell] = (cells[cell] ?? 0) + 1
    pairs += 1
  }
  const count = (from: number, to: number): number => cells[3 * from + to] ?? 0
  const row = (from: number): number => count(from, 0) + count(from, 1) + count(from, 2)
  return {
    counts: perRegime((from) => perRegime((to) => count(from, to))),
    matrix: perRegime((from) => perRegime((to) => (row(from) === 0 ? null : count(from, to) / row(from)))),
    pairs,
  }
}

/** Figures of a sample; quartiles need 20 values, 5 and 95 % need 100, the deviation needs 2. */
export type Spread = {
  readonly n: number
  readonly mean: number | null
  readonly median: number | null
  readonly p25?: number
  readonly p75?: number
  readonly p05?: number
  readonly p95?: number
  readonly stdev: number | null
  readonly max: number | null
}

/** The smallest samples for which quantiles are shown (specification 2.1). */
export const quantileGates = { quartiles: 20, twentieths: 100 } as const

export function spreadOfSample(values: ArrayLike<number>): Spread {
  return spreadOfSorted(sortDoubles(new Float64Array(values)))
}

function spreadOfSorted(sorted: Float64Array): Spread {
  const n = sorted.length
  if (n === 0) return { n, mean: null, median: null, stdev: null, max: null }
  let sum = 0
  for (let index = 0; index < n; index += 1) sum += sorted[index] ?? 0
  const mean = sum / n
  let squares = 0
  for (let index = 0; index < n; index += 1) squares += ((sorted[index] ?? 0) - mean) ** 2
  const at = (share: number): number => quantileOfSorted(sorted, share)
  return {
    n,
    mean,
    median: at(0.5),
    ...(n >= quantileGates.quartiles ? { p25: at(0.25), p75: at(0.75) } : {}),
    ...(n >= quantileGates.twentieths ? { p05: at(0.05), p95: at(0.95) } : {}),
    stdev: n < 2 ? null : Math.sqrt(squares / (n - 1)),
    max: sorted[n - 1] ?? null,
  }
}

export type RegimeDurations = {
  /** Lengths of complete runs, in bars. */
  readonly durations: PerRegime<Spread>
  /** Number of runs cut by the window, which are not included. */
  readonly censored: number
  /** The run that contains the newest bar; null without bars. */
  readonly current: { readonly regime: Regime; readonly bars: number; readonly firstBar: number } | null
}

/** How long regimes last: stretches of classified bars in one state, continuing over gaps (wire W4.2). */
export function measureDurations(regimes: Uint8Array): RegimeDurations {
  const runs: { readonly code: number; readonly start: number; readonly bars: number }[] = []
  let start = 0
  for (let bar = 1; bar <= regimes.length; bar += 1) {
    if (bar < regimes.length && regimes[bar] === regimes[start]) continue
    runs.push({ code: regimes[start] ?? 1, start, bars: bar - start })
    start = bar
  }
  const whole = regimes.length === 0 ? [] : runs.slice(1, -1)
  const newest = regimes.length === 0 ? undefined : runs.at(-1)
  return {
    durations: perRegime((code) =>
      spreadOfSample(whole.filter((run) => run.code === code).map(({ bars }) => bars)),
    ),
    censored: regimes.length === 0 ? 0 : runs.length - whole.length,
    current:
      newest === undefined
        ? null
        : {
            regime: regimesByCode[newest.code === 0 ? 0 : newest.code === 1 ? 1 : 2],
            bars: newest.bars,
            firstBar: newest.start,
          },
  }
}

/** Log returns over `horizonBars` complete intervals, by the regime after the bar at which they start (wire W4.3). */
export function conditionalReturns(
  { openMs, regimes, intervalMs }: ClassifiedBars,
  closes: Float64Array,
  horizonBars: number,
): { readonly byRegime: PerRegime<Spread>; readonly baseline: Spread } {
  const bars = regimes.length
  const returns = new Float64Array(bars)
  const codes = new Uint8Array(bars)
  const counts: [number, number, number] = [0, 0, 0]
  let n = 0
  let later = 0
  for (let bar = 0; bar < bars; bar += 1) {
    const wanted = (openMs[bar] ?? 0) + horizonBars * intervalMs
    while (later < openMs.length && (openMs[later] ?? 0) < wanted) later += 1
    if (openMs[later] !== wanted) continue
    const code = regimes[bar] === 0 ? 0 : regimes[bar] === 1 ? 1 : 2
    returns[n] = Math.log((closes[later] ?? 1) / (closes[bar] ?? 1))
    codes[n] = code
    counts[code] += 1
    n += 1
  }
  const under = (code: Code): Float64Array => {
    const values = new Float64Array(counts[code])
    let place = 0
    for (let index = 0; index < n; index += 1) {
      if (codes[index] !== code) continue
      values[place] = returns[index] ?? 0
      place += 1
    }
    return sortDoubles(values)
  }
  const [low, normal, high] = [under(0), under(1), under(2)]
  return {
    byRegime: { low: spreadOfSorted(low), normal: spreadOfSorted(normal), high: spreadOfSorted(high) },
    baseline: spreadOfSorted(mergeSorted(mergeSorted(low, normal), high)),
  }
}

function mergeSorted(one: Float64Array, other: Float64Array): Float64Array {
  const merged = new Float64Array(one.length + other.length)
  let [left, right] = [0, 0]
  for (let place = 0; place < merged.length; place += 1) {
    const [a, b] = [one[left] ?? Number.POSITIVE_INFINITY, other[right] ?? Number.POSITIVE_INFINITY]
    merged[place] = a <= b ? a : b
    if (a <= b) left += 1
    else right += 1
  }
  return merged
}
