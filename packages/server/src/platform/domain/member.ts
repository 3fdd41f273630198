import type { Role } from '@gatehouse/kernel/principal'

export type Member = {
  readonly userId: string
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly joinedAtMs: number
}

/** An org as seen by a person who belongs to it. */
export type Belonging = {
  readonly orgId: string
  readonly name: string
  readonly plan: string
  readonly role: Role
  readonly deletionScheduledAtMs: number | null
  /** The org lets this person in through its issuer alone, and takes no password of theirs. */
  readonly needsIssuer: boolean
}
