import type { Clock } from '@gatehouse/kernel/clock'
import type { Logger } from '@gatehouse/kernel/log'
import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import type { ServedMethod } from '../domain/contest.ts'
import type { StreamFilter } from '../domain/stream-filter.ts'
import type { Timeframe } from '../domain/timeframe.ts'
import type { EventLog, StreamEvent } from './follow-events.ts'
import type { NamedPlan } from './read-plan.ts'
import type { Seat, StreamUse } from './stream-use.ts'

/** What a client is made with. */
export type StreamTools = {
  readonly clock: Clock
  readonly log: Logger
  readonly events: EventLog
  readonly planOf: (principal: KeyPrincipal) => Promise<NamedPlan>
  /** Every symbol there is, in the order of the table. */
  readonly listSymbols: () => Promise<readonly string[]>
  /** The symbols that a key may see; null means all. */
  readonly allowedOf: (principal: KeyPrincipal) => Promise<ReadonlySet<string> | null>
  readonly listStaleSymbols: () => Promise<readonly string[]>
  /** The method of a preset that the organisation may use; undefined where it may use none of that name. */
  readonly findPreset: (
    principal: KeyPrincipal,
    name: string,
  ) => Promise<{ readonly method: string } | undefined>
  /** What is known now of a series, as `GET /v1/regime/{symbol}` answers it; undefined where no venue has it. */
  readonly snapshotOf: (asked: {
    readonly principal: KeyPrincipal
    readonly symbol: string
    readonly timeframe: Timeframe
    readonly preset: string
    readonly method: ServedMethod
  }) => Promise<string | undefined>
  /** A place among the connections of the organisation, on all nodes. */
  readonly take: StreamUse['take']
  /** Lets a client that has one be found when the plan changes; returns how it leaves. */
  readonly sit: (client: StreamClient, principal: KeyPrincipal, seat: Seat) => () => void
}

/** How a connection begins: proven, with what its query asked for; or by a stranger, who has yet to prove a key. */
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
  /** Hands it an event, which it takes if it asked for it. */
  readonly offer: (event: StreamEvent) => void
  /** Sends a heartbeat, which is made for the symbols that it may see; null means all. */
  readonly beat: (toText: (allowed: ReadonlySet<string> | null) => Buffer) => void
  /** Ends it where it is too slow, silent or late, and asks whether it is there. */
  readonly look: (nowMs: number) => void
  readonly reviewSymbols: () => Promise<void>
  readonly close: (code: number, reason: string) => void
}
