import { asGate, isOutage } from '@gatehouse/kernel/db'
import type { ReplyOf } from '@gatehouse/kernel/endpoint'
import { isScopeGranted, type KeyPrincipal, type MemberPrincipal } from '@gatehouse/kernel/principal'
import { version } from '../../../service/version.ts'
import type { getPreset, getStatus, listPresets, listSymbols, presetReply } from '../contract/catalog.ts'
import type { VolatilityDeps } from '../deps.ts'
import { type BuiltInPreset, builtInPresets } from '../domain/built-in-presets.ts'
import { timeframes } from '../domain/timeframe.ts'
import { venues } from '../domain/venue.ts'
import { volatilityPolicy } from '../policy.ts'
import { listAppliedPresets } from '../store/applied-preset-store.ts'
import { problems } from '../problems.ts'
import { listFeeds, type StoredFeed } from '../store/feed-store.ts'
import { listMarkets } from '../store/market-store.ts'
import type { z } from 'zod'
import type { Reader } from './choose-preset.ts'
import { readOwnPreset, readOwnPresets } from './own-presets.ts'
import { toWireThresholds } from './wire-thresholds.ts'

type PresetReply = z.input<typeof presetReply>

const descriptions: Readonly<Record<BuiltInPreset, string>> = {
  conservative: 'Few changes: it takes much, for long, to leave normal',
  balanced: 'The published figures',
  aggressive: 'Many changes: it leaves normal early, and comes back soon',
}

/** The built-in presets, in order. */
function listBuiltInPresets(): readonly PresetReply[] {
  // Safe: these are the keys of an object literal.
  return (Object.keys(builtInPresets) as BuiltInPreset[]).map((name) => ({
    name,
    builtin: true,
    version: 1,
    method: 'published',
    ...toWireThresholds(builtInPresets[name]),
    description: descriptions[name],
  }))
}

/** The built-in presets, followed by the caller's own. */
export async function readPresets(
  deps: Pick<VolatilityDeps, 'db'>,
  caller: Reader,
): Promise<ReplyOf<typeof listPresets>> {
  const own = seesOwn(caller) ? await readOwnPresets(deps, caller) : []
  return { default: volatilityPolicy.defaultPreset, presets: [...listBuiltInPresets(), ...own] }
}

export async function readPreset(
  deps: Pick<VolatilityDeps, 'db'>,
  caller: Reader,
  name: string,
): Promise<ReplyOf<typeof getPreset>> {
  const found = listBuiltInPresets().find((preset) => preset.name === name)
  if (found !== undefined) return found
  if (!seesOwn(caller)) throw problems.preset_not_found()
  return readOwnPreset(deps, caller, name)
}

/** The thresholds of own presets are shown only to callers that may read them. */
function seesOwn(caller: Reader): caller is KeyPrincipal | MemberPrincipal {
  return caller.kind === 'member' || (caller.kind === 'key' && isScopeGranted(caller.scopes, 'presets:read'))
}

/** The carried symbols with their products at each venue. */
export async function readSymbols(
  deps: Pick<VolatilityDeps, 'board' | 'db'>,
): Promise<ReplyOf<typeof listSymbols>> {
  const { markets, applied } = await asGate(deps, async (tx) => ({
    markets: await listMarkets(tx),
    applied: await listAppliedPresets(tx),
  }))
  const calibrated = new Set(applied.map(({ symbol }) => symbol))
  const statusOf = (venue: string, symbol: string) =>
    markets.find((market) => market.venue === venue && market.symbol === symbol)?.status ?? 'unverified'
  return {
    symbols: deps.board.symbols.map(({ symbol }) => symbol),
    details: [...deps.board.symbols, ...deps.board.retired].map(
      ({ symbol, kind, venues: products, primary }) => ({
        symbol,
        kind,
        venues: Object.fromEntries(
          Object.entries(products).map(([venue, product]) => [
            venue,
            { product, status: statusOf(venue, symbol) },
          ]),
        ),
        primary,
        timeframes: [...timeframes],
        calibrated: calibrated.has(symbol),
        status: statusOf(primary, symbol),
      }),
    ),
  }
}

/** The status of the feeds; without the database, it says that the database is down. */
export async function readStatus(
  deps: Pick<VolatilityDeps, 'db' | 'clock'>,
): Promise<ReplyOf<typeof getStatus>> {
  const feeds = await asGate(deps, listFeeds).catch((error: unknown) => {
    if (!isOutage(error)) throw error
    return undefined
  })
  const now = deps.clock.now()
  const toReply = (feed: StoredFeed | undefined) => ({
    status: feed?.status ?? ('off' as const),
    since_ms: feed?.sinceMs ?? null,
    last_bar_ms: feed?.lastBarMs ?? null,
    lag_seconds: feed?.lastBarMs == null ? null : Math.max(0, (now - feed.lastBarMs) / 1_000),
    reason: feed?.reason ?? null,
  })
  const [binance, coinbase, bybit] = venues
  const of = (name: string) => toReply(feeds?.find(({ venue }) => venue === name))
  return {
    version,
    database: feeds === undefined ? 'down' : 'ok',
    venues: { [binance]: of(binance), [coinbase]: of(coinbase), [bybit]: of(bybit) },
  }
}
