import { text, wholeNumber } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { uptimePolicy as policy } from '../policy.ts'
import { bounded } from './shapes.ts'

const timeoutMs = bounded(policy.timeoutMs).optional()

/** A secret that stays as it is: what a reply shows in its place may be sent back. */
export const kept = z.strictObject({ set: z.literal(true, { error: 'must be true' }) })

const headers = z
  .record(
    z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'must be named with 1 to 64 letters, digits and hyphens'),
    z
      .string()
      .max(1_024, 'must be at most 1024 characters long')
      .regex(/^[^\r\n\0]*$/, 'must not contain CR, LF or NUL'),
  )
  .refine((given) => Object.keys(given).length <= 20, 'must be at most 20 headers')

const credential = text(1, 4_096)

/** Sent to us in clear, stored sealed, never shown again. */
export const httpAuth = z.union([
  z.strictObject({ basic: z.strictObject({ user: text(1, 256), password: z.string().max(4_096) }) }),
  z.strictObject({ bearer: credential }),
  z.strictObject({
    header: z.strictObject({
      name: z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'must be 1 to 64 letters, digits and hyphens'),
      value: credential.regex(/^[^\r\n\0]*$/, 'must not contain CR, LF or NUL'),
    }),
  }),
])

const jsonCheck = z.strictObject({
  path: text(1, 200),
  op: z.enum(['eq', 'ne', 'lt', 'gt', 'exists']),
  value: z.union([z.string().max(500), z.number(), z.boolean(), z.null()]).optional(),
})

const statusRange = z
  .string()
  .regex(/^[1-5]\d\d(-[1-5]\d\d)?$/, 'must be a status such as "200", or a range such as "200-299"')
  .refine((given) => isRising(given), 'must name the lower status first')

export const httpConfig = z
  .strictObject({
    url: text(1, 2_048),
    method: z.enum(['GET', 'HEAD', 'POST']).optional(),
    expectedStatus: wholeNumber(100, 599).optional(),
    expectedStatuses: z.array(statusRange).min(1).max(10).optional(),
    timeoutMs,
    headers: headers.optional(),
    keyword: text(1, 500).optional(),
    keywordMustExist: z.boolean().optional(),
    body: z.string().max(65_536, 'must be at most 65536 characters long').optional(),
    contentType: text(1, 100)
      .regex(/^[\x20-\x7e]+$/, 'must be a media type')
      .optional(),
    auth: z.union([kept, httpAuth]).optional(),
    jsonChecks: z.array(jsonCheck).max(5).optional(),
    tlsVerify: z.boolean().optional(),
  })
  .check(({ value, issues }) => {
    const refuse = (field: keyof typeof value, message: string): void => {
      issues.push({ code: 'custom', message, path: [field], input: value[field] })
    }
    if (value.expectedStatus !== undefined && value.expectedStatuses !== undefined)
      refuse('expectedStatuses', 'must not be given beside expectedStatus')
    if (value.body !== undefined && value.method !== 'POST')
      refuse('body', 'must not be given unless method is POST')
    if (value.contentType !== undefined && value.body === undefined)
      refuse('contentType', 'must not be given without body')
    if (value.method === 'HEAD' && value.keyword !== undefined)
      refuse('keyword', 'must not be given when method is HEAD')
    if (value.method === 'HEAD' && value.jsonChecks?.length)
      refuse('jsonChecks', 'must not be given when method is HEAD')
  })

export const tcpConfig = z.strictObject({ hostname: text(1, 253), port: wholeNumber(1, 65_535), timeoutMs })

export const heartbeatConfig = z.strictObject({
  graceSeconds: bounded(policy.heartbeatGraceSeconds).optional(),
  /** How often the job runs; absent, only the grace counts from ping to ping. */
  periodSeconds: bounded(policy.heartbeatPeriodSeconds).optional(),
  /** A run that was started and takes longer is late. */
  maxRunSeconds: wholeNumber(1, policy.heartbeatPeriodSeconds.max).optional(),
})

export type HttpAuth = z.output<typeof httpAuth>

function isRising(range: string): boolean {
  const [low = '', high = low] = range.split('-')
  return low <= high
}
