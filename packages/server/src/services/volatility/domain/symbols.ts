import type { Venue } from './venue.ts'

export type SymbolKind = 'spot' | 'perp'

/** A symbol and what each venue calls it; the primary venue is the one whose series is the symbol's own. */
export type CarriedSymbol = {
  readonly symbol: string
  readonly kind: SymbolKind
  readonly venues: Partial<Readonly<Record<Venue, string>>>
  readonly primary: Venue
}

const assets = [
  'btc',
  'eth',
  'bnb',
  'xrp',
  'pol',
  'sol',
  'doge',
  'ada',
  'avax',
  'link',
  'sui',
  'ton',
  'dot',
  'apt',
  'near',
  'atom',
  'op',
  'arb',
  'hbar',
  'ltc',
] as const

/**
 * The twenty symbols that every instance carries, in their order. Coinbase quotes in dollars. Whether a venue lists a
 * product is asked of the venue, and not answered here.
 */
export const builtInSymbols: readonly CarriedSymbol[] = assets.map((asset) => {
  const name = asset.toUpperCase()
  return {
    symbol: `${asset}usdt`,
    kind: 'spot',
    venues: { binance: `${name}USDT`, coinbase: `${name}-USD`, bybit: `${name}USDT` },
    primary: 'binance',
  }
})
