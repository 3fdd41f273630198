export { LiveSecret, Secret } from './secret.ts'
export { createSealer, type SealContext, type Sealer } from './sealer.ts'
export { createFastHmac, type FastHmac } from './fast-hmac.ts'
export { judgeSigningSecret, signingKeyOf } from './signing-secret.ts'
export { createKeyRing, type KeyRing } from './key-ring.ts'
export {
  findNextKeyVersion,
  forgetNextKeyVersion,
  type NextKeyVersion,
  prepareNextKeyVersion,
} from './next-key-version.ts'
export {
  addKeyVersion,
  assertFromFile,
  createSecretFolder,
  findKeys,
  loadKeys,
  loadOrCreateKeys,
  readOrCreateSecretFile,
  readSecretFile,
  removeKeyVersion,
  replaceSecretFile,
  syncFolder,
  type KeyFile,
} from './secret-files.ts'
export { currentKey, derivedFrom, keyOf, parseVersionedKeys, type VersionedKeys } from './versioned-keys.ts'
