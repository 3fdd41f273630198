import { text, wholeNumber } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'

/** Booleans reply as integers: one public client is typed so (specification 8.1). */
export const flag = z.union([z.literal(0), z.literal(1)])

export function toFlag(value: boolean): 0 | 1 {
  return value ? 1 : 0
}

/** An instant in a reply: ISO 8601, UTC, milliseconds. */
export const time = z.iso.datetime({ precision: 3 })

export function toTime(ms: number): string {
  return new Date(ms).toISOString()
}

export function toTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : toTime(ms)
}

export const done = z.strictObject({ ok: z.literal(true) })

// An id that cannot exist is answered like one that does not: 404, never a lesson on its form.
export const byId = z.strictObject({ id: text(1, 64) })

/** For calls without arguments: clients send no body, or an empty object. */
export const nothing = z.strictObject({})

export const timeZone = text(1, 100).refine(isTimeZone, 'must be an IANA time zone such as Asia/Tokyo')

/** `?limit=` and `?cursor=` of every list. */
export const page = {
  limit: z.coerce.number().pipe(wholeNumber(1, 200)).optional(),
  cursor: text(1, 500).optional(),
}

export const nextCursor = z.string().nullable()

/** A whole number within the bounds that the policy gives. */
export function bounded({ min, max }: { readonly min: number; readonly max: number }): z.ZodInt {
  return wholeNumber(min, max)
}

/** At least one member: an update of nothing is a mistake. */
export function hasMembers(body: object): boolean {
  return Object.values(body).some((value) => value !== undefined)
}

export const atLeastOne = 'must name at least one field to change'

function isTimeZone(value: string): boolean {
  try {
    const { timeZone: zone } = new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions()
    // Offsets such as +09:00 are zones to the formatter, but carry no rules of their own.
    return /^[A-Za-z]/.test(zone)
  } catch {
    return false
  }
}
