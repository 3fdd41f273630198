import type { Problem } from '@gatehouse/kernel/problem'
import { z } from 'zod'

/** An error in the form that the clients of one service know. */
export type Refusal = {
  readonly code: string
  readonly status: number
  readonly problem: Problem
  readonly requestId: string
  readonly atMs: number
  /** The path of the public URL, below which the page of the problem is. */
  readonly publicPath: string
}

/** The form of errors on the wire: the one that a service's public clients know, or RFC 9457. */
export type Envelope = {
  readonly mediaType: string
  readonly schema: z.ZodType
  /** The status and code that clients know, where they differ from ours. */
  readonly known?: Readonly<Record<string, readonly [status: number, code: string]>>
  readonly toBody: (refusal: Refusal) => object
}

/** Codes that one service distinguishes and the clients of others do not know. */
const together = { INVALID_JSON: [400, 'VALIDATION_ERROR'], RATE_LIMITED_IP: [429, 'RATE_LIMITED'] } as const

/** `{"error": {"code", "message", "status"}}`, the form of the platform and the uptime service. */
export const wireEnvelope: Envelope = {
  mediaType: 'application/json',
  schema: z
    .strictObject({
      error: z.strictObject({
        code: z.string(),
        message: z.string(),
        status: z.int(),
        upgradeUrl: z.string().optional(),
      }),
    })
    .meta({ id: 'WireError' }),
  known: together,
  toBody: ({ code, status, problem: { detail, upgradeUrl } }) => ({
    error: { code, message: detail, status, ...(upgradeUrl === undefined ? {} : { upgradeUrl }) },
  }),
}

/** The form of RFC 9457. */
export const problemEnvelope: Envelope = {
  mediaType: 'application/problem+json',
  schema: z
    .strictObject({
      type: z.string(),
      title: z.string(),
      status: z.int(),
      detail: z.string(),
      code: z.string(),
      instance: z.string(),
      errors: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
    })
    .meta({ id: 'ProblemDetails' }),
  known: together,
  toBody: ({ code, status, problem: { title, detail, fields }, requestId, publicPath }) => ({
    type: `${publicPath}/docs/problems/${code}`,
    title,
    status,
    detail,
    code,
    instance: requestId,
    ...(fields.length === 0 ? {} : { errors: fields }),
  }),
}

/** The status and code of a problem in an envelope. */
export function toKnown(
  { known = {} }: Envelope,
  { code, status }: { readonly code: string; readonly status: number },
): { readonly code: string; readonly status: number } {
  const own = Object.hasOwn(known, code) ? known[code] : undefined
  return own === undefined ? { code, status } : { status: own[0], code: own[1] }
}
