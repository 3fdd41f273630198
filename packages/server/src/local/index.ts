export { createLocalKey, type LocalKey, type LocalKeyRequest } from './create-local-key.ts'
export { createLocalOwner, type LocalOwner, type LocalOwnerRequest } from './create-local-owner.ts'
export { createLocalOwnerLink } from './create-local-owner-link.ts'
export { withLocalInstance, type LocalInstance, type LocalOptions } from './local-instance.ts'
