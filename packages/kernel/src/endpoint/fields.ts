import { z } from 'zod'
import { ulidPattern } from '../ids/index.ts'
import { judgeSigningSecret } from '../secrets/index.ts'
import { parseDay, parseInstant } from './parse-instant.ts'

/** The schema of a whole number; its error names both bounds. */
export function wholeNumber(min: number, max: number): z.ZodInt {
  const kind = ({ input }: { readonly input?: unknown }): string =>
    input === undefined ? 'is required' : `must be a whole number between ${min} and ${max}`
  return z.int({ error: kind }).min(min, between(min, max)).max(max, between(min, max))
}

/** The schema of text with `min` to `max` characters that a database can hold; its error names the bounds. */
export function text(min: number, max: number): z.ZodString {
  const message = `must be ${min === 0 ? 'at most' : `${min} to`} ${max} characters long`
  return z
    .string()
    .min(min, message)
    .max(max, message)
    .refine(
      (value) => value.isWellFormed() && !value.includes('\0'),
      'must not contain U+0000 or half a character',
    )
}

export const ulid = z.string().regex(ulidPattern, 'must be an id of 26 characters')

/** The schema of a signing secret that a user supplies for their messages (W2). */
export const signingSecret = z.string().superRefine((value, context) => {
  const message = judgeSigningSecret(value)
  if (message !== undefined) context.addIssue({ code: 'custom', message })
})

/** The schema of a moment: ISO 8601 with a zone on the wire, milliseconds since the epoch inside. */
export const instant = z
  .string()
  .meta({ format: 'date-time' })
  .transform((value, context) => {
    const atMs = parseInstant(value)
    if (atMs !== undefined) return atMs
    context.addIssue('must be an ISO 8601 time with a zone, such as 2026-01-31T12:00:00.000Z')
    return z.NEVER
  })

/** The schema of a calendar day. */
export const day = z
  .string()
  .refine((value) => parseDay(value) !== undefined, 'must be a day such as 2026-01-31')
  .meta({ format: 'date' })

type JsonValue = z.core.util.JSONType

/** Any JSON value, for members whose content is defined by somebody else. */
export const jsonValue: z.ZodType<JsonValue, JsonValue> = z
  .lazy(() =>
    z.union([
      z.string(),
      z.number(),
      z.boolean(),
      z.null(),
      z.array(jsonValue),
      z.record(z.string(), jsonValue),
    ]),
  )
  .meta({ id: 'JsonValue' })

function between(min: number, max: number): string {
  return `must be between ${min} and ${max}`
}
