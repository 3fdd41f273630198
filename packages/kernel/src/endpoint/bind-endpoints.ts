import type { BoundEndpoint, Endpoint, Handler } from './endpoint.ts'

/** One handler per endpoint id, except for endpoints that use another one's handler (`handledBy`). */
export type HandlersOf<Endpoints extends readonly Endpoint[]> = {
  readonly [E in Endpoints[number] as E extends { readonly handledBy: string } ? never : E['id']]: Handler<E>
}

/** Joins each endpoint to its handler. Throws when a handler is missing or belongs to no endpoint. */
export function bindEndpoints<Endpoints extends readonly Endpoint[]>(
  endpoints: Endpoints,
  handlers: HandlersOf<Endpoints>,
): readonly BoundEndpoint[] {
  // Safe: before the call, the pipeline parses the input with the endpoint's schemas and authenticates the caller by
  // its access rule.
  const byName = new Map(Object.entries(handlers as unknown as Record<string, BoundEndpoint['handle']>))
  const used = new Set<string>()
  const bound = endpoints.map((endpoint) => {
    const name = endpoint.handledBy ?? endpoint.id
    const handle = byName.get(name)
    if (handle === undefined) throw new Error(`Nothing handles the endpoint ${endpoint.id}`)
    used.add(name)
    return { endpoint, handle }
  })
  const left = [...byName.keys()].filter((name) => !used.has(name))
  if (left.length > 0) throw new Error(`These handlers belong to no endpoint: ${left.join(', ')}`)
  return bound
}
