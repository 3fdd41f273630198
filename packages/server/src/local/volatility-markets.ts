import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import { listMarkets, type StoredMarket } from '../services/volatility/store/market-store.ts'
import { countStoredBars } from '../services/volatility/store/rebuild-store.ts'
import { rebuildMarket, type RebuiltMarket } from '../services/volatility/usecases/rebuild-market.ts'
import { replayMarket, type ReplayedSeries } from '../services/volatility/usecases/replay-market.ts'
import type { LocalInstance } from './local-instance.ts'

export type MarketWish = {
  readonly symbol: string
  /** The venue. Default: every venue that lists the symbol. */
  readonly venue?: string | undefined
  readonly onProgress: (done: number, of: number) => void
  readonly signal: AbortSignal
}

type Named = { readonly venue: string; readonly symbol: string }

/** Compares the stored values of a symbol with those computed from its bars, and changes nothing. */
export async function replayVolatility(
  local: LocalInstance,
  wish: MarketWish,
): Promise<readonly (Named & { readonly series: readonly ReplayedSeries[] })[]> {
  return eachMarket(local, wish, async (market, onBars) => ({
    venue: market.venue,
    symbol: market.symbol,
    series: await replayMarket({ db: local.db, onBars }, market.marketId),
  }))
}

/** Adds late data, and recomputes the series of a symbol; audited before it begins. */
export async function rebuildVolatility(
  local: LocalInstance,
  wish: MarketWish,
): Promise<readonly (Named & RebuiltMarket)[]> {
  const { db, clock } = local
  return eachMarket(local, wish, async ({ venue, symbol, marketId }, onBars) => {
    await mutate(local, { kind: 'system', orgId: instanceOrgId, because: 'command' }, async () => ({
      result: undefined,
      entry: {
        action: 'volatility.rebuild',
        resourceId: `${venue}/${symbol}`,
        detail: { venue, symbol },
        at: clock.now(),
      },
    }))
    return { venue, symbol, ...(await rebuildMarket({ db, now: clock.now, onBars }, marketId)) }
  })
}

async function eachMarket<T>(
  { db }: LocalInstance,
  { symbol, venue, onProgress, signal }: MarketWish,
  work: (market: StoredMarket, onBars: (bars: number) => void) => Promise<T>,
): Promise<readonly T[]> {
  const all = await asGate({ db }, listMarkets)
  const chosen = all.filter((one) => one.symbol === symbol && (venue === undefined || one.venue === venue))
  if (chosen.length === 0) throw new Error(toMissing(all, symbol, venue))
  const of = await asGate({ db }, (tx) =>
    countStoredBars(
      tx,
      chosen.map(({ marketId }) => marketId),
    ),
  )
  let done = 0
  const results: T[] = []
  for (const market of chosen) {
    // A market that was begun is finished: it is one commit.
    signal.throwIfAborted()
    results.push(
      await work(market, (bars) => {
        done += bars
        onProgress(done, Math.max(done, of))
      }),
    )
  }
  return results
}

export function toMissing(all: readonly StoredMarket[], symbol: string, venue: string | undefined): string {
  const atVenues = all.filter((one) => one.symbol === symbol).map((one) => one.venue)
  return atVenues.length > 0
    ? `${symbol} is not carried of ${venue}; it is of ${atVenues.join(', ')}`
    : `There is no symbol ${symbol}; there are ${[...new Set(all.map((one) => one.symbol))].join(', ') || 'none yet'}`
}
