import type { Role } from '@gatehouse/kernel/principal'

/** An org of a person, with what matters when the person's account is deleted. */
export type Tie = {
  readonly orgId: string
  readonly name: string
  readonly role: Role
  readonly members: number
  readonly owners: number
}

export type TiesVerdict<T extends Tie = Tie> =
  /** `alone`: orgs without other members, deleted with the person. `shared`: orgs that continue without them. */
  | { readonly free: true; readonly alone: readonly T[]; readonly shared: readonly T[] }
  /** The orgs that would be left without an owner. */
  | { readonly free: false; readonly owned: readonly T[] }

/** Whether somebody with these orgs may be deleted, and what happens to the orgs. */
export function judgeTies<T extends Tie>(ties: readonly T[]): TiesVerdict<T> {
  const alone = ties.filter(({ members }) => members === 1)
  const shared = ties.filter(({ members }) => members > 1)
  const owned = shared.filter(({ role, owners }) => role === 'owner' && owners === 1)
  return owned.length === 0 ? { free: true, alone, shared } : { free: false, owned }
}
