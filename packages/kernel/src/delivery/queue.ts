import type { WriterTx } from '../db/index.ts'
import type { Attempt } from './attempt.ts'
import type { RetryRules } from './judge-attempt.ts'
import type { HealthRules } from './judge-health.ts'
import type { ClaimedDelivery } from './store/claim-store.ts'

/** One policy for what is sent, as data. */
export type QueueRules = RetryRules & {
  /** The longest attempt; a lease outlasts it by `leaseExtraMs`, so that nobody sends what another node still sends. */
  readonly timeoutMs: number
  readonly leaseExtraMs: number
  /** How much one node sends at once: in all, to one organisation's destinations, and to one destination. */
  readonly places: { readonly all: number; readonly perOrg: number; readonly perDestination: number }
  readonly health: HealthRules
  /** False: what was sent is forgotten once it is done, and the log keeps that it was. */
  readonly keepsBody: boolean
}

/** What is to happen to a delivery that was claimed: the destination to send it to, or why it is not sent. */
export type Prepared<To> =
  | { readonly kind: 'send'; readonly to: To }
  /** Not now: until its destination is opened again. */
  | { readonly kind: 'hold' }
  /** Never: there is nobody to send it to, or nothing left to say. */
  | { readonly kind: 'suppress'; readonly because: string }
  /** What is stored cannot be read, and whoever runs the server has to see that. */
  | { readonly kind: 'broken'; readonly because: string; readonly error: unknown }

export type AttemptContext = { readonly nowMs: number; readonly signal: AbortSignal }

/** What whoever owns a destination should hear; `isClosed`: it has used up what its rules allow, or wants no more. */
export type DestinationNotice = {
  readonly orgId: string
  readonly destinationId: string
} & (
  | { readonly because: 'failing'; readonly percent: number; readonly isClosed: boolean }
  | { readonly because: 'gone'; readonly event: string; readonly result: string; readonly isClosed: true }
  | {
      readonly because: 'given_up'
      readonly event: string
      readonly result: string
      readonly isClosed: boolean
    }
)

/** Whose deliveries these are, and how one attempt of them is made. Everything else is the engine's. */
export type DeliveryQueue<To> = {
  readonly name: string
  readonly rules: QueueRules
  /** Says what to do with each, in their order, in the transaction that claims them. */
  readonly prepare: (tx: WriterTx, claimed: readonly ClaimedDelivery[]) => Promise<readonly Prepared<To>[]>
  /** Once, and within the time-out. What throws is a fault of our own: the delivery is tried again later. */
  readonly attempt: (to: To, claimed: ClaimedDelivery, context: AttemptContext) => Promise<Attempt>
  /** Told in the transaction that decides it. */
  readonly notice: (tx: WriterTx, notice: DestinationNotice) => Promise<void>
}
