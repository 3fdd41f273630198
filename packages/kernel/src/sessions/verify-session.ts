import type { Clock } from '../clock/index.ts'
import { asGate, type Database, type GateTx, type Invalidations } from '../db/index.ts'
import type { Role } from '../principal/index.ts'
import type { AccessTokens } from './access-token.ts'
import { findLive, type LiveSession } from './store/session-store.ts'

export type Membership = {
  readonly role: Role
  readonly isOrgSuspended: boolean
  /** True when the org lets this person in only through its issuer. */
  readonly needsIssuer: boolean
}

export type SessionVerdict =
  | {
      readonly accepted: true
      readonly userId: string
      readonly orgId: string
      readonly sessionId: string
      readonly role: Role
      /** True when the org's own issuer vouched for the session, which is valid nowhere else. */
      readonly isConfined: boolean
    }
  | {
      readonly accepted: false
      /** Only for the audit log. */
      readonly reason:
        | 'token_invalid'
        | 'session_ended'
        | 'token_outdated'
        | 'not_a_member'
        | 'org_suspended'
        | 'confined_elsewhere'
        | 'issuer_needed'
      readonly orgId?: string
    }

export type SessionVerifier = {
  readonly verify: (text: string) => Promise<SessionVerdict>
  readonly stop: () => void
}

export type SessionVerifierOptions = {
  readonly db: Database
  readonly tokens: AccessTokens
  readonly invalidations: Invalidations
  readonly clock: Clock
  /** Supplied by the platform, which stores memberships. */
  readonly findMembership: (tx: GateTx, userId: string, orgId: string) => Promise<Membership | undefined>
  readonly rememberedMax?: number
}

type Standing = (LiveSession & { readonly membership: Membership | undefined }) | 'ended'
type Remembered = {
  readonly userId: string
  readonly orgId: string
  readonly sessionId: string
  readonly standing: Standing
}

/**
 * Creates the verifier of access tokens. The state of the session behind a token is cached until something about it
 * changes.
 */
export function createSessionVerifier(options: SessionVerifierOptions): SessionVerifier {
  const { db, tokens, invalidations, clock, findMembership, rememberedMax = 50_000 } = options
  const remembered = new Map<string, Remembered>()
  let generation = 0

  const unsubscribe = invalidations.subscribe((subject) => {
    const [kind, id = ''] = subject.split(':', 2)
    // Most notifications concern other things, and come every second.
    if (subject !== '*' && kind !== 'user' && kind !== 'org' && kind !== 'session') return
    generation += 1
    if (subject === '*') return remembered.clear()
    for (const [key, { userId, orgId, sessionId }] of remembered)
      if (userId === id || orgId === id || sessionId === id) remembered.delete(key)
  })

  const find = async (sessionId: string, userId: string, orgId: string): Promise<Standing> => {
    const key = `${sessionId} ${orgId}`
    const known = invalidations.isConnected() ? remembered.get(key) : undefined
    if (known !== undefined) return known.standing
    const asked = generation
    const standing = await asGate({ db }, async (tx): Promise<Standing> => {
      const live = await findLive(tx, sessionId, userId, orgId)
      if (live === undefined) return 'ended'
      return { ...live, membership: await findMembership(tx, userId, orgId) }
    })
    if (asked === generation && invalidations.isConnected()) {
      if (remembered.size >= rememberedMax) remembered.delete(remembered.keys().next().value ?? '')
      remembered.set(key, { userId, orgId, sessionId, standing })
    }
    return standing
  }

  return {
    verify: async (text) => {
      const claims = await tokens.verify(text, clock.now())
      if (claims === undefined) return { accepted: false, reason: 'token_invalid' }
      const { userId, orgId, sessionId, issuedAtMs } = claims
      const standing = await find(sessionId, userId, orgId)
      if (standing === 'ended') return { accepted: false, reason: 'session_ended', orgId }
      // A token issued at the very moment of a change still reflects the state before it.
      if (issuedAtMs <= standing.notBeforeMs) return { accepted: false, reason: 'token_outdated', orgId }
      if (standing.membership === undefined) return { accepted: false, reason: 'not_a_member', orgId }
      if (standing.membership.isOrgSuspended) return { accepted: false, reason: 'org_suspended', orgId }
      const isConfined = standing.confinedTo !== null
      if (isConfined && standing.confinedTo !== orgId)
        return { accepted: false, reason: 'confined_elsewhere', orgId }
      if (!isConfined && standing.membership.needsIssuer)
        return { accepted: false, reason: 'issuer_needed', orgId }
      return { accepted: true, userId, orgId, sessionId, role: standing.membership.role, isConfined }
    },
    stop: unsubscribe,
  }
}
