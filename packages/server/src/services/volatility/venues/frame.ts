import { z } from 'zod'

/** What one message of a venue says, in our words. */
export type Frame =
  | ({ readonly kind: 'bar'; readonly code: string; readonly isClosed: boolean } & VenueBar & {
        readonly venueMs: number
      })
  | ({ readonly kind: 'trade'; readonly code: string; readonly isFirst: boolean } & VenueTrade)
  | {
      readonly kind: 'pulse'
      readonly code: string | undefined
      readonly venueMs: number | undefined
      /** Undefined where the venue does not give it. */
      readonly lastTradeId: number | undefined
    }
  /** The link is about to be ended by the venue. */
  | { readonly kind: 'ending' }
  | { readonly kind: 'answer' }
  | { readonly kind: 'failure'; readonly reason: string }
  /** Of a type that says nothing to us. */
  | { readonly kind: 'ignored' }
  /** Not what the venue's protocol says; nothing of it is used. */
  | { readonly kind: 'refused'; readonly reason: string }

export type VenueBar = {
  readonly openMs: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly quoteVolume: number | null
  readonly trades: number | null
}

export type VenueTrade = {
  readonly tradeId: number
  readonly price: number
  readonly size: number
  readonly timeMs: number
}

/** A plain decimal, as text: no exponent, no sign, no blanks. Parsed once, here. */
export const decimal = z
  .string()
  .regex(/^\d{1,30}(?:\.\d{1,30})?$/, 'a plain decimal')
  .transform(Number)

/** Milliseconds since the epoch: thirteen digits. Seconds and microseconds are a mistake somewhere, and are not converted. */
export const milliseconds = z.int().min(1e12).max(9_999_999_999_999)

/** The same as text. */
export const millisecondsText = z
  .string()
  .regex(/^\d{13}$/, 'milliseconds since the epoch')
  .transform(Number)

export const count = z.int().min(0)

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A frame of what a schema makes of a message, refused with the path of what is wrong where it makes nothing of it. */
export function readWith<T>(
  schema: z.ZodType<T>,
  value: unknown,
  toFrames: (parsed: T) => readonly Frame[],
): readonly Frame[] {
  const parsed = schema.safeParse(value)
  if (parsed.success) return toFrames(parsed.data)
  return [{ kind: 'refused', reason: parsed.error.issues[0]?.path.join('.') ?? '' }]
}

export const notJson: readonly Frame[] = [{ kind: 'refused', reason: 'not JSON' }]
export const ignored: readonly Frame[] = [{ kind: 'ignored' }]
