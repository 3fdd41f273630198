import type { Venue } from './venue.ts'

export type SymbolKind = 'spot' | 'perp'

/** A symbol with its product at each venue; the primary venue's series is the symbol's own. */
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
 * The twenty built-in symbols, in order. Coinbase quotes in dollars. Whether a venue lists a product is asked of the
 * venue.
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
