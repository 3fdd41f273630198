import type { Listing, ProductKind } from './market-feed.ts'
import type { ListingRules } from './market.ts'
import { type Door, VenueError } from './rest-door.ts'

/** A venue's listing contains thousands of products in one reply. */
const listingBytesMax = 33_554_432
const pagesMax = 50

/** Requests the listing of these products. Throws a VenueError without an answer. */
export async function fetchListing(
  door: Door,
  rules: ListingRules,
  kind: ProductKind,
  asked: readonly string[],
): Promise<Listing> {
  const codes = rules.kind === 'pages' ? await readPages(door, rules) : await askEach(door, rules, asked)
  const listed = new Set(codes)
  return { kind, codes, isListed: (code) => listed.has(code) }
}

async function readPages(
  door: Door,
  { path, read }: Extract<ListingRules, { kind: 'pages' }>,
): Promise<readonly string[]> {
  const codes: string[] = []
  let cursor: string | undefined
  for (let page = 0; page < pagesMax; page += 1) {
    const asked = path(cursor)
    const found = await door.get(asked.path, asked.cost, read, undefined, listingBytesMax)
    codes.push(...found.codes)
    if (found.cursor === undefined) return codes
    cursor = found.cursor
  }
  throw new VenueError('unreadable', 'a listing without an end')
}

async function askEach(
  door: Door,
  { path, isOpen }: Extract<ListingRules, { kind: 'each' }>,
  asked: readonly string[],
): Promise<readonly string[]> {
  const listed: string[] = []
  for (const code of asked) {
    const { path: of, cost } = path(code)
    try {
      if (await door.get(of, cost, isOpen)) listed.push(code)
    } catch (error) {
      // A venue answers 404 for an unknown product.
      if (!(error instanceof VenueError) || error.message !== 'status 404') throw error
    }
  }
  return listed
}
