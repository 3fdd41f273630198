export { failClosed, storeTimeoutMs } from './fail-closed.ts'
export { ipKey } from './ip-key.ts'
export { limitHeaders, type Judged } from './limit-headers.ts'
export { assertCost, assertLimitRule, limitMax, windowSecondsMax, type LimitRule } from './limit-rule.ts'
export type {
  Admitted,
  Charge,
  Counted,
  LimitDecision,
  LimitReached,
  LimitStore,
  Refused,
  Standing,
  StoreUnavailable,
  Uncounted,
} from './limit-store.ts'
export { createMemoryStore, type MemoryStore, type MemoryStoreStats } from './memory-store.ts'
export { createValkeyStore, type ValkeyStore, type ValkeyStoreOptions } from './valkey-store.ts'
export { unmapAddress } from './unmap-address.ts'
