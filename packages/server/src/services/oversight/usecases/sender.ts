import type { Principal } from '@gatehouse/kernel/principal'

/** The sender by kind and id, recorded because the sender of a decision may not decide a contest about it. */
export function toSender(principal: Principal): string {
  switch (principal.kind) {
    case 'key':
      return `key:${principal.keyId}`
    case 'member':
      return `member:${principal.userId}`
    case 'link':
      return `link:${principal.linkId}`
    case 'master':
      return `master:${principal.secret}`
    case 'system':
      return `system:${principal.because}`
  }
}
