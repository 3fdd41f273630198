import type { Endpoint } from '@gatehouse/kernel/endpoint'
import { isRoleAtLeast, leastRoleOf, type Role } from '@gatehouse/kernel/principal'

/** An endpoint for keys. */
type KeyEndpoint = Endpoint & { readonly access: { readonly kind: 'key' } }

/** The same operation for people; `handledBy` makes it use the first endpoint's handler. */
type Twin<E extends KeyEndpoint> = Omit<E, 'path' | 'id' | 'access'> & {
  readonly path: string
  readonly id: string
  readonly access: { readonly kind: 'session'; readonly role: Role }
  readonly handledBy: E['id']
}

/** Makes each endpoint available to keys below one path and to people below another: one definition, one handler. */
type OpenDoors = <const Endpoints extends readonly KeyEndpoint[]>(
  ...endpoints: Endpoints
) => readonly (Endpoints[number] | Twin<Endpoints[number]>)[]

/** Keys call below `/api/v1`, people below `/dashboard`: reading requires a viewer, writing a member. */
export const twoDoors: OpenDoors = doorsUnder('/api/v1/', '/dashboard/')

/** Like `twoDoors`, for other paths, and for people with at least the role `least`. */
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
