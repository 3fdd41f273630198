import { text, wholeNumber } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'

/** A time in a reply: ISO 8601, UTC, milliseconds. */
export const time = z.iso.datetime({ precision: 3 })

export function toTime(ms: number): string {
  return new Date(ms).toISOString()
}

export function toTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : toTime(ms)
}

export const done = z.strictObject({ ok: z.literal(true) }).meta({ id: 'Done' })

// An id in an impossible format is answered like an unknown one: with 404, without an explanation of the format.
export const byId = z.strictObject({ id: text(1, 64) })

/** The body of calls without arguments: clients send none, or an empty object. */
export const nothing = z.strictObject({})

/** A whole number within the bounds of the policy. */
export function bounded({ min, max }: { readonly min: number; readonly max: number }): z.ZodInt {
  return wholeNumber(min, max)
}

/** `?limit=` and `?cursor=` of a list that is not paged unless a limit is given. */
export const page = {
  limit: z.coerce
    .number()
    .meta({ type: 'integer', minimum: 1, maximum: 200 })
    .pipe(wholeNumber(1, 200))
    .optional(),
  cursor: text(1, 500).optional(),
}

export const nextCursor = z.string().nullable()

/** An origin of web pages, in the form that browsers send. */
export const origin = text(1, 300).refine(
  isOrigin,
  'must be an origin such as https://app.example.com, without a path',
)

function isOrigin(value: string): boolean {
  const url = URL.parse(value)
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.origin === value
}

export const timeZone = text(1, 100)
  .refine(isTimeZone, 'must be an IANA time zone such as Asia/Tokyo')
  .meta({ examples: ['Asia/Tokyo'] })

function isTimeZone(value: string): boolean {
  try {
    const { timeZone: zone } = new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions()
    // The formatter accepts offsets such as +09:00 as zones, but they have no rules for daylight saving time.
    return /^[A-Za-z]/.test(zone)
  } catch {
    return false
  }
}

/**
 * The number of entries per page of a list. Query parameters are text; the bounds are checked as for any whole number.
 */
export function pageLimit(max: number, unset: number) {
  const message = `must be a whole number between 1 and ${max}`
  return z
    .string()
    .regex(/^\d{1,6}$/, message)
    .meta({ type: 'integer', minimum: 1, maximum: max })
    .transform(Number)
    .refine((value) => value >= 1 && value <= max, message)
    .default(unset)
}
