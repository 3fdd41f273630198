import { toError } from '../read-symbols-file.ts'
import { nearestNames } from '../domain/nearest-names.ts'
import type { CarriedSymbol } from '../domain/symbols.ts'
import { type Venue, venues } from '../domain/venue.ts'
import type { MarketFeed, ProductKind } from '../venues/market-feed.ts'
import { VenueError } from '../venues/rest-door.ts'

export type ListingStatus = 'listed' | 'not_listed' | 'unverified'

/** A venue's listing status of one product. */
export type CheckedProduct = {
  readonly venue: Venue
  readonly symbol: string
  readonly product: string
  /** `unverified`: the venue did not answer. */
  readonly status: ListingStatus
  /** The venue's products with the most similar names, if it does not list this one. */
  readonly nearest: readonly string[]
}

type Lister = Pick<MarketFeed, 'listProducts'>

const kinds = ['spot', 'perp'] as const satisfies readonly ProductKind[]

/** Checks products of one venue against its listing. */
export async function checkVenue(
  venue: Venue,
  feed: Lister,
  symbols: readonly CarriedSymbol[],
): Promise<readonly CheckedProduct[]> {
  const checked: CheckedProduct[] = []
  for (const kind of kinds) {
    const own = symbols.flatMap(({ symbol, kind: of, venues: { [venue]: product } }) =>
      of === kind && product !== undefined ? [{ symbol, product }] : [],
    )
    if (own.length === 0) continue
    const listing = await feed
      .listProducts(
        kind,
        own.map(({ product }) => product),
      )
      .catch((error: unknown) => {
        if (!(error instanceof VenueError)) throw error
        return undefined
      })
    for (const { symbol, product } of own) {
      const status =
        listing === undefined ? 'unverified' : listing.isListed(product) ? 'listed' : 'not_listed'
      const nearest = status === 'not_listed' ? nearestNames(product, listing?.codes ?? []) : []
      checked.push({ venue, symbol, product, status, nearest })
    }
  }
  return checked
}

/** The same for every venue, concurrently. */
export async function checkListings(
  feedOf: (venue: Venue) => Lister,
  symbols: readonly CarriedSymbol[],
): Promise<readonly CheckedProduct[]> {
  return (await Promise.all(venues.map((venue) => checkVenue(venue, feedOf(venue), symbols)))).flat()
}

/** Throws the faults of an operator's file: products that a venue which answered does not list. */
export function assertListed(
  file: string,
  symbols: readonly CarriedSymbol[],
  checked: readonly CheckedProduct[],
): void {
  const faults = checked.flatMap(({ status, symbol, venue, product, nearest }) => {
    if (status !== 'not_listed') return []
    const index = symbols.findIndex((one) => one.symbol === symbol)
    const near = nearest.length === 0 ? '' : `; the nearest are ${nearest.join(', ')}`
    return [
      {
        pointer: `/symbols/${index}/venues/${venue}`,
        value: product,
        rule: `is not listed by ${venue}${near}`,
      },
    ]
  })
  if (faults.length > 0) throw toError(file, faults)
}
