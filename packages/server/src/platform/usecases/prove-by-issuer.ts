import { within } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import type { Language } from '../domain/language.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { findSsoSession } from '../store/sso-arrival-store.ts'
import { beginFlow, type BegunFlow } from './begin-flow.ts'
import { toConnection } from './find-connection.ts'
import { IssuerError } from './reach-issuer.ts'
import { mintToken } from './single-use-token.ts'

export type BegunProof = BegunFlow & { readonly ticket: string; readonly expiresAtMs: number }

const route = 'POST /dashboard/sudo/issuer'

/**
 * Sends a person to the issuer that opened this session, to authenticate there again. The ticket, which is bound to
 * this session, can be exchanged for a proof once they have returned.
 */
export async function proveByIssuer(
  deps: PlatformDeps,
  member: MemberPrincipal,
  language: Language,
): Promise<BegunProof> {
  const { orgId, userId, sessionId, ip } = member
  const session = await within(deps, member, (tx) => findSsoSession(tx, sessionId))
  const connection = session && (await toConnection(deps, orgId, session.issuer))
  if (connection === undefined)
    throw problems.PROOF_REFUSED({ detail: 'This session did not come through a sign-in server' })
  const { token: ticket, digest: ticketDigest } = mintToken()
  try {
    const begun = await beginFlow(deps, connection, { language, proves: { sessionId, userId, ticketDigest } })
    return { ...begun, ticket, expiresAtMs: deps.clock.now() + policy.sso.flowMinutes * 60_000 }
  } catch (error) {
    if (!(error instanceof IssuerError)) throw error
    deps.refusals.note({ orgId, ip, route, reason: error.message, atMs: deps.clock.now() })
    throw problems.ISSUER_UNAVAILABLE({
      detail: 'Your sign-in server did not answer as it should; try again later',
    })
  }
}
