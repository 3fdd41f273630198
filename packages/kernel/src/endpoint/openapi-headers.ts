import type { JsonSchema } from './to-json-schema.ts'

/** The schema of any text. */
export const text = { type: 'string' }

/** The headers of responses, described once and referred to by each operation. */
export const headers = {
  ETag: { description: 'The version of this response, for the header `If-None-Match`', schema: text },
  IdempotencyReplayed: {
    description: '`true` if the response is a replay of an earlier response for the same Idempotency-Key',
    schema: text,
  },
  RateLimit: {
    description: 'The remaining quota of each rate limit, and the seconds until it is fully restored',
    schema: text,
  },
  RateLimitPolicy: { description: 'The rate limits that apply to this request', schema: text },
  RequestId: { description: 'The id of this request in the server logs', schema: text },
  RetryAfter: { description: 'Seconds to wait before retrying', schema: { type: 'integer', minimum: 1 } },
  WwwAuthenticate: { description: 'The authentication scheme to use', schema: text },
}

/** The headers of requests that many operations have. */
export const parameters = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'A unique key for this request. A repeated request with the same key within 24 hours gets the first response again and is not executed again.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
    example: '5f0c2a1e-backup-of-monday',
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description: 'The ETag of a cached response; the reply is 304 if it has not changed.',
    schema: { type: 'string', pattern: '^[!-~]+$' },
    example: '"2jmj7l5rSw0yVb_vlWAYkK_YBwk"',
  },
  SudoToken: {
    name: 'X-Sudo-Token',
    in: 'header',
    required: true,
    description: 'The re-authentication token from POST /dashboard/sudo/verify; it is valid for 15 minutes.',
    schema: { type: 'string', pattern: '^[!-~]+$' },
    example: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJtaWEifQ.c2lnbmF0dXJl',
  },
}

export const headerOf = (name: keyof typeof headers): JsonSchema => ({ $ref: `#/components/headers/${name}` })
export const parameterOf = (name: keyof typeof parameters): JsonSchema => ({
  $ref: `#/components/parameters/${name}`,
})
