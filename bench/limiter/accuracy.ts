import { createMemoryStore, type LimitRule } from '@gatehouse/kernel/limits'
import { exactLog } from '../../packages/kernel/src/limits/testing/exact-log.ts'
import { compare, type Measured } from '../figure.ts'
import { median, type Pair } from '../statistics.ts'
import { nextArrivalMs, seeded } from './traffic.ts'
import { twoCounterWindow } from './two-counter-window.ts'

const rule: LimitRule = { name: 'bench', limit: 60, windowSeconds: 60, whenStoreFails: 'refuse' }
const windowMs = rule.windowSeconds * 1_000
const requests = 200_000
const seeds = [1, 2, 3, 4, 5, 6, 7]
const overDenialPercentMax = 1.6
const peerName = "@upstash/ratelimit's two counters"

type Judge = (nowMs: number) => boolean
type Errors = { readonly overAdmittedPercent: number; readonly overDeniedPercent: number }

/** What a limiter lets through too much, and refuses too much, beside a log of every single request. */
export function measureAccuracy(): readonly Measured[] {
  const steady = seeds.map((seed) => judgeBoth(seed, 0.9))
  const crowded = seeds.map((seed) => judgeBoth(seed, 2))
  const over = crowded.map((pair) => pick(pair, 'overAdmittedPercent'))
  const denied = steady.map((pair) => pick(pair, 'overDeniedPercent'))
  return [
    compare(
      {
        name: 'limiter-over',
        unit: '% over the limit in the worst window',
        goal: '0',
        peerName,
      },
      over,
      medians(over),
      () => over.every(({ ours }) => ours === 0),
    ),
    compare(
      { name: 'limiter-denied', unit: '% of requests at 0.9 of the limit', goal: '≤ 1.6', peerName },
      denied,
      medians(denied),
      () => medians(denied).ours <= overDenialPercentMax,
    ),
  ]
}

function judgeBoth(seed: number, load: number): { readonly ours: Errors; readonly peer: Errors } {
  const store = createMemoryStore(1)
  return {
    ours: judge((nowMs) => store.take(rule, 'a', nowMs).admitted, seed, load),
    peer: judge(twoCounterWindow(rule.limit, windowMs), seed, load),
  }
}

/** `load` is the mean rate over the limit. */
function judge(admits: Judge, seed: number, load: number): Errors {
  const random = seeded(seed)
  const admitted = exactLog(rule.windowSeconds)
  const exact = exactLog(rule.windowSeconds)
  let nowMs = 0
  let most = 0
  let denied = 0
  let deniedExactly = 0
  for (let i = 0; i < requests; i++) {
    nowMs += nextArrivalMs(random, (load * rule.limit) / windowMs)
    if (admits(nowMs)) admitted.note(nowMs, 1)
    else denied++
    most = Math.max(most, admitted.countAt(nowMs))
    if (exact.countAt(nowMs) < rule.limit) exact.note(nowMs, 1)
    else deniedExactly++
  }
  return {
    overAdmittedPercent: (Math.max(0, most - rule.limit) / rule.limit) * 100,
    overDeniedPercent: ((denied - deniedExactly) / requests) * 100,
  }
}

function pick({ ours, peer }: { readonly ours: Errors; readonly peer: Errors }, field: keyof Errors): Pair {
  return { ours: ours[field], peer: peer[field] }
}

function medians(pairs: readonly Pair[]): Pair {
  return { ours: median(pairs.map(({ ours }) => ours)), peer: median(pairs.map(({ peer }) => peer)) }
}
