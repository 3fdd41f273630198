import { asGate, type Database } from '@gatehouse/kernel/db'
import { Market } from '../domain/market.ts'
import type { Machine } from '../domain/series-tracker.ts'
import type { Venue } from '../domain/venue.ts'
import { type LoadedMarket, loadMarkets } from '../store/load-markets.ts'

/** A market with its series in memory, as the last commit left them. */
export type BookedMarket = Omit<LoadedMarket, 'state'> & {
  readonly market: Market
  /** The newest midnight whose day tables are known to be there, as far as there can be any. */
  readonly tables: { throughMs: number }
  /** Machines that stand in the database as they are here. */
  readonly saved: WeakSet<Machine>
}

/** The markets of the venues that this node writes; whoever fails to commit has them read anew. */
export class MarketBook {
  readonly #deps: { readonly db: Database }
  readonly #markets = new Map<string, BookedMarket>()
  readonly #stale = new Set<number>()

  constructor(deps: { readonly db: Database }) {
    this.#deps = deps
  }

  /** Reads a venue's markets; what was in memory of them is forgotten. */
  async load(venue: Venue): Promise<readonly BookedMarket[]> {
    const loaded = await asGate(this.#deps, (tx) => loadMarkets(tx, { venue }))
    return loaded.map((one) => this.#keep(one))
  }

  find(venue: Venue, symbol: string): BookedMarket | undefined {
    return this.#markets.get(keyOf(venue, symbol))
  }

  /** What is in memory of these is not what is stored. */
  distrust(markets: readonly BookedMarket[]): void {
    for (const { marketId } of markets) this.#stale.add(marketId)
  }

  /** Reads anew what was distrusted. */
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
