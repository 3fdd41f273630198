import type { Principal } from '@gatehouse/kernel/principal'

/** Who did it, as replies name them: a person's id, or the visible part of a key. */
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
