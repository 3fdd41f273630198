import type { Principal } from '@gatehouse/kernel/principal'

/** The author of a change as replies name it: a member's id, or the displayable part of a key. */
export function toAuthor(principal: Principal): string | null {
  switch (principal.kind) {
    case 'member':
      return principal.userId
    case 'key':
      return principal.keyPrefix
    case 'link':
    case 'master':
    case 'system':
      return null
  }
}
