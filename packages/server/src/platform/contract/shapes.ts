import { displayName, emailAddress, proof, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { time } from '../../service/shapes.ts'
import { secondFactorMethods } from '../domain/factor.ts'
import { languages } from '../domain/language.ts'
import { themes } from '../domain/preferences.ts'

export const roles = ['owner', 'member', 'viewer'] as const

/** An e-mail address in lower case, so that each address belongs to one person. */
export const email = emailAddress.transform((address) => address.toLowerCase())

/**
 * Only the length is bounded here: new passwords are judged separately, by their characters and by how common they are.
 */
export const password = proof(text(1, 512)).meta({ examples: ['correct horse battery staple'] })
export const personName = displayName(100)
export const orgName = displayName(100)
export const role = z.enum(roles)
export const resetLink = z.strictObject({ url: z.string(), expiresAt: time }).meta({ id: 'ResetLink' })

/** A single-use token of this server: 256 bits, base64url. */
export const token = proof(
  z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be a token of this server, 43 characters long'),
).meta({ examples: ['Zm91cnR5LXRocmVlIGNoYXJhY3RlcnMgb2YgYmFzZTY'] })

/** A code of an authenticator app; people type it with and without blanks. */
export const totpCode = proof(
  z
    .string()
    .regex(/^\s*\d{3}\s?\d{3}\s*$/, 'must be the code of the app, 6 digits')
    .meta({ examples: ['492039'] })
    .transform((code) => code.replaceAll(/\D/g, '')),
)

export const mailedCode = proof(
  z
    .string()
    .regex(/^\s*\d{4}[ -]?\d{4}\s*$/, 'must be the code of the mail, 8 digits')
    .meta({ examples: ['4920 3918'] })
    .transform((code) => code.replaceAll(/\D/g, '')),
)

export const recoveryCode = proof(
  z
    .string()
    .regex(/^\s*[0-9A-Za-z]{4}(?:[ -]?[0-9A-Za-z]{4}){3}\s*$/, 'must be a recovery code, 16 characters')
    .meta({ examples: ['7K2M-9PQR-4XTV-8WYZ'] })
    .transform((code) => code.replaceAll(/[\s-]/g, '').toUpperCase()),
)

/** Whether exactly one member is given, for bodies that hold one of several proofs. */
export function exactlyOne(members: Readonly<Record<string, unknown>>): boolean {
  return Object.values(members).filter((value) => value !== undefined).length === 1
}

/**
 * The address in the form for people: its domain in its own script where that is safe, else in Punycode as in `email`.
 */
export const shownEmail = z.string()

/** How a person wants things to be shown; null stands for the browser's setting. */
export const preferences = {
  language: z.enum(languages).nullable(),
  timeZone: z.string().nullable(),
  theme: z.enum(themes),
}

export const signedInUser = z.strictObject({
  id: z.string(),
  email: z.string(),
  shownEmail,
  name: z.string(),
  ...preferences,
  teamId: z.string(),
  role,
})

export const signedIn = z
  .strictObject({
    user: signedInUser,
    accessToken: z.string(),
    /** Absent for a browser that keeps it in a cookie. */
    refreshToken: z.string().optional(),
  })
  .meta({ id: 'SignedIn' })

/** The reply to a correct password when a second factor is required. */
export const mfaRequired = z
  .strictObject({
    mfaRequired: z.literal(true),
    mfaToken: z.string(),
    methods: z.array(z.enum(secondFactorMethods)),
  })
  .meta({ id: 'MfaRequired' })
