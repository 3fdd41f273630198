import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { KeyPrincipal, Principal } from '@gatehouse/kernel/principal'
import type { OversightDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { replyStart } from './reply-start.ts'

type Deps = Pick<OversightDeps, 'clock' | 'ownKeys'>

export async function rotateOwnKey(deps: Deps, principal: Principal, context: RequestContext) {
  const { secret, prefix } = await deps.ownKeys.rotate(assertKey(principal))
  const start = replyStart(deps, context)
  return {
    ...start,
    new_api_key: secret.reveal(),
    prefix,
    rotated_at: start.timestamp,
    warning: 'This key is shown once and never again. The one before it is refused from now on.',
  }
}

export async function revokeOwnKey(deps: Deps, principal: Principal, context: RequestContext) {
  const key = assertKey(principal)
  await deps.ownKeys.revoke(key)
  const start = replyStart(deps, context)
  return { ...start, revoked: true as const, org_id: key.orgId, revoked_at: start.timestamp }
}

/** Members manage keys on the page that lists all of them; this operation is for keys only. */
function assertKey(principal: Principal): KeyPrincipal {
  if (principal.kind === 'key') return principal
  throw problems.FORBIDDEN_SCOPE({ detail: 'Only a key changes itself; people do it at /dashboard/api-keys' })
}
