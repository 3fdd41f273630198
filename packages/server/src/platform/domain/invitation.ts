import type { Role } from '@gatehouse/kernel/principal'

export type Invitation = {
  readonly orgId: string
  readonly id: string
  /** Only this address can accept; null: whoever holds the token. */
  readonly email: string | null
  readonly role: Role
  readonly invitedBy: string
  readonly expiresAtMs: number
  readonly createdAtMs: number
}
