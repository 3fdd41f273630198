import { leadProbability, linkProbability, pairEvents, pairsLeast } from './lead-lag.ts'
import { quantileOfSorted } from './quantiles.ts'
import { quantileGates } from './regime-runs.ts'

/** Events as the number of intervals since 1970, ascending. */
export type PairInput = {
  readonly leader: readonly number[]
  readonly follower: readonly number[]
  /** The first interval of the look-back, and the number of intervals. */
  readonly from: number
  readonly bars: number
  readonly maxLag: number
  readonly seed: number
}

export type PairFigures = {
  readonly leaderEvents: number
  readonly followerEvents: number
  readonly lags: readonly number[]
  readonly meanLag: number | null
  readonly medianLag: number | null
  /** Null below 20 pairs: a few coincidences prove nothing. */
  readonly pLink: number | null
  readonly pLead: number | null
}

/** How the events of two series coincide (specification 12.2). */
export function measurePair({ leader, follower, from, bars, maxLag, seed }: PairInput): PairFigures {
  const lags = pairEvents(leader, follower, maxLag)
  const sorted = Float64Array.from(lags).toSorted()
  const isEnough = lags.length >= pairsLeast
  const shift = (bar: number): number => bar - from
  return {
    leaderEvents: leader.length,
    followerEvents: follower.length,
    lags,
    meanLag: lags.length === 0 ? null : lags.reduce((sum, lag) => sum + lag, 0) / lags.length,
    medianLag: lags.length === 0 ? null : quantileOfSorted(sorted, 0.5),
    // If the look-back is hardly longer than the lags, no shift moves the events out of reach.
    pLink:
      isEnough && bars > 2 * maxLag + 1
        ? linkProbability(leader.map(shift), follower.map(shift), { bars, maxLag, seed })
        : null,
    pLead: isEnough ? leadProbability(lags, seed) : null,
  }
}

export type Hits = {
  /** Matched pairs in which the follower was not first, as a share of the leader's events; null without events. */
  readonly hitRate: number | null
  readonly lag: { readonly p25?: number; readonly median: number; readonly p75?: number } | null
}

/** How often and how soon the follower's event came with the leader's or after it, in minutes (wire W4.8). */
export function measureHits({ leaderEvents, lags }: PairFigures, minutesPerBar: number): Hits {
  const hits = Float64Array.from(lags.filter((lag) => lag >= 0)).toSorted()
  const at = (share: number): number => quantileOfSorted(hits, share) * minutesPerBar
  return {
    hitRate: leaderEvents === 0 ? null : hits.length / leaderEvents,
    lag:
      hits.length === 0
        ? null
        : {
            median: at(0.5),
            ...(hits.length >= quantileGates.quartiles ? { p25: at(0.25), p75: at(0.75) } : {}),
          },
  }
}
