import { displayName, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'

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
  refreshToken: z.string(),
})

export const byId = z.strictObject({ id: text(1, 64) })
