import type { Caller } from './authenticate.ts'

export type CorsDeps = {
  /** Origins that any organisation of this instance may allow: a preflight carries no key that would say whose it is. */
  readonly preflightOrigins: readonly string[]
  readonly isOriginAllowed: (orgId: string, origin: string) => Promise<boolean>
}

const exposed =
  'RateLimit, RateLimit-Policy, Retry-After, X-Request-Id, ETag, Idempotency-Replayed, X-COHESION-Export-Signature, X-Gatehouse-Key-Id'

/** What a browser may be told about a request from another site's page: never `*`, never with cookies (H2). */
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

/** Undefined when the instance answers no page of this origin. */
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
