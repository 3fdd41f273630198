import { mulberry32 } from './mulberry32.ts'

/** Below this number of pairs no p-value is computed: a few coincidences prove nothing. */
export const pairsLeast = 20
const shifts = 999
const flips = 9_999
const exactFlipsMax = 16

/** The number of bars by which the follower's event came after the leader's; negative if before. */
export type Lag = number

/**
 * Pairs events of two series within `maxLag` bars in either direction. A leader's event whose nearest candidates are
 * equally far on both sides is ambiguous and dropped. The others are paired nearest first, then by the leader's time,
 * each event at most once (specification 12.2). Both lists are ascending.
 */
export function pairEvents(
  leader: readonly number[],
  follower: readonly number[],
  maxLag: number,
): readonly Lag[] {
  const candidates: {
    readonly leaderBar: number
    readonly followerBar: number
    readonly distance: number
  }[] = []
  let first = 0
  for (const leaderBar of leader) {
    while (first < follower.length && (follower[first] ?? 0) < leaderBar - maxLag) first += 1
    const near: { readonly leaderBar: number; readonly followerBar: number; readonly distance: number }[] = []
    for (
      let index = first;
      index < follower.length && (follower[index] ?? 0) <= leaderBar + maxLag;
      index += 1
    ) {
      const followerBar = follower[index] ?? 0
      near.push({ leaderBar, followerBar, distance: Math.abs(followerBar - leaderBar) })
    }
    const nearest = Math.min(...near.map(({ distance }) => distance))
    if (near.filter(({ distance }) => distance === nearest).length < 2) candidates.push(...near)
  }
  const taken = { leader: new Set<number>(), follower: new Set<number>() }
  const lags: Lag[] = []
  for (const { leaderBar, followerBar } of candidates.toSorted(
    (a, b) => a.distance - b.distance || a.leaderBar - b.leaderBar,
  )) {
    if (taken.leader.has(leaderBar) || taken.follower.has(followerBar)) continue
    taken.leader.add(leaderBar)
    taken.follower.add(followerBar)
    lags.push(followerBar - leaderBar)
  }
  return lags
}

/**
 * The probability of at least this many pairs by chance: the follower's events are shifted around the circle of all
 * `bars` bars by 999 offsets, uniform from maxLag + 1 to bars − maxLag − 1. (1 + #{as many or more}) / 1000.
 */
export function linkProbability(
  leader: readonly number[],
  follower: readonly number[],
  { bars, maxLag, seed }: { readonly bars: number; readonly maxLag: number; readonly seed: number },
): number {
  const observed = pairEvents(leader, follower, maxLag).length
  const draw = mulberry32(seed)
  const offsets = bars - 2 * maxLag - 1
  let asMany = 0
  for (let shift = 0; shift < shifts; shift += 1) {
    const offset = maxLag + 1 + Math.floor(draw() * offsets)
    const shifted = follower.map((bar) => (bar + offset) % bars).toSorted((a, b) => a - b)
    if (pairEvents(leader, shifted, maxLag).length >= observed) asMany += 1
  }
  return (1 + asMany) / (1 + shifts)
}

/**
 * Two-sided probability of a mean lag at least this far from 0 if each lag's sign were random: all sign flips of the
 * non-zero lags if there are at most 16, otherwise 9,999 draws.
 */
export function leadProbability(lags: readonly Lag[], seed: number): number {
  const moving = lags.filter((lag) => lag !== 0)
  const n = moving.length
  const observed = Math.abs(moving.reduce((sum, lag) => sum + lag, 0))
  if (n <= exactFlipsMax) {
    let asFar = 0
    for (let signs = 0; signs < 2 ** n; signs += 1) {
      const sum = moving.reduce((total, lag, index) => total + ((signs >>> index) & 1 ? -lag : lag), 0)
      if (Math.abs(sum) >= observed) asFar += 1
    }
    return asFar / 2 ** n
  }
  const draw = mulberry32(seed)
  let asFar = 0
  for (let flip = 0; flip < flips; flip += 1) {
    const sum = moving.reduce((total, lag) => total + (draw() < 0.5 ? -lag : lag), 0)
    if (Math.abs(sum) >= observed) asFar += 1
  }
  return (1 + asFar) / (1 + flips)
}

/** P-values adjusted by Benjamini and Hochberg (1995), in the given order. */
export function adjustForMany(probabilities: readonly number[]): readonly number[] {
  const m = probabilities.length
  const descending = probabilities.map((p, index) => ({ p, index })).toSorted((a, b) => b.p - a.p)
  const adjusted = Array.from({ length: m }, () => 1)
  let least = 1
  for (const [place, { p, index }] of descending.entries()) {
    least = Math.min(least, (p * m) / (m - place))
    adjusted[index] = least
  }
  return adjusted
}
