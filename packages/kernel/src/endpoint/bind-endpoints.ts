import type { BoundEndpoint, Endpoint, Handler } from './endpoint.ts'

/** One handler for each endpoint by its id, but for those that name another's handler as theirs. */
export type HandlersOf<Endpoints extends readonly Endpoint[]> = {
  readonly [E in Endpoints[number] as E extends { readonly handledBy: string } ? never : E['id']]: Handler<E>
}

/** Joins each endpoint to its handler. A handler that is missing, or belongs to no endpoint, is a fault of ours. */
export function bindEndpoints<Endpoints extends readonly Endpoint[]>(
  endpoints: Endpoints,
  handlers: HandlersOf<Endpoints>,
): readonly BoundEndpoint[] {
  // Safe: the pipeline parses input with the endpoint's schemas and proves the caller by its access rule before it calls.
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
