export { createAuditLog, type AuditLog, type SigningKey } from './audit-log.ts'
export { mutate, type AuditedTx, type MutateDeps, type Mutation } from './mutate.ts'
export type { AuditPayload, Decision, JsonValue } from './audit-entry.ts'
export {
  chainStart,
  judgeEntry,
  type ChainEntry,
  type ChainFault,
  type ChainPosition,
} from './judge-chain.ts'
export { exportChain, toChainEntry, verifyChain, type ChainReport } from './verify-chain.ts'
export {
  entryHash,
  genesisHash,
  isEntrySignature,
  sha256Hex,
  signEntry,
  toCanonicalJson,
  type Link,
} from './link.ts'
export { listEntries, type AuditFilter } from './store/audit-store.ts'
export { createCallLog, type CallLog } from './call-log.ts'
export type { ApiCall } from './store/call-store.ts'
export { createRefusalLog, type Refusal, type RefusalLog } from './refusal-log.ts'
