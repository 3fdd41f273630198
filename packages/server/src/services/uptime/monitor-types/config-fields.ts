import { text, wholeNumber } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { uptimePolicy as policy } from '../policy.ts'

// Members that several types share.

export const hostname = text(1, 253)

export const port = wholeNumber(1, 65_535)

export const timeoutMs = wholeNumber(policy.timeoutMs.min, policy.timeoutMs.max).default(
  policy.timeoutMs.default,
)

/** Keeps a stored secret: the placeholder from a reply may be sent back. */
export const kept = z.strictObject({ set: z.literal(true, { error: 'must be true' }) })

/** For types without any. */
export const noSecrets = z.strictObject({})
