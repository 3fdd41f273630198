export { createKeyDigests, type KeyDigests } from './key-digest.ts'
export { mintKey, parseKey, type KeyShape, type KeyShapes, type ParsedKey } from './key-shape.ts'
export {
  isCidr,
  judgeKey,
  type KeyJudgement,
  type KeyKind,
  type KeyRefusal,
  type StoredKey,
} from './judge-key.ts'
export {
  boundKeysOf,
  createKey,
  listKeys,
  revokeKey,
  rotateKey,
  updateKey,
  type KeyDeps,
  type KeyRequest,
  type MintedKey,
} from './manage-keys.ts'
export { createKeyVerifier, type KeyVerdict, type KeyVerifier, type ProvenKey } from './verify-key.ts'
export { countKeysByPepper, findKeyNames, type KeyChange, type KeyRecord } from './store/key-store.ts'
export { problems as keyProblems } from './problems.ts'
