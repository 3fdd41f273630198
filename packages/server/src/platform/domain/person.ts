import type { Language } from './language.ts'

export type Person = {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly emailVerifiedAtMs: number | null
  readonly language: Language
  readonly timeZone: string
  readonly deletionScheduledAtMs: number | null
  readonly createdAtMs: number
}
