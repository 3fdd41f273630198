import { within } from '@gatehouse/kernel/db'
import type { ReplyOf } from '@gatehouse/kernel/endpoint'
import { listKeys } from '@gatehouse/kernel/keys'
import type { KeyPrincipal, Principal } from '@gatehouse/kernel/principal'
import { Problem } from '@gatehouse/kernel/problem'
import type { getOwnAccount, rotateVolatilityKey } from '../contract/account.ts'
import type { VolatilityDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { findOrg } from '../store/org-store.ts'
import { countCalls } from '../store/usage-store.ts'
import { ownRoutes } from './own-routes.ts'
import { planOfOrg } from './plan-of-org.ts'
import { toWireLimits } from './wire-limits.ts'

const hourMs = 3_600_000

type Deps = Pick<VolatilityDeps, 'billing' | 'clock' | 'db' | 'ownKeys'>

/** The key's organisation, and its plan's limits. */
export async function readMe(deps: Deps, principal: Principal): Promise<ReplyOf<typeof getOwnAccount>> {
  const { keyId } = assertKey(principal)
  const nowMs = deps.clock.now()
  const keys = await listKeys(deps, principal)
  const own = keys.find(({ id }) => id === keyId)
  // The key was revoked during the request.
  if (own === undefined) throw problems.UNAUTHORIZED()
  const { org, plan, calls } = await within(deps, principal, async (tx) => ({
    org: await findOrg(tx),
    plan: await planOfOrg(deps, tx),
    calls: await countCalls(tx, ownRoutes, nowMs - hourMs, nowMs),
  }))
  return {
    org: { id: principal.orgId, name: org.name },
    plan: plan.name,
    plan_source: plan.source,
    key: {
      prefix: own.prefix,
      name: own.name,
      scopes: [...own.scopes],
      created_at_ms: own.createdAtMs,
      last_used_ms: own.lastUsedAtMs,
    },
    limits: toWireLimits(plan.limits),
    usage_now: {
      keys: keys.filter(({ service }) => service === own.service).length,
      calls_last_hour: calls,
    },
  }
}

/**
 * Rotates the calling key, and returns its successor once. Of two concurrent calls, the second is refused like any
 * revoked key.
 */
export async function rotateOwnKey(
  deps: Deps,
  principal: Principal,
): Promise<ReplyOf<typeof rotateVolatilityKey>> {
  const key = assertKey(principal)
  const { secret, prefix, createdAtMs } = await deps.ownKeys.rotate(key).catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'NOT_FOUND') throw problems.UNAUTHORIZED()
    throw error
  })
  return {
    api_key: secret.reveal(),
    key_prefix: prefix,
    created_at_ms: createdAtMs,
    previous_key_prefix: key.keyPrefix,
    previous_invalid_since_ms: createdAtMs,
  }
}

function assertKey(principal: Principal): KeyPrincipal {
  if (principal.kind === 'key') return principal
  throw new Error('Only keys come through this door')
}
