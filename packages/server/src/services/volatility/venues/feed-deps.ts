import type { Timeline } from '@gatehouse/kernel/clock'
import type { Egress, EgressPolicy } from '@gatehouse/kernel/egress'
import type { LateBar } from './bar-sequence.ts'
import type { Product, ProductKind, Venue } from './market-feed.ts'
import type { MarketHosts } from './market.ts'

/** An observation of a feed that is only counted. */
export type FeedNote =
  | { readonly kind: 'frame_refused'; readonly venue: Venue; readonly reason: string }
  | { readonly kind: 'bar_refused'; readonly venue: Venue; readonly reason: string }
  | ({ readonly kind: 'late_bar' } & LateBar)
  /** Our clock and the venue's differ by more than two seconds. */
  | { readonly kind: 'clock_offset'; readonly venue: Venue; readonly offsetMs: number }
  /** A built minute differs from the venue's own candle. */
  | {
      readonly kind: 'built_differs'
      readonly venue: Venue
      readonly symbol: string
      readonly openMs: number
    }

/** The dependencies of feeds. */
export type FeedDeps = {
  readonly egress: Pick<Egress, 'request' | 'openWebSocket'>
  /** The clock for all waiting. */
  readonly timeline: Timeline
  /** A random number in [0, 1) for the jitter of retries. */
  readonly random: () => number
  /** Open time of the last stored minute; feeding starts with the next one. */
  readonly lastStoredMs: (product: Product) => Promise<number>
  readonly note: (note: FeedNote) => void
  /** Hosts of a simulator that replace the venue's own; they may be on this machine. */
  readonly hosts?: Readonly<Record<ProductKind, MarketHosts>>
}

/** The allowed hosts, and the limit of a reply's size. */
export function toEgressPolicy(
  defaults: Omit<EgressPolicy, 'userAgent'>,
  hosts: MarketHosts,
  isOwnHost: boolean,
): EgressPolicy {
  const origins = [hosts.rest, hosts.stream].filter((origin) => origin !== '')
  return {
    ...defaults,
    userAgent: 'Gatehouse/1.0',
    schemes: isOwnHost ? ['http', 'https'] : ['https'],
    hosts: [...new Set(origins.map((origin) => new URL(origin).hostname))],
    operatorConfigured: isOwnHost,
    totalTimeoutMs: 30_000,
  }
}
