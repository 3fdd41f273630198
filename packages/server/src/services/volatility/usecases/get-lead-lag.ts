import type { LeadLagPair, LeadLagReply, PairReply } from '../contract/lead-lag.ts'
import type { ComputingDeps } from '../deps.ts'
import { dayMs } from '../domain/classified-series.ts'
import { adjustForMany, pairsLeast } from '../domain/lead-lag.ts'
import { measureHits, type PairFigures } from '../domain/measure-lead-lag.ts'
import type { Regime } from '../domain/regime-code.ts'
import { intervalMs, type Timeframe } from '../domain/timeframe.ts'
import { volatilityPolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import type { AskedPreset } from './choose-preset.ts'
import { compute } from './compute.ts'
import { historyKinds } from './history-cache.ts'
import { findSeries, readHistory } from './read-classified.ts'

type Chosen = {
  readonly leader: string
  readonly timeframe: Timeframe
  readonly preset: AskedPreset
  readonly lookback_days: number
}

const significantUpTo = 0.05

/** One leader and one follower, with lags in minutes (wire W4.8). */
export async function getPairLeadLag(
  deps: ComputingDeps,
  asked: Chosen & { readonly follower: string; readonly to: Regime; readonly max_lag_minutes: number },
): Promise<PairReply> {
  const { leader, follower, to, timeframe, preset, max_lag_minutes: maxLagMinutes } = asked
  const minutesPerBar = intervalMs[timeframe] / intervalMs['1m']
  const maxLag = Math.max(1, Math.floor(maxLagMinutes / minutesPerBar))
  const { maxLagBars } = volatilityPolicy.leadLag
  if (maxLag > maxLagBars)
    throw problems.VALIDATION_ERROR({
      fields: [
        {
          field: 'max_lag_minutes',
          message: `must be at most ${maxLagBars} bars, which are ${maxLagBars * minutesPerBar} minutes of ${timeframe}`,
        },
      ],
    })
  const { pairs, asOfMs } = await measure(deps, asked, [follower], to, maxLag)
  const [pair] = pairs
  if (pair === undefined) throw new Error('A pair that was asked for is measured')
  const { hitRate, lag } = measureHits(pair.figures, minutesPerBar)
  return {
    leader,
    follower,
    to_regime: to,
    timeframe,
    preset: preset.preset,
    method: preset.method,
    lookback_days: asked.lookback_days,
    max_lag_minutes: maxLagMinutes,
    max_lag_bars: maxLag,
    hit_rate: hitRate,
    lag,
    ...pair.told,
    as_of_ms: asOfMs,
  }
}

/** One leader and all visible followers (null: all), with lags in bars (specification 12.2). */
export async function getLeadLag(
  deps: ComputingDeps,
  asked: Chosen & {
    readonly follower?: string | undefined
    readonly to?: Regime | undefined
    readonly to_regime?: Regime | undefined
    readonly max_lag: number
  },
  visible: ReadonlySet<string> | null,
): Promise<LeadLagReply> {
  const { leader, follower, timeframe, preset, max_lag: maxLag } = asked
  const to = asked.to ?? asked.to_regime ?? 'high'
  const followers =
    follower === undefined
      ? deps.board.symbols
          .map(({ symbol }) => symbol)
          .filter((symbol) => symbol !== leader && visible?.has(symbol) !== false)
      : [follower]
  const { pairs, asOfMs } = await measure(deps, asked, followers, to, maxLag)
  return {
    leader,
    to_regime: to,
    timeframe,
    preset: preset.preset,
    method: preset.method,
    lookback_days: asked.lookback_days,
    max_lag: maxLag,
    as_of_ms: asOfMs,
    pairs: pairs.map(({ follower: name, told }) => ({ follower: name, ...told })),
  }
}

type Measured = {
  readonly follower: string
  readonly figures: PairFigures
  readonly told: Omit<LeadLagPair, 'follower'>
}

async function measure(
  deps: ComputingDeps,
  asked: Chosen,
  followers: readonly string[],
  to: Regime,
  maxLag: number,
): Promise<{ readonly pairs: readonly Measured[]; readonly asOfMs: number | null }> {
  const { lookback_days: lookbackDays, timeframe } = asked
  const days = { field: 'lookback_days', fits: `try ${Math.max(7, Math.floor(lookbackDays / 2))}` }
  const leading = findSeries(deps, { ...asked, symbol: asked.leader })
  const lastOpenMs = leading.snapshot?.reading?.openMs
  const asOfMs = lastOpenMs === undefined ? null : lastOpenMs + intervalMs[timeframe]
  const untilMs = asOfMs ?? 0
  const eventsOf = async (symbol: string) => {
    const found = symbol === asked.leader ? leading : findSeries(deps, { ...asked, symbol })
    const history = await readHistory(deps, found, historyKinds.closes)
    const { thresholds } = found.preset
    return compute(deps, 'events', { history, thresholds, lookbackDays, to, asOfMs: untilMs }, days)
  }
  const leader = await eventsOf(asked.leader)
  const others: Awaited<ReturnType<typeof eventsOf>>[] = []
  // Sequential: concurrent reads would evict each other from the cache.
  for (const follower of followers) others.push(await eventsOf(follower))
  const interval = intervalMs[timeframe]
  const figures = await compute(
    deps,
    'pairs',
    {
      pairs: others.map(({ bars }, index) => ({
        leader: leader.bars,
        follower: bars,
        from: untilMs / interval - (lookbackDays * dayMs) / interval,
        bars: (lookbackDays * dayMs) / interval,
        maxLag,
        seed: index + 1,
      })),
    },
    days,
  )
  return {
    asOfMs,
    pairs: tell(
      followers.map((follower, index) => ({
        follower,
        isWarm: leader.isWarm && others[index]?.isWarm === true,
        figures: figures[index] ?? noPair,
      })),
    ),
  }
}

const noPair: PairFigures = {
  leaderEvents: 0,
  followerEvents: 0,
  lags: [],
  meanLag: null,
  medianLag: null,
  pLink: null,
  pLead: null,
}

/** Adjusts p-values for all pairs of a reply, and describes each pair. */
function tell(
  pairs: readonly { readonly follower: string; readonly isWarm: boolean; readonly figures: PairFigures }[],
): readonly Measured[] {
  const links = adjusted(pairs.map(({ figures }) => figures.pLink))
  const leads = adjusted(pairs.map(({ figures }) => figures.pLead))
  return pairs.map(({ follower, isWarm, figures }, index) => {
    const { leaderEvents, followerEvents, lags, meanLag, medianLag, pLink, pLead } = figures
    const [qLink, qLead] = [links[index] ?? null, leads[index] ?? null]
    return {
      follower,
      figures,
      told: {
        leader_events: leaderEvents,
        follower_events: followerEvents,
        matched: lags.length,
        coincidence: leaderEvents === 0 ? null : lags.length / leaderEvents,
        mean_lag_bars: meanLag,
        median_lag_bars: medianLag,
        n_positive: lags.filter((lag) => lag > 0).length,
        n_zero: lags.filter((lag) => lag === 0).length,
        n_negative: lags.filter((lag) => lag < 0).length,
        p_link: pLink,
        p_lead: pLead,
        q_link: qLink,
        q_lead: qLead,
        significant: { link: isSignificant(qLink), lead: isSignificant(qLead) },
        reason: !isWarm ? 'warming_up' : lags.length < pairsLeast ? 'few_pairs' : null,
      },
    }
  })
}

function adjusted(probabilities: readonly (number | null)[]): readonly (number | null)[] {
  const known = probabilities.flatMap((p) => (p === null ? [] : [p]))
  const adjustedKnown = adjustForMany(known)
  let next = 0
  return probabilities.map((p) => {
    if (p === null) return null
    next += 1
    return adjustedKnown[next - 1] ?? null
  })
}

function isSignificant(q: number | null): boolean {
  return q !== null && q <= significantUpTo
}
