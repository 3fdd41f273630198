import type { PlatformDeps } from '../deps.ts'
import type { Language } from '../domain/language.ts'
import type { SignOnRefusal } from '../domain/sign-on-refusal.ts'
import { policy } from '../policy.ts'
import { holdUntil } from '../../service/hold-until.ts'
import { beginFlow, type BegunFlow } from './begin-flow.ts'
import { findConnectionFor } from './find-connection.ts'
import type { Visit } from './open-member-session.ts'
import { IssuerError } from './reach-issuer.ts'

export type Started =
  | ({ readonly begun: true } & BegunFlow)
  | { readonly begun: false; readonly reason: SignOnRefusal }

const route = 'GET /auth/sso/start'

/**
 * Sends a person to the issuer of their address's domain. Every obstacle (an unknown or unproven domain, a suspended
 * org) has the same answer, no sooner than the floor. Whether the address has an account makes no difference.
 */
export async function startSingleSignOn(
  deps: PlatformDeps,
  email: string | undefined,
  visit: Visit,
  language: Language,
): Promise<Started> {
  const startedMs = deps.clock.monotonic()
  const connection = await findConnectionFor(deps, email)
  const note = (reason: string): void =>
    deps.refusals.note({ orgId: connection?.orgId, ip: visit.ip, route, reason, atMs: deps.clock.now() })
  if (connection === undefined) {
    note('unknown_domain')
    await holdUntil(deps.clock, startedMs + policy.sso.floorMs)
    return { begun: false, reason: 'unknown' }
  }
  try {
    return {
      begun: true,
      ...(await beginFlow(deps, connection, { loginHint: email, language, proves: null })),
    }
  } catch (error) {
    if (!(error instanceof IssuerError)) throw error
    note(error.message)
    return { begun: false, reason: error.fault }
  }
}
