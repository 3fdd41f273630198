import type { Endpoint } from '@gatehouse/kernel/endpoint'
import type { Role } from '@gatehouse/kernel/principal'

/** An endpoint for keys or for holders of a link, whose handler accepts a member as well. */
type FirstDoor = Endpoint & { readonly access: { readonly kind: 'key' | 'link' } }

export type DoorRule = { readonly role: Role; readonly sudo?: true }

type MemberDoor<E extends FirstDoor> = Omit<E, 'path' | 'id' | 'access'> & {
  readonly path: string
  readonly id: string
  readonly access: { readonly kind: 'session' } & DoorRule
  readonly handledBy: E['id']
}

/** The same operations for logged-in people, below `/dashboard/{service}`: one definition, one handler. */
export function memberDoors<const Endpoints extends readonly FirstDoor[]>(
  service: string,
  rule: DoorRule,
  ...endpoints: Endpoints
): readonly MemberDoor<Endpoints[number]>[] {
  return endpoints.map((endpoint: Endpoints[number]) => ({
    ...endpoint,
    path: endpoint.path.replace('/v1/', `/dashboard/${service}/`),
    id: `dashboard${endpoint.id.charAt(0).toUpperCase()}${endpoint.id.slice(1)}`,
    access: { kind: 'session', ...rule },
    handledBy: endpoint.id,
  }))
}
