import {
  bind,
  type BoundEndpoint,
  type Endpoint,
  type Handler,
  type InputOf,
  type ReplyOf,
  type RequestContext,
} from '@gatehouse/kernel/endpoint'
import type { KeyPrincipal, MemberPrincipal, Role } from '@gatehouse/kernel/principal'

/** An endpoint under `/api/v1`, for keys. */
type KeyEndpoint = Endpoint & { readonly access: { readonly kind: 'key' } }

type TwoDoorsHandler<E extends KeyEndpoint> = (
  caller: KeyPrincipal | MemberPrincipal,
  input: InputOf<E>,
  context: RequestContext,
) => Promise<ReplyOf<E>> | ReplyOf<E>

/** Opens an endpoint to keys under `/api/v1` and to people under `/dashboard`: one definition, two bindings. */
export function twoDoors<E extends KeyEndpoint>(
  endpoint: E,
  handle: TwoDoorsHandler<E>,
): readonly BoundEndpoint[] {
  // Safe: an endpoint with key access is called by keys and members only, which is what this handler takes.
  const bound = bind(endpoint, handle as Handler<E>)
  return [bound, { endpoint: toDashboard(endpoint), handle: bound.handle }]
}

/** The twin for people: reading takes a viewer, writing a member. */
function toDashboard(endpoint: KeyEndpoint): Endpoint {
  const role: Role = endpoint.access.scope.endsWith(':read') ? 'viewer' : 'member'
  return {
    ...endpoint,
    path: endpoint.path.replace('/api/v1/', '/dashboard/'),
    id: `dashboard${endpoint.id.charAt(0).toUpperCase()}${endpoint.id.slice(1)}`,
    access: { kind: 'session', role },
  }
}
