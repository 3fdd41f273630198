export { type Attempt, describeAttempt, type HttpAnswer, toAttempt, toHttpAttempt } from './attempt.ts'
export { type AttemptVerdict, judgeAttempt, type RetryRules } from './judge-attempt.ts'
export type { AttemptContext, DeliveryQueue, DestinationNotice, Prepared, QueueRules } from './queue.ts'
export {
  defineDestination,
  type DestinationKind,
  type NamedUrl,
  type OpenDestination,
} from './destination.ts'
export { bindQueue, type BoundQueue, deliverDue, type DeliveryLoop, startDelivery } from './start-delivery.ts'
export type { DeliveryDeps } from './sender.ts'
export type { ClaimedDelivery } from './store/claim-store.ts'
export { forgetHealth, listFailingSince } from './store/health-store.ts'
export {
  deleteDeliveries,
  deleteDeliveriesAbout,
  expireHeld,
  type DeliveryState,
  holdPending,
  insertDelivery,
  type ReplaySpan,
  setReplayed,
  withdrawDelivery,
} from './store/outbox-store.ts'
export {
  type AttemptRecord,
  type Delivery,
  type DeliveryInFull,
  findDelivery,
  listDeliveries,
  listDeliveriesInFull,
  type LogPlace,
} from './store/log-store.ts'
export { type Aged, deleteAged, findOldestAged } from './store/age-store.ts'
export { type Backlog, findBacklog } from './store/backlog-store.ts'
export { fanOut, fanOutJoined, type TargetsOfEvents } from './store/fan-out-store.ts'
