export { createAuditLog, type AuditLog, type SignedLink } from './audit-log.ts'
export type { SigningKey } from './signing-key.ts'
export { decideAsSystem, type Decide } from './decide-as-system.ts'
export type { AuditedTx } from './audited-tx.ts'
export { mutate, type MutateDeps, type Mutation } from './mutate.ts'
export { toActor, type AuditPayload, type Decision, type JsonValue } from './audit-entry.ts'
export {
  chainStart,
  createChainJudge,
  judgeEntry,
  type ChainEntry,
  type ChainFault,
  type ChainPosition,
  type Checkpoint,
  readLines,
  toAnchorLine,
  toAnchors,
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
export { listEntries, listEntriesAt, listEntriesFrom, type AuditFilter } from './store/audit-store.ts'
export { toKeyList, type ListedKey } from './key-list.ts'
export { createCallLog, type CallCounts, type CallLog } from './call-log.ts'
export type { ApiCall } from './store/call-store.ts'
export { createRefusalLog, type Refusal, type RefusalLog } from './refusal-log.ts'
export { sendCheckpoints, writeCheckpoints } from './checkpoints.ts'
export { findNewestCheckpoint, findOldestUnsigned, listCheckpoints } from './store/checkpoint-store.ts'
export { toKeyRotation } from './rotate-signing-key.ts'
export { eraseAuditBodies, eraseBodiesAt, findOldestBody, listSeqsAbout } from './store/body-store.ts'
export { pruneAuditBodies, type Pruning } from './prune-bodies.ts'
export { merklePath, merkleRoot, verifyMerklePath, type MerkleStep } from './merkle.ts'
