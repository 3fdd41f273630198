import type { Regime } from './regime-code.ts'
import type { Timeframe } from './timeframe.ts'

/** The data of an event that determines its subscribers. */
export type EventFacts = {
  readonly seq: number
  /** The organisation that owns the preset; null for a built-in one. */
  readonly orgId: string | null
  readonly type: string
  readonly symbol: string
  /** Present on transitions only. */
  readonly timeframe: Timeframe | undefined
  readonly to: Regime | undefined
  readonly preset: string | undefined
  readonly method: string | undefined
}

/** The filter of one subscription. `symbols` null means all. */
export type StreamFilter = {
  readonly types: ReadonlySet<string>
  readonly symbols: ReadonlySet<string> | null
  readonly timeframes: ReadonlySet<string>
  readonly toRegimes: ReadonlySet<string>
  readonly preset: string
  readonly method: string
}

/** The reader: an organisation, and the symbols that its key may see. Null means all. */
export type StreamReader = { readonly orgId: string; readonly allowed: ReadonlySet<string> | null }

/**
 * Whether a subscription of this reader receives an event. Events without a timeframe are received whatever the
 * preset.
 */
export function hears(filter: StreamFilter, reader: StreamReader, event: EventFacts): boolean {
  if (event.orgId !== null && event.orgId !== reader.orgId) return false
  if (reader.allowed !== null && !reader.allowed.has(event.symbol)) return false
  if (!filter.types.has(event.type)) return false
  if (filter.symbols !== null && !filter.symbols.has(event.symbol)) return false
  if (event.timeframe === undefined) return true
  return (
    filter.timeframes.has(event.timeframe) &&
    event.preset === filter.preset &&
    // Versions of an own preset can have different methods.
    (event.orgId !== null || event.method === filter.method) &&
    event.to !== undefined &&
    filter.toRegimes.has(event.to)
  )
}

/**
 * The number of pairs of symbol and timeframe that subscriptions cover together; plans limit it (specification 2.2).
 */
export function countPairs(
  filters: readonly Pick<StreamFilter, 'symbols' | 'timeframes'>[],
  symbols: readonly string[],
): number {
  const pairs = new Set<string>()
  for (const filter of filters)
    for (const symbol of filter.symbols ?? symbols)
      for (const timeframe of filter.timeframes) pairs.add(`${symbol} ${timeframe}`)
  return pairs.size
}
