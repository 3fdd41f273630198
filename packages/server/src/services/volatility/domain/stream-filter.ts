import type { Regime } from './regime-code.ts'
import type { Timeframe } from './timeframe.ts'

/** What of an event decides who is told of it. */
export type EventFacts = {
  readonly seq: number
  /** Whose preset it is of; null where the preset belongs to nobody. */
  readonly orgId: string | null
  readonly type: string
  readonly symbol: string
  /** Of transitions alone. */
  readonly timeframe: Timeframe | undefined
  readonly to: Regime | undefined
  readonly preset: string | undefined
  readonly method: string | undefined
}

/** What one subscription asks for. `symbols` null means all. */
export type StreamFilter = {
  readonly types: ReadonlySet<string>
  readonly symbols: ReadonlySet<string> | null
  readonly timeframes: ReadonlySet<string>
  readonly toRegimes: ReadonlySet<string>
  readonly preset: string
  readonly method: string
}

/** For whom: an organisation, and the symbols that its key may see. Null means all of them. */
export type StreamReader = { readonly orgId: string; readonly allowed: ReadonlySet<string> | null }

/** Whether a subscription of this reader hears of an event. What is not of a timeframe is heard whatever the preset. */
export function hears(filter: StreamFilter, reader: StreamReader, event: EventFacts): boolean {
  if (event.orgId !== null && event.orgId !== reader.orgId) return false
  if (reader.allowed !== null && !reader.allowed.has(event.symbol)) return false
  if (!filter.types.has(event.type)) return false
  if (filter.symbols !== null && !filter.symbols.has(event.symbol)) return false
  if (event.timeframe === undefined) return true
  return (
    filter.timeframes.has(event.timeframe) &&
    event.preset === filter.preset &&
    // Of a preset of one's own each version may be of another method.
    (event.orgId !== null || event.method === filter.method) &&
    event.to !== undefined &&
    filter.toRegimes.has(event.to)
  )
}

/** Pairs of symbol and timeframe that subscriptions cover together: what a plan counts (specification 2.2). */
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
