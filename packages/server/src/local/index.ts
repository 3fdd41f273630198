export { readLines, toPublicKeys, toVerdictText, verifyExport } from '@gatehouse/kernel/audit'
export { createLocalKey, type LocalKey, type LocalKeyRequest } from './create-local-key.ts'
export { createLocalOwner, type LocalOwner, type LocalOwnerRequest } from './create-local-owner.ts'
export { eraseLocalTeam, type LocalErasure } from './erase-local-team.ts'
export { exportLocalTeam, type LocalExport } from './export-local-team.ts'
export { createLocalOwnerLink } from './create-local-owner-link.ts'
export { withLocalInstance, type LocalInstance, type LocalOptions } from './local-instance.ts'
export {
  retireSecret,
  rotateSecret,
  secretsStatus,
  type SecretRotation,
  type SecretStatus,
} from './secrets.ts'
export { isKeyName, type KeyName } from '../embedded/first-run.ts'
