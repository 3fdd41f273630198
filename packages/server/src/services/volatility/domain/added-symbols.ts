import { builtInSymbols, type CarriedSymbol, type SymbolKind } from './symbols.ts'
import { type Venue, venues } from './venue.ts'

/** An operator's entry for one symbol, validated in shape only. */
export type WrittenSymbol = {
  readonly symbol: string
  readonly kind: SymbolKind
  readonly venues: { readonly [venue in Venue]?: string | undefined }
  readonly primary?: Venue | undefined
}

/** A fault and its position: a JSON pointer into the document (RFC 6901) and the value there. */
export type SymbolFault = { readonly pointer: string; readonly value: unknown; readonly rule: string }

const taken = new Set(builtInSymbols.map(({ symbol }) => symbol))

/**
 * Faults beyond the schema (specification 8.8): names already taken, kinds that do not match, a primary venue without
 * a product.
 */
export function judgeSymbols(written: readonly WrittenSymbol[]): readonly SymbolFault[] {
  const seen = new Set<string>()
  return written.flatMap(({ symbol, kind, venues: products, primary }, index): readonly SymbolFault[] => {
    const at = (member: string, value: unknown, rule: string): SymbolFault => ({
      pointer: `/symbols/${index}/${member}`,
      value,
      rule,
    })
    const isRepeated = seen.has(symbol)
    seen.add(symbol)
    const listed = venues.filter((venue) => products[venue] !== undefined)
    const leading = primary ?? 'binance'
    return [
      ...(taken.has(symbol) ? [at('symbol', symbol, 'is the name of a built-in symbol')] : []),
      ...(isRepeated ? [at('symbol', symbol, 'stands in the file twice')] : []),
      ...(symbol.endsWith('-perp') === (kind === 'perp')
        ? []
        : [at('symbol', symbol, 'must end with -perp exactly when its kind is perp')]),
      ...(listed.length === 0 ? [at('venues', products, 'must name a product of one venue at least')] : []),
      ...(listed.length > 0 && products[leading] === undefined
        ? [
            at(
              'primary',
              primary ?? null,
              `must be one of its venues: ${listed.join(', ')} (binance unless it is set)`,
            ),
          ]
        : []),
    ]
  })
}

export function toCarried({
  symbol,
  kind,
  venues: products,
  primary = 'binance',
}: WrittenSymbol): CarriedSymbol {
  const named = Object.entries(products).flatMap(([venue, product]) =>
    product === undefined ? [] : [[venue, product] as const],
  )
  return { symbol, kind, venues: Object.fromEntries(named), primary }
}
