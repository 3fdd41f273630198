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
import type { AskedPreset } from './choose-preset.ts'
import { assertFollowed, choosePreset, chooseVenue, findSymbol, isFollowed } from './choose-series.ts'
import { standingOf } from './read-classified.ts'
import { toMeasured } from './to-measured.ts'

type Chosen = { readonly symbol: string; readonly preset: AskedPreset }

/** Whether the timeframes of a symbol agree, from longest to shortest (wire W4.6). */
export async function getTopDown(
  deps: ComputingDeps,
  asked: Chosen & {
    readonly venue?: Venue | undefined
    readonly match: Regime | 'any'
    readonly from_tf: Timeframe
    readonly to_tf: Timeframe
  },
): Promise<TopDownReply> {
  const { match, from_tf: from, to_tf: to, preset } = asked
  const [first, last] = [timeframes.indexOf(to), timeframes.indexOf(from)]
  if (last < first)
    throw problems.VALIDATION_ERROR({
      fields: [{ field: 'from_tf', message: `must not be shorter than to_tf, which is ${to}` }],
    })
  const chain = timeframes.slice(first, last + 1).toReversed()
  const carried = findSymbol(deps, asked.symbol)
  const venue = chooseVenue(deps, carried, asked.venue)
  // Each timeframe has calibrations of its own.
  const presets = chain.map(
    (timeframe) =>
      [timeframe, choosePreset(deps, { venue, symbol: carried.symbol, timeframe }, preset)] as const,
  )
  const isStale = deps.board.isStale(venue, carried.symbol)
  const readings: Read[] = []
  for (const [timeframe, chosen] of presets) {
    const snapshot = deps.board.find(venue, carried.symbol, timeframe)
    const { regime, z, asOfMs } = toMeasured(await standingOf(deps, snapshot, chosen))
    const status = regime === null ? 'warming_up' : isStale ? 'stale' : 'ok'
    readings.push({ timeframe, regime, told: { regime, z_vol: z, last_update_ms: asOfMs, status } })
  }
  const available = readings.flatMap(({ timeframe, regime, told }) =>
    regime !== null && told.status === 'ok' ? [{ timeframe, regime }] : [],
  )
  const aligned = alignTimeframes(available, match)
  return {
    symbol: carried.symbol,
    preset: preset.preset,
    method: preset.method,
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

type Read = {
  readonly timeframe: Timeframe
  readonly regime: Regime | null
  readonly told: NonNullable<TopDownReply['readings'][Timeframe]>
}

/** The consensus of the venues, each by its own last bar (specification 12.3). */
export async function getConsensus(
  deps: ComputingDeps,
  { symbol, timeframe, preset }: Chosen & { readonly timeframe: Timeframe },
): Promise<ConsensusReply> {
  const carried = findSymbol(deps, symbol)
  assertFollowed(deps, preset)
  const agreement = await openAgreement(deps, carried, preset)
  return { symbol: carried.symbol, timeframe, ...namesOf(preset), ...(await agreement(timeframe)) }
}

export async function getConsensusTimeframes(
  deps: ComputingDeps,
  { symbol, preset }: Chosen,
): Promise<ConsensusTimeframesReply> {
  const carried = findSymbol(deps, symbol)
  assertFollowed(deps, preset)
  const agreement = await openAgreement(deps, carried, preset)
  return {
    symbol: carried.symbol,
    ...namesOf(preset),
    timeframes: {
      '1m': await agreement('1m'),
      '5m': await agreement('5m'),
      '15m': await agreement('15m'),
      '1h': await agreement('1h'),
      '4h': await agreement('4h'),
      '1d': await agreement('1d'),
    },
  }
}

function namesOf({ preset, method }: AskedPreset): { readonly preset: string; readonly method: string } {
  return { preset, method }
}

/** The combined readings of the venues on a timeframe. */
async function openAgreement(
  deps: ComputingDeps,
  carried: CarriedSymbol,
  preset: AskedPreset,
): Promise<(timeframe: Timeframe) => Promise<AgreementReply>> {
  const feeds = await asGate(deps, listFeeds)
  const isDown = (venue: Venue): boolean =>
    feeds.some((feed) => feed.venue === venue && feed.status === 'down')
  return async (timeframe) => {
    const of = (venue: Venue) => readVenue(deps, carried, venue, timeframe, preset, isDown(venue))
    const read = {
      binance: await of('binance'),
      coinbase: await of('coinbase'),
      bybit: await of('bybit'),
    }
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

/** A venue counts if it lists the symbol and its series is warm and not stale. */
async function readVenue(
  deps: ComputingDeps,
  { symbol, venues }: CarriedSymbol,
  venue: Venue,
  timeframe: Timeframe,
  preset: AskedPreset,
  isDown: boolean,
): Promise<{ readonly told: VenueReading; readonly computedAtMs: number | null }> {
  const { board } = deps
  const snapshot = board.find(venue, symbol, timeframe)
  const of = { venue, symbol, timeframe }
  // A venue for whose series the method is not calibrated has no reading.
  const standing = isFollowed({ board }, of, preset)
    ? await standingOf(deps, snapshot, choosePreset({ board }, of, preset))
    : { snapshot }
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
