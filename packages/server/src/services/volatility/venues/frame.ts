import { z } from 'zod'

/** A venue's message in our terms. */
export type Frame =
  | ({ readonly kind: 'bar'; readonly code: string; readonly isClosed: boolean } & VenueBar & {
        readonly venueMs: number
      })
  | ({ readonly kind: 'trade'; readonly code: string; readonly isFirst: boolean } & VenueTrade)
  | {
      readonly kind: 'pulse'
      readonly code: string | undefined
      readonly venueMs: number | undefined
      /** Undefined if the venue does not send it. */
      readonly lastTradeId: number | undefined
    }
  /** The venue is about to end the connection. */
  | { readonly kind: 'ending' }
  | { readonly kind: 'answer' }
  | { readonly kind: 'failure'; readonly reason: string }
  /** A message type that is not used. */
  | { readonly kind: 'ignored' }
  /** Violates the venue's protocol; nothing in it is used. */
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

/** A plain decimal as text: no exponent, sign or blanks. It is parsed only here. */
export const decimal = z
  .string()
  .regex(/^\d{1,30}(?:\.\d{1,30})?$/, 'a plain decimal')
  .transform(Number)

/** Unix milliseconds: thirteen digits. Seconds and microseconds indicate an error, and are not converted. */
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

/** Parses a message with a schema into a frame; on failure, the frame is a refusal with the path of the fault. */
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
