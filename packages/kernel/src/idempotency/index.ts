export {
  claimRequest,
  replyKeptMs,
  type Claim,
  type IdempotencyDeps,
  type KeyedRequest,
} from './claim-request.ts'
export { forgetAnswersAbout, type StoredReply } from './store/idempotency-store.ts'
