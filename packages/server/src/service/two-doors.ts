import type { Endpoint } from '@gatehouse/kernel/endpoint'
import { isRoleAtLeast, leastRoleOf, type Role } from '@gatehouse/kernel/principal'

/** An endpoint for keys. */
type KeyEndpoint = Endpoint & { readonly access: { readonly kind: 'key' } }

/** The same operation for people: `handledBy` gives it the handler of the first door. */
type Twin<E extends KeyEndpoint> = Omit<E, 'path' | 'id' | 'access'> & {
  readonly path: string
  readonly id: string
  readonly access: { readonly kind: 'session'; readonly role: Role }
  readonly handledBy: E['id']
}

/** Opens each endpoint to keys below one path and to people below another: one definition, one handler. */
type OpenDoors = <const Endpoints extends readonly KeyEndpoint[]>(
  ...endpoints: Endpoints
) => readonly (Endpoints[number] | Twin<Endpoints[number]>)[]

/** Keys under `/api/v1`, people under `/dashboard`: reading takes a viewer, writing a member. */
export const twoDoors: OpenDoors = doorsUnder('/api/v1/', '/dashboard/')

/** The same for other paths, and for people of at least a role. */
export function doorsUnder(keys: string, people: string, least: Role = 'viewer'): OpenDoors {
  return <const Endpoints extends readonly KeyEndpoint[]>(...endpoints: Endpoints) =>
    endpoints.flatMap((endpoint: Endpoints[number]) => [endpoint, toTwin(endpoint, keys, people, least)])
}

function toTwin<E extends KeyEndpoint>(endpoint: E, keys: string, people: string, least: Role): Twin<E> {
  const role = leastRoleOf(endpoint.access.scope)
  return {
    ...endpoint,
    path: endpoint.path.replace(keys, people),
    id: `dashboard${endpoint.id.charAt(0).toUpperCase()}${endpoint.id.slice(1)}`,
    access: { kind: 'session', role: isRoleAtLeast(role, least) ? role : least },
    handledBy: endpoint.id,
  }
}
