import type { Language } from './language.ts'

/** Somebody who requested an account and has not yet proven the address. */
export type Registration = {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly orgName: string
  readonly language: Language
  readonly passwordHash: string
  readonly expiresAtMs: number
  readonly createdAtMs: number
}
