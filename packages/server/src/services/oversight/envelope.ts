import { z } from 'zod'
import type { Envelope } from '../../service/envelope.ts'

const faultsMax = 20

/**
 * The error envelope `{"error": {…}}` that the service's public clients expect. All members are always present, so
 * that all 401 replies are identical (wire 1.2).
 */
export const oversightEnvelope: Envelope = {
  mediaType: 'application/json',
  schema: z
    .strictObject({
      error: z.strictObject({
        code: z.string(),
        message: z.string(),
        request_id: z.string(),
        timestamp: z.string(),
        field: z.string().nullable(),
        allowed_values: z.array(z.string()).nullable(),
        errors: z.array(z.strictObject({ path: z.string(), message: z.string() })),
      }),
    })
    .meta({ id: 'OversightError' }),
  known: {
    VALIDATION_ERROR: [422, 'VALIDATION_FAILED'],
    IDEMPOTENCY_KEY_REQUIRED: [400, 'VALIDATION_FAILED'],
    TOO_LARGE: [413, 'PAYLOAD_TOO_LARGE'],
    FORBIDDEN: [403, 'FORBIDDEN_SCOPE'],
    RATE_LIMITED: [429, 'RATE_LIMITED_KEY'],
    IDEMPOTENCY_KEY_BUSY: [409, 'IDEMPOTENCY_IN_PROGRESS'],
    UNAVAILABLE: [503, 'SERVICE_UNAVAILABLE'],
    INTERNAL: [500, 'INTERNAL_ERROR'],
  },
  toBody: ({ code, problem, requestId, atMs }) => {
    const operator = code === 'VALIDATION_FAILED' ? problem.fields.find(isOperator) : undefined
    const first = operator ?? problem.fields[0]
    return {
      error: {
        code: operator === undefined ? code : 'OPERATOR_ID_INVALID',
        message: problem.detail,
        request_id: requestId,
        timestamp: new Date(atMs).toISOString(),
        field: first?.field ?? null,
        allowed_values: first === undefined ? null : toAllowed(first.message),
        errors: problem.fields.slice(0, faultsMax).map(({ field, message }) => ({ path: field, message })),
      },
    }
  },
}

/** An invalid operator id has its own error code, which takes precedence over other faults of the body. */
function isOperator({ field }: { readonly field: string }): boolean {
  return field === 'operator_id'
}

function toAllowed(message: string): readonly string[] | null {
  const [, values] = /^must be one of (.+)$/.exec(message) ?? []
  return values?.split(', ') ?? null
}
