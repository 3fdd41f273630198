import { egressDefaults } from '@gatehouse/kernel/egress'
import { binance } from './binance.ts'
import { bybit } from './bybit.ts'
import { coinbase } from './coinbase.ts'
import { type FeedDeps, toEgressPolicy } from './feed-deps.ts'
import { fetchPage } from './fetch-page.ts'
import { fetchListing } from './fetch-listing.ts'
import type { FeedState, FeedStatus, MarketFeed, ProductKind, Venue } from './market-feed.ts'
import type { VenueKind } from './market.ts'
import { createDoor } from './rest-door.ts'
import { type MarketPlace, runMarket } from './run-market.ts'
import { VenueClock } from './venue-clock.ts'

/** Every venue there is. */
export const venueKinds = { binance, coinbase, bybit } as const satisfies Readonly<Record<Venue, VenueKind>>

const kindsOfProducts = ['spot', 'perp'] as const satisfies readonly ProductKind[]
const measureBeforeMs = 5_000

/** Creates the feed of one venue. All its requests share its budget, its circuit breaker and its clock. */
export function createMarketFeed(venue: Venue, deps: FeedDeps): MarketFeed {
  const spot = toPlace(venueKinds[venue], 'spot', deps)
  const perp = toPlace(venueKinds[venue], 'perp', deps)
  const isOneHost = spot.hosts.rest === perp.hosts.rest
  const places = {
    spot,
    // One host counts all requests from one address together.
    perp: isOneHost ? { ...perp, door: spot.door } : perp,
  } satisfies Record<ProductKind, MarketPlace>
  const serverTime = async ({ market, door, clock }: MarketPlace): Promise<number> => {
    const venueMs = await door.get(market.rest.timePath, 1, market.rest.readTime)
    clock.measure(venueMs)
    return venueMs
  }
  return {
    venue,
    serverTime: () => serverTime(places.spot),
    listProducts: (kind, codes) => {
      const { door, market } = places[kind]
      return fetchListing(door, market.rest.listing, kind, codes)
    },
    fetchBars: async (product, timeframe, fromMs, toMs) => {
      const place = places[product.kind]
      if (place.clock.measuredAgoMs > measureBeforeMs) await serverTime(place)
      return fetchPage({ ...place, note: deps.note }, { product, timeframe, fromMs, toMs })
    },
    run: async (products, sink, signal) => {
      const tell = joinStatuses(deps, sink.status)
      await Promise.all(
        kindsOfProducts.map(async (kind) => {
          const mine = products.filter((product) => product.kind === kind)
          if (mine.length === 0) return
          const marketSink = { ...sink, status: tell(kind) }
          await runMarket(deps, places[kind], mine, marketSink, signal)
        }),
      )
    },
  }
}

function toPlace(kind: VenueKind, product: ProductKind, deps: FeedDeps): MarketPlace {
  const market = kind.markets[product]
  const hosts = deps.hosts?.[product] ?? market.hosts
  const policy = toEgressPolicy(egressDefaults, hosts, deps.hosts !== undefined)
  const door = createDoor(deps, market.rest, hosts.rest, policy)
  return { market, hosts, policy, door, clock: new VenueClock(deps.timeline) }
}

const worstFirst: readonly FeedState[] = ['down', 'connecting', 'backfilling', 'degraded', 'live']

/** A venue's status is that of its worst market; only changes are reported. */
function joinStatuses(
  { timeline }: FeedDeps,
  tell: (status: FeedStatus) => void,
): (kind: ProductKind) => (status: Omit<FeedStatus, 'sinceMs'>) => void {
  const statuses = new Map<ProductKind, Omit<FeedStatus, 'sinceMs'>>()
  let told: FeedStatus | undefined
  return (kind) => (status) => {
    statuses.set(kind, status)
    const all = [...statuses.values()]
    const worst = worstFirst.flatMap((state) => all.find((one) => one.state === state) ?? [])[0] ?? status
    if (told?.state === worst.state && told.reason === worst.reason && told.untilMs === worst.untilMs) return
    const sinceMs = told?.state === worst.state ? told.sinceMs : timeline.now()
    told = { ...worst, sinceMs }
    tell(told)
  }
}
