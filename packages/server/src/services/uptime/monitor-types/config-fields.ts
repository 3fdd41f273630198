import { text, wholeNumber } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { uptimePolicy as policy } from '../policy.ts'

// Members that several types share.

export const hostname = text(1, 253)

export const port = wholeNumber(1, 65_535)

export const timeoutMs = wholeNumber(policy.timeoutMs.min, policy.timeoutMs.max).default(
  policy.timeoutMs.default,
)

/** A secret that stays as it is: what a reply shows in its place may be sent back. */
export const kept = z.strictObject({ set: z.literal(true, { error: 'must be true' }) })

/** For types without any. */
export const noSecrets = z.strictObject({})
