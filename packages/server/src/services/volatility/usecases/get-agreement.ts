import { asGate } from '@gatehouse/kernel/db'
import type { TopDownReply } from '../contract/analytics.ts'
import type {
  AgreementReply,
  ConsensusReply,
  ConsensusTimeframesReply,
  VenueReading,
} from '../contract/consensus.ts'
import type { ComputingDeps } from '../deps.ts'
import { alignTimeframes } from '../domain/align-timeframes.ts'
import { agreeOn } from '../domain/consensus.ts'
import type { Regime } from '../domain/regime-code.ts'
import type { CarriedSymbol } from '../domain/symbols.ts'
import { type Timeframe, timeframes } from '../domain/timeframe.ts'
import type { Venue } from '../domain/venue.ts'
import { problems } from '../problems.ts'
import { listFeeds } from '../store/feed-store.ts'
import { assertFollowed, choosePreset, chooseVenue, findSymbol, type NamedPreset } from './choose-series.ts'
import { standingOf } from './read-classified.ts'
import { toMeasured } from './to-measured.ts'

type Chosen = { readonly symbol: string; readonly preset: string; readonly method: string }

/** Whether the timeframes of a symbol agree, from a longer one down to a shorter one (wire W4.6). */
export function getTopDown(
  deps: ComputingDeps,
  asked: Chosen & {
    readonly venue?: Venue | undefined
    readonly match: Regime | 'any'
    readonly from_tf: Timeframe
    readonly to_tf: Timeframe
  },
): TopDownReply {
  const { match, from_tf: from, to_tf: to } = asked
  const [first, last] = [timeframes.indexOf(to), timeframes.indexOf(from)]
  if (last < first)
    throw problems.VALIDATION_ERROR({
      fields: [{ field: 'from_tf', message: `must not be shorter than to_tf, which is ${to}` }],
    })
  const chain = timeframes.slice(first, last + 1).toReversed()
  const carried = findSymbol(deps, asked.symbol)
  const venue = chooseVenue(deps, carried, asked.venue)
  // Each timeframe has calibrations of its own.
  for (const timeframe of chain)
    choosePreset(deps, { venue, symbol: carried.symbol, timeframe }, asked.preset, asked.method)
  const isStale = deps.board.isStale(venue, carried.symbol)
  const readings = chain.map((timeframe) => {
    const { regime, z, asOfMs } = toMeasured(standingOf(deps, venue, carried.symbol, timeframe, asked))
    return {
      timeframe,
      regime,
      told: {
        regime,
        z_vol: z,
        last_update_ms: asOfMs,
        status: regime === null ? ('warming_up' as const) : isStale ? ('stale' as const) : ('ok' as const),
      },
    }
  })
  const available = readings.flatMap(({ timeframe, regime, told }) =>
    regime !== null && told.status === 'ok' ? [{ timeframe, regime }] : [],
  )
  const aligned = alignTimeframes(available, match)
  return {
    symbol: carried.symbol,
    preset: asked.preset,
    method: asked.method,
    venue,
    match,
    from_tf: from,
    to_tf: to,
    consensus: aligned.consensus,
    alignment_score: aligned.score,
    aligned_tfs: [...aligned.alignedTimeframes],
    target: aligned.target,
    matched: aligned.isMatched,
    available: available.length,
    readings: Object.fromEntries(readings.map(({ timeframe, told }) => [timeframe, told])),
  }
}

/** What the venues agree on, each by its own last bar (specification 12.3). */
export async function getConsensus(
  deps: ComputingDeps,
  { symbol, timeframe, preset, method }: Chosen & { readonly timeframe: Timeframe },
): Promise<ConsensusReply> {
  const carried = findSymbol(deps, symbol)
  assertFollowed(deps, preset, method)
  const agreement = await openAgreement(deps, carried, { preset, method })
  return { symbol: carried.symbol, timeframe, preset, method, ...agreement(timeframe) }
}

export async function getConsensusTimeframes(
  deps: ComputingDeps,
  { symbol, preset, method }: Chosen,
): Promise<ConsensusTimeframesReply> {
  const carried = findSymbol(deps, symbol)
  assertFollowed(deps, preset, method)
  const agreement = await openAgreement(deps, carried, { preset, method })
  return {
    symbol: carried.symbol,
    preset,
    method,
    timeframes: {
      '1m': agreement('1m'),
      '5m': agreement('5m'),
      '15m': agreement('15m'),
      '1h': agreement('1h'),
      '4h': agreement('4h'),
      '1d': agreement('1d'),
    },
  }
}

/** What venues say of a timeframe, put together. */
async function openAgreement(
  deps: ComputingDeps,
  carried: CarriedSymbol,
  preset: NamedPreset,
): Promise<(timeframe: Timeframe) => AgreementReply> {
  const feeds = await asGate(deps, listFeeds)
  const isDown = (venue: Venue): boolean =>
    feeds.some((feed) => feed.venue === venue && feed.status === 'down')
  return (timeframe) => {
    const of = (venue: Venue) => readVenue(deps, carried, venue, timeframe, preset, isDown(venue))
    const read = { binance: of('binance'), coinbase: of('coinbase'), bybit: of('bybit') }
    const available = Object.values(read).filter(({ told }) => told.available)
    const { consensus, agreed, reason } = agreeOn(
      available.flatMap(({ told }) => (told.regime === null ? [] : [told.regime])),
    )
    const refreshed = available.flatMap(({ computedAtMs }) => (computedAtMs === null ? [] : [computedAtMs]))
    return {
      consensus,
      agreed,
      available: available.length,
      reason,
      ...(refreshed.length === 0 ? {} : { refreshed_at_ms: Math.max(...refreshed) }),
      fresh: available.length >= 2 && new Set(available.map(({ told }) => told.last_update_ms)).size === 1,
      venues: { binance: read.binance.told, coinbase: read.coinbase.told, bybit: read.bybit.told },
    }
  }
}

/** A venue counts if it lists the symbol, and its series is warm and not stale. */
function readVenue(
  deps: ComputingDeps,
  { symbol, venues }: CarriedSymbol,
  venue: Venue,
  timeframe: Timeframe,
  preset: NamedPreset,
  isDown: boolean,
): { readonly told: VenueReading; readonly computedAtMs: number | null } {
  const { board } = deps
  const standing = standingOf(deps, venue, symbol, timeframe, preset)
  const { regime, z, realizedVol, baselineVol, asOfMs } = toMeasured(standing)
  const isListed = venues[venue] !== undefined && board.findMarket(venue, symbol)?.status !== 'not_listed'
  const isStale = board.isStale(venue, symbol)
  const error = faultOf({ isListed, isWarm: regime !== null, isStale, isDown })
  return {
    computedAtMs: standing.snapshot?.computedAtMs ?? null,
    told: {
      regime,
      z_vol: z,
      realized_vol: realizedVol,
      baseline_vol: baselineVol,
      close: standing.snapshot?.reading?.close ?? null,
      last_update_ms: asOfMs,
      error,
      available: error === null,
      product: venues[venue] ?? null,
    },
  }
}

function faultOf({
  isListed,
  isWarm,
  isStale,
  isDown,
}: Readonly<Record<'isListed' | 'isWarm' | 'isStale' | 'isDown', boolean>>): VenueReading['error'] {
  if (!isListed) return 'not_listed'
  if (isWarm && !isStale) return null
  if (isDown) return 'feed_down'
  return isWarm ? 'stale' : 'warming_up'
}
