import type { Caller } from './authenticate.ts'

export type CorsDeps = {
  /** The origins that any org of this instance allows: a preflight carries no key that would identify the org. */
  readonly preflightOrigins: readonly string[]
  readonly isOriginAllowed: (orgId: string, origin: string) => Promise<boolean>
}

const exposed =
  'RateLimit, RateLimit-Policy, Retry-After, X-Request-Id, ETag, Idempotency-Replayed, X-COHESION-Export-Signature, X-Gatehouse-Key-Id'

/** The CORS headers for a request from another site's page: never `*`, never with cookies (H2). */
export async function corsHeaders(
  deps: CorsDeps,
  caller: Caller,
  origin: string,
): Promise<Readonly<Record<string, string>>> {
  const isAllowed = caller.kind === 'key' && (await deps.isOriginAllowed(caller.orgId, origin))
  if (!isAllowed) return { vary: 'Origin' }
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': exposed,
    'cross-origin-resource-policy': 'cross-origin',
  }
}

/** The headers of a preflight answer; undefined when no org allows this origin. */
export function preflightHeaders(
  { preflightOrigins }: Pick<CorsDeps, 'preflightOrigins'>,
  origin: string,
): Readonly<Record<string, string>> | undefined {
  if (!preflightOrigins.includes(origin)) return undefined
  return {
    vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
    'access-control-allow-headers':
      'Authorization, X-API-Key, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-Request-ID, Mcp-Protocol-Version',
    'access-control-max-age': '600',
  }
}
