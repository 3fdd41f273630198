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
export { countKeysByPepper, type KeyChange, type KeyRecord } from './store/key-store.ts'
