import { text, wholeNumber } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'

/** An instant in a reply: ISO 8601, UTC, milliseconds. */
export const time = z.iso.datetime({ precision: 3 })

export function toTime(ms: number): string {
  return new Date(ms).toISOString()
}

export function toTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : toTime(ms)
}

export const done = z.strictObject({ ok: z.literal(true) }).meta({ id: 'Done' })

// An id that cannot exist is answered like one that does not: 404, never a lesson on its form.
export const byId = z.strictObject({ id: text(1, 64) })

/** For calls without arguments: clients send no body, or an empty object. */
export const nothing = z.strictObject({})

/** A whole number within the bounds that the policy gives. */
export function bounded({ min, max }: { readonly min: number; readonly max: number }): z.ZodInt {
  return wholeNumber(min, max)
}

/** `?limit=` and `?cursor=` of a list that is whole unless a limit is asked for. */
export const page = {
  limit: z.coerce
    .number()
    .meta({ type: 'integer', minimum: 1, maximum: 200 })
    .pipe(wholeNumber(1, 200))
    .optional(),
  cursor: text(1, 500).optional(),
}

export const nextCursor = z.string().nullable()

/** An origin of web pages, as browsers send it. */
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
    // Offsets such as +09:00 are zones to the formatter, but carry no rules of their own.
    return /^[A-Za-z]/.test(zone)
  } catch {
    return false
  }
}

/** How many entries of a list one page holds. Query strings are text; the bounds are those of any other whole number. */
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
