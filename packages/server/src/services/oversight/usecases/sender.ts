import type { Principal } from '@gatehouse/kernel/principal'

/** Who sent something, by kind and id: whoever sent a decision does not judge an objection to it. */
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
