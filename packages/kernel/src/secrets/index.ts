export { Secret } from './secret.ts'
export { createSealer, type SealContext, type Sealer } from './sealer.ts'
export {
  createSecretFolder,
  loadOrCreateKeys,
  readOrCreateSecretFile,
  readSecretFile,
  syncFolder,
  type KeyFile,
} from './secret-files.ts'
export { currentKey, keyOf, parseVersionedKeys, type VersionedKeys } from './versioned-keys.ts'
