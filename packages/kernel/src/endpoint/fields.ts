import { z } from 'zod'
import { ulidPattern } from '../ids/index.ts'

/** A whole number whose refusal names both bounds. */
export function wholeNumber(min: number, max: number): z.ZodInt {
  const kind = ({ input }: { readonly input?: unknown }): string =>
    input === undefined ? 'is required' : `must be a whole number between ${min} and ${max}`
  return z.int({ error: kind }).min(min, between(min, max)).max(max, between(min, max))
}

/** Text of `min` to `max` characters that a database can hold; a refusal names both bounds. */
export function text(min: number, max: number): z.ZodString {
  const message = `must be ${min} to ${max} characters long`
  return z
    .string()
    .min(min, message)
    .max(max, message)
    .refine(
      (value) => value.isWellFormed() && !value.includes('\0'),
      'must not contain U+0000 or half a character',
    )
}

/** A name for people: trimmed, never empty, without control characters. */
export function displayName(max: number): z.ZodString {
  return text(1, max)
    .trim()
    .min(1, `must be 1 to ${max} characters long`)
    .regex(/^[^\p{Cc}]*$/u, 'must not contain control characters')
}

export const ulid = z.string().regex(ulidPattern, 'must be an id of 26 characters')

/** An instant on the wire: ISO 8601 with a zone; milliseconds since the epoch inside. */
export const instant = z
  .string()
  .refine(
    (value) => isInstant(value),
    'must be an ISO 8601 time with a zone, such as 2026-01-31T12:00:00.000Z',
  )
  .transform((value) => Date.parse(value))

function isInstant(value: string): boolean {
  return (
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  )
}

function between(min: number, max: number): string {
  return `must be between ${min} and ${max}`
}
