import { z } from 'zod'
import type { Envelope } from '../../service/envelope.ts'

const faultsMax = 20

/** This service's codes for the server's general problems. */
const known = {
  INVALID_JSON: [400, 'invalid_json'],
  VALIDATION_ERROR: [422, 'validation_failed'],
  UNAUTHORIZED: [401, 'unauthorized'],
  FORBIDDEN: [403, 'forbidden_scope'],
  NOT_FOUND: [404, 'not_found'],
  METHOD_NOT_ALLOWED: [405, 'method_not_allowed'],
  REQUEST_TIMEOUT: [408, 'request_timeout'],
  IDEMPOTENCY_KEY_BUSY: [409, 'idempotency_key_busy'],
  IDEMPOTENCY_KEY_REUSED: [422, 'idempotency_key_reused'],
  TOO_LARGE: [413, 'too_large'],
  URI_TOO_LONG: [414, 'uri_too_long'],
  UPGRADE_REQUIRED: [426, 'upgrade_required'],
  RATE_LIMITED: [429, 'rate_limited'],
  RATE_LIMITED_IP: [429, 'rate_limited'],
  HEADERS_TOO_LARGE: [431, 'headers_too_large'],
  INTERNAL: [500, 'internal'],
  UNAVAILABLE: [503, 'unavailable'],
} as const satisfies Envelope['known']

/** RFC 9457 problem details with `code`, `instance` (the request's id) and the invalid fields (specification 9). */
export const volatilityEnvelope: Envelope = {
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
    .meta({ id: 'VolatilityProblem' }),
  known,
  toBody: ({ code, status, problem, requestId, publicPath }) => ({
    // The link is to the general problem's page, even if a service uses another code for it.
    type: `${publicPath}/docs/problems/${problem.code}`,
    title: problem.title,
    status,
    detail: problem.detail,
    code,
    instance: requestId,
    ...(problem.fields.length === 0 ? {} : { errors: problem.fields.slice(0, faultsMax) }),
  }),
}
