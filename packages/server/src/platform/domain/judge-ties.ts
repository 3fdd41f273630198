import type { Role } from '@gatehouse/kernel/principal'

/** An org of a person, as far as leaving it for good is concerned. */
export type Tie = {
  readonly orgId: string
  readonly name: string
  readonly role: Role
  readonly members: number
  readonly owners: number
}

export type TiesVerdict<T extends Tie = Tie> =
  /** `alone` has nobody else, and goes with the person; `shared` goes on without. */
  | { readonly free: true; readonly alone: readonly T[]; readonly shared: readonly T[] }
  /** These would be left without an owner. */
  | { readonly free: false; readonly owned: readonly T[] }

/** May someone with these orgs be deleted, and what becomes of the orgs? */
export function judgeTies<T extends Tie>(ties: readonly T[]): TiesVerdict<T> {
  const alone = ties.filter(({ members }) => members === 1)
  const shared = ties.filter(({ members }) => members > 1)
  const owned = shared.filter(({ role, owners }) => role === 'owner' && owners === 1)
  return owned.length === 0 ? { free: true, alone, shared } : { free: false, owned }
}
