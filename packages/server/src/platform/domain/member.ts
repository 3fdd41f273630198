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
  /** True when the org lets this person in only through its issuer, and not with a password. */
  readonly needsIssuer: boolean
}
