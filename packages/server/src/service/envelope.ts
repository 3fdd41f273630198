import type { Problem } from '@gatehouse/kernel/problem'
import { z } from 'zod'

/** A refusal, as the clients of one service know it. */
export type Refusal = {
  readonly code: string
  readonly status: number
  readonly problem: Problem
  readonly requestId: string
  readonly atMs: number
  /** The path of the public URL: where the page of the problem lies. */
  readonly publicPath: string
}

/** How refusals look on the wire: the form that a service's public clients know, or RFC 9457. */
export type Envelope = {
  readonly mediaType: string
  readonly schema: z.ZodType
  /** What the clients know a code as, where that differs from ours: another status, another word. */
  readonly known?: Readonly<Record<string, readonly [status: number, code: string]>>
  readonly toBody: (refusal: Refusal) => object
}

/** Codes that one service tells apart and the clients of others do not know. */
const together = { INVALID_JSON: [400, 'VALIDATION_ERROR'], RATE_LIMITED_IP: [429, 'RATE_LIMITED'] } as const

/** `{"error": {"code", "message", "status"}}`, which the platform and the uptime service share. */
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

/** RFC 9457. */
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

/** Which status and code a problem has in an envelope. */
export function toKnown(
  { known = {} }: Envelope,
  { code, status }: { readonly code: string; readonly status: number },
): { readonly code: string; readonly status: number } {
  const own = Object.hasOwn(known, code) ? known[code] : undefined
  return own === undefined ? { code, status } : { status: own[0], code: own[1] }
}
