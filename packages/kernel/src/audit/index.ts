export { createAuditLog, type AuditLog } from './audit-log.ts'
export type { SigningKey } from './signing-key.ts'
export { mutate, type AuditedTx, type MutateDeps, type Mutation } from './mutate.ts'
export type { AuditPayload, Decision, JsonValue } from './audit-entry.ts'
export {
  chainStart,
  createChainJudge,
  judgeEntry,
  type ChainEntry,
  type ChainFault,
  type ChainPosition,
  type Checkpoint,
  readLines,
  toPublicKeys,
  toVerdictText,
  verifierFile,
  verifyExport,
} from './judge-chain.ts'
export {
  exportChain,
  exportCheckpoints,
  toChainEntry,
  verifyChain,
  type ChainReport,
} from './verify-chain.ts'
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
export { toKeyList, type ListedKey } from './key-list.ts'
export { createCallLog, type CallLog } from './call-log.ts'
export type { ApiCall } from './store/call-store.ts'
export { createRefusalLog, type Refusal, type RefusalLog } from './refusal-log.ts'
export { writeCheckpoints } from './checkpoints.ts'
export { appendKeyRotation } from './rotate-signing-key.ts'
export { eraseAuditBodies, findOldestBody, pruneAuditBodies } from './store/body-store.ts'
export { merklePath, merkleRoot, verifyMerklePath, type MerkleStep } from './merkle.ts'
