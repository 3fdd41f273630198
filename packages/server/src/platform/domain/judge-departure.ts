import type { Role } from '@gatehouse/kernel/principal'

export type DepartureVerdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly because: 'last_owner' }

/** Whether somebody with `role` may become `next`, or leave when that is undefined, in an org with this many owners. */
export function judgeDeparture(role: Role, next: Role | undefined, owners: number): DepartureVerdict {
  const ownersAfter = role === 'owner' && next !== 'owner' ? owners - 1 : owners
  return ownersAfter >= 1 ? { allowed: true } : { allowed: false, because: 'last_owner' }
}
