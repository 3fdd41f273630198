import type { Timeline } from '@gatehouse/kernel/clock'
import type { Egress, EgressPolicy } from '@gatehouse/kernel/egress'
import type { LateBar } from './bar-sequence.ts'
import type { Product, ProductKind, Venue } from './market-feed.ts'
import type { MarketHosts } from './market.ts'

/** Something of a feed that nobody waits for, but that is counted. */
export type FeedNote =
  | { readonly kind: 'frame_refused'; readonly venue: Venue; readonly reason: string }
  | { readonly kind: 'bar_refused'; readonly venue: Venue; readonly reason: string }
  | ({ readonly kind: 'late_bar' } & LateBar)
  /** Our clock and the venue's are more than two seconds apart. */
  | { readonly kind: 'clock_offset'; readonly venue: Venue; readonly offsetMs: number }
  /** A built minute is not what the venue's own candle says. */
  | {
      readonly kind: 'built_differs'
      readonly venue: Venue
      readonly symbol: string
      readonly openMs: number
    }

/** What feeds touch outside themselves. */
export type FeedDeps = {
  readonly egress: Pick<Egress, 'request' | 'openWebSocket'>
  /** All waiting is done by it. */
  readonly timeline: Timeline
  /** From [0, 1), for the delays between attempts. */
  readonly random: () => number
  /** The open time of the last minute that is stored: feeding begins with the one after it. */
  readonly lastStoredMs: (product: Product) => Promise<number>
  readonly note: (note: FeedNote) => void
  /** In place of the venue's own hosts: those of a simulator, which may be on this machine. */
  readonly hosts?: Readonly<Record<ProductKind, MarketHosts>>
}

/** What is reached, and how much of it is read. */
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
