import type { WriterTx } from '../db/index.ts'
import type { Attempt } from './attempt.ts'
import type { RetryRules } from './judge-attempt.ts'
import type { HealthRules } from './judge-health.ts'
import type { ClaimedDelivery } from './store/claim-store.ts'

/** The delivery policy of a queue. */
export type QueueRules = RetryRules & {
  /**
   * The timeout of one attempt. A lease outlasts it by `leaseExtraMs`, so that no node sends what another node is still
   * sending.
   */
  readonly timeoutMs: number
  readonly leaseExtraMs: number
  /** How many attempts one node makes at the same time: in all, for one org's destinations, and for one destination. */
  readonly places: { readonly all: number; readonly perOrg: number; readonly perDestination: number }
  readonly health: HealthRules
  /** False: the body of a delivery is deleted once it is finished; the log keeps that it was sent. */
  readonly keepsBody: boolean
}

/** What to do with a delivery that was claimed: the destination to send it to, or why it is not sent. */
export type Prepared<To> =
  | { readonly kind: 'send'; readonly to: To }
  /** Keep it until its destination is opened again. */
  | { readonly kind: 'hold' }
  /** Never send it: there is no recipient, or nothing left to say. */
  | { readonly kind: 'suppress'; readonly because: string }
  /** The stored data cannot be read, which the operator has to see. */
  | { readonly kind: 'broken'; readonly because: string; readonly error: unknown }

export type AttemptContext = { readonly nowMs: number; readonly signal: AbortSignal }

/**
 * A notification for the owner of a destination. `isClosed`: it was closed, because it failed for longer than its rules
 * allow or wants no more messages.
 */
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

/** A kind of deliveries, and how one attempt is made. The delivery engine does everything else. */
export type DeliveryQueue<To> = {
  readonly name: string
  readonly rules: QueueRules
  /** Decides what to do with each claimed delivery, in the same order, in the transaction that claims them. */
  readonly prepare: (tx: WriterTx, claimed: readonly ClaimedDelivery[]) => Promise<readonly Prepared<To>[]>
  /**
   * Makes one attempt, within the timeout. An exception counts as a fault of this server, and the delivery is tried
   * again later.
   */
  readonly attempt: (to: To, claimed: ClaimedDelivery, context: AttemptContext) => Promise<Attempt>
  /** Called in the transaction that decides it. */
  readonly notice: (tx: WriterTx, notice: DestinationNotice) => Promise<void>
}
