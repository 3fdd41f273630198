import { asGate, type Database } from '@gatehouse/kernel/db'
import { Market } from '../domain/market.ts'
import type { Machine } from '../domain/series-tracker.ts'
import type { Venue } from '../domain/venue.ts'
import { type LoadedMarket, loadMarkets } from '../store/load-markets.ts'

/** A market with its series in memory, as of the last commit. */
export type BookedMarket = Omit<LoadedMarket, 'state'> & {
  readonly market: Market
  /** The newest midnight whose day tables are known to exist, if there can be any. */
  readonly tables: { throughMs: number }
  /** Machines that are stored exactly as in memory. */
  readonly saved: WeakSet<Machine>
}

/** The markets of the venues that this node writes; after a failed commit they are read again. */
export class MarketBook {
  readonly #deps: { readonly db: Database }
  readonly #markets = new Map<string, BookedMarket>()
  readonly #stale = new Set<number>()

  constructor(deps: { readonly db: Database }) {
    this.#deps = deps
  }

  /** Reads a venue's markets, replacing those in memory. */
  async load(venue: Venue): Promise<readonly BookedMarket[]> {
    const loaded = await asGate(this.#deps, (tx) => loadMarkets(tx, { venue }))
    return loaded.map((one) => this.#keep(one))
  }

  find(venue: Venue, symbol: string): BookedMarket | undefined {
    return this.#markets.get(keyOf(venue, symbol))
  }

  /** Marks markets whose state in memory may differ from the stored one. */
  distrust(markets: readonly BookedMarket[]): void {
    for (const { marketId } of markets) this.#stale.add(marketId)
  }

  /** Reads the marked markets again. */
  async refresh(): Promise<void> {
    if (this.#stale.size === 0) return
    const marketIds = [...this.#stale]
    const loaded = await asGate(this.#deps, (tx) => loadMarkets(tx, { marketIds }))
    for (const one of loaded) {
      this.#keep(one)
      this.#stale.delete(one.marketId)
    }
  }

  #keep({ state, ...loaded }: LoadedMarket): BookedMarket {
    const market = new Market(loaded.presets, state)
    const saved = new WeakSet(Object.values(state.trackers).flatMap(({ machines }) => machines))
    const booked = { ...loaded, market, saved, tables: { throughMs: Number.NEGATIVE_INFINITY } }
    this.#markets.set(keyOf(loaded.venue, loaded.symbol), booked)
    return booked
  }
}

function keyOf(venue: Venue, symbol: string): string {
  return `${venue}/${symbol}`
}
