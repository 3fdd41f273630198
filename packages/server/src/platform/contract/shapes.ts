import { displayName, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { secondFactorMethods } from '../domain/factor.ts'

export const roles = ['owner', 'member', 'viewer'] as const

/** An e-mail address, folded to lower case so that one address is one person. */
export const email = z
  .email('must be an e-mail address')
  .max(254, 'must be at most 254 characters long')
  .transform((value) => value.toLowerCase())

/** Bounded only: how long a new one must be is judged by character, together with how common it is. */
export const password = text(1, 512)
export const personName = displayName(100)
export const orgName = displayName(100)
export const role = z.enum(roles)

/** A single-use token as this server makes them: 256 bits, base64url. */
export const token = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, 'must be the token of the link, 43 characters long')

/** Of an authenticator app; people type it with and without blanks. */
export const totpCode = z
  .string()
  .regex(/^\s*\d{3}\s?\d{3}\s*$/, 'must be the code of the app, 6 digits')
  .transform((code) => code.replaceAll(/\D/g, ''))

export const mailedCode = z
  .string()
  .regex(/^\s*\d{4}[ -]?\d{4}\s*$/, 'must be the code of the mail, 8 digits')
  .transform((code) => code.replaceAll(/\D/g, ''))

export const recoveryCode = z
  .string()
  .regex(/^\s*[0-9A-Za-z]{4}(?:[ -]?[0-9A-Za-z]{4}){3}\s*$/, 'must be a recovery code, 16 characters')
  .transform((code) => code.replaceAll(/[\s-]/g, '').toUpperCase())

/** Of the members given, for bodies that hold one of several proofs. */
export function exactlyOne(members: Readonly<Record<string, unknown>>): boolean {
  return Object.values(members).filter((value) => value !== undefined).length === 1
}

export const time = z.iso.datetime({ precision: 3 })
export const done = z.strictObject({ ok: z.literal(true) })

export const signedInUser = z.strictObject({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  teamId: z.string(),
  role,
})

export const signedIn = z.strictObject({
  user: signedInUser,
  accessToken: z.string(),
  /** Absent for a browser that keeps it in a cookie. */
  refreshToken: z.string().optional(),
})

/** For someone whose password was right, and who owes a second factor. */
export const mfaRequired = z.strictObject({
  mfaRequired: z.literal(true),
  mfaToken: z.string(),
  methods: z.array(z.enum(secondFactorMethods)),
})

/** How many entries of a list one page holds. Query strings are text; the bounds are those of any other whole number. */
export function pageLimit(max: number, unset: number) {
  const message = `must be a whole number between 1 and ${max}`
  return z
    .string()
    .regex(/^\d{1,6}$/, message)
    .transform(Number)
    .refine((value) => value >= 1 && value <= max, message)
    .default(unset)
}

export const byId = z.strictObject({ id: text(1, 64) })
