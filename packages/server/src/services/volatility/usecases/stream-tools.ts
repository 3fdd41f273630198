import type { Clock } from '@gatehouse/kernel/clock'
import type { Logger } from '@gatehouse/kernel/log'
import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import type { ServedMethod } from '../domain/contest.ts'
import type { StreamFilter } from '../domain/stream-filter.ts'
import type { Timeframe } from '../domain/timeframe.ts'
import type { EventLog, StreamEvent } from './follow-events.ts'
import type { NamedPlan } from './read-plan.ts'
import type { Seat, StreamUse } from './stream-use.ts'

/** The dependencies of a stream client. */
export type StreamTools = {
  readonly clock: Clock
  readonly log: Logger
  readonly events: EventLog
  readonly planOf: (principal: KeyPrincipal) => Promise<NamedPlan>
  /** All symbols, in table order. */
  readonly listSymbols: () => Promise<readonly string[]>
  /** The symbols that a key may see; null means all. */
  readonly allowedOf: (principal: KeyPrincipal) => Promise<ReadonlySet<string> | null>
  readonly listStaleSymbols: () => Promise<readonly string[]>
  /** The method of a preset that the organisation may use; undefined if it may use none of that name. */
  readonly findPreset: (
    principal: KeyPrincipal,
    name: string,
  ) => Promise<{ readonly method: string } | undefined>
  /** The current state of a series, as in `GET /v1/regime/{symbol}`; undefined if no venue has it. */
  readonly snapshotOf: (asked: {
    readonly principal: KeyPrincipal
    readonly symbol: string
    readonly timeframe: Timeframe
    readonly preset: string
    readonly method: ServedMethod
  }) => Promise<string | undefined>
  /** Takes a place among the organisation's connections on all nodes. */
  readonly take: StreamUse['take']
  /** Registers a client, so that it is found when the plan changes; returns a function that removes it. */
  readonly sit: (client: StreamClient, principal: KeyPrincipal, seat: Seat) => () => void
}

/** How a connection starts: authenticated, with the filter of its query; or unauthenticated, with a key to follow. */
export type Opening =
  | {
      readonly principal: KeyPrincipal
      readonly plan: NamedPlan
      readonly narrowed: StreamFilter | undefined
      readonly allowed: ReadonlySet<string> | null
      readonly seat: Seat
    }
  | { readonly principal: undefined }

export type StreamClient = {
  readonly principal: KeyPrincipal | undefined
  readonly isFull: () => boolean
  readonly onText: (text: string) => void
  readonly onPong: () => void
  readonly onClose: () => void
  /** Passes an event, which is sent if a subscription matches. */
  readonly offer: (event: StreamEvent) => void
  /** Sends a heartbeat with the symbols that the client may see; null means all. */
  readonly beat: (toText: (allowed: ReadonlySet<string> | null) => Buffer) => void
  /** Closes the connection if it is too slow, silent or unauthenticated for too long, and otherwise pings it. */
  readonly look: (nowMs: number) => void
  readonly reviewSymbols: () => Promise<void>
  readonly close: (code: number, reason: string) => void
}
