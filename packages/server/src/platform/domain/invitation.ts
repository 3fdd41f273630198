import type { Role } from '@gatehouse/kernel/principal'

export type Invitation = {
  readonly orgId: string
  readonly id: string
  /** The only address that can accept; null when anyone with the token can. */
  readonly email: string | null
  readonly role: Role
  readonly invitedBy: string
  readonly expiresAtMs: number
  readonly createdAtMs: number
}
