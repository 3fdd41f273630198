import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import { queueMail } from '../../mail/index.ts'
import { sendFactorChanged } from '../contract/jobs.ts'
import type { WireAssertion, WireRequestOptions } from '../../service/passkeys.ts'
import type { PlatformDeps } from '../deps.ts'
import type { SecondFactorMethod } from '../domain/factor.ts'
import type { Arrival } from '../domain/judge-claims.ts'
import type { Belonging } from '../domain/member.ts'
import type { Person } from '../domain/person.ts'
import { toReachable } from '../domain/to-reachable.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { digestToken, mintToken } from './single-use-token.ts'
import { countRecoveryCodes, listFactors } from '../store/factor-store.ts'
import { listBelongings } from '../store/membership-store.ts'
import {
  deleteHalfLogIn,
  findHalfLogIn,
  type HalfLogIn,
  insertHalfLogIn,
  takeTry,
} from '../store/sudo-store.ts'
import { type Account, findPerson } from '../store/user-store.ts'
import { enterByIssuer } from './enter-by-issuer.ts'
import { guardGuess } from './guard-guesses.ts'
import {
  arriving,
  openMemberSession,
  signAccessToken,
  type SignedIn,
  type Visit,
} from './open-member-session.ts'
import { proveRecoveryCode, proveTotp } from './prove-code.ts'
import { challengePasskeys, provePasskey } from './prove-passkey.ts'

export type HalfSignedIn = {
  readonly mfaRequired: true
  readonly mfaToken: string
  readonly methods: SecondFactorMethod[]
}

export type MfaProof = {
  readonly mfaToken: string
  readonly code?: string | undefined
  readonly recoveryCode?: string | undefined
  readonly passkey?: WireAssertion | undefined
}

const minuteMs = 60_000

/** Asks for a second factor, with a token that only `verifyMfa` accepts; undefined for a person who needs none. */
export async function askSecondFactor(
  deps: PlatformDeps,
  { id: userId }: Pick<Account, 'id'>,
  orgId: string,
  arrival: Arrival | null = null,
): Promise<HalfSignedIn | undefined> {
  return asGate(deps, async (tx) => {
    const factors = await listFactors(tx, userId)
    if (factors.length === 0) return undefined
    const { token, digest } = mintToken()
    const until = deps.clock.now() + policy.mfaTokenMinutes * minuteMs
    await insertHalfLogIn(tx, digest, { userId, orgId, arrival }, until)
    const methods: SecondFactorMethod[] = [...new Set(factors.map(({ kind }) => kind))]
    if ((await countRecoveryCodes(tx, userId)) > 0) methods.push('recoveryCode')
    return { mfaRequired: true, mfaToken: token, methods }
  })
}

export async function prepareMfa(
  deps: PlatformDeps,
  mfaToken: string,
  visit: Visit,
): Promise<WireRequestOptions> {
  const digest = digestToken(mfaToken)
  const half = await asGate(deps, (tx) => findHalfLogIn(tx, digest, policy.mfaTriesMax, deps.clock.now()))
  if (half === undefined) throw refuse(deps, 'POST /auth/mfa/options', undefined, 'mfa_token_over', visit)
  const options = await challengePasskeys(deps, toPlace(half, digest))
  if (options === undefined) throw problems.PASSKEYS_UNAVAILABLE({ detail: 'You have no passkey' })
  return options
}

/** Finishes a log-in with a second factor. Every refusal is the same 401; only the audit log records the reason. */
export async function verifyMfa(deps: PlatformDeps, proof: MfaProof, visit: Visit): Promise<SignedIn> {
  const digest = digestToken(proof.mfaToken)
  const now = deps.clock.now()
  const route = 'POST /auth/mfa/verify'
  const half = await asGate(deps, (tx) => takeTry(tx, digest, policy.mfaTriesMax, now))
  if (half === undefined) throw refuse(deps, route, undefined, 'mfa_token_over', visit)
  const { userId, orgId } = half
  const looked = await guardGuess(deps, { email: '', userId }, 'second_factor', visit, async () => {
    const proven = await prove(deps, half, digest, proof)
    return { ...proven, matches: proven.verdict.proven }
  })
  if (looked === undefined) throw refuse(deps, route, orgId, 'second_factor_held', visit)
  const { verdict, method } = looked
  if (!verdict.proven) throw refuse(deps, route, orgId, verdict.reason, visit)
  const { isTaken, person, belongings } = await asGate(deps, async (tx) => {
    return {
      isTaken: await deleteHalfLogIn(tx, digest),
      person: await findPerson(tx, userId),
      belongings: await listBelongings(tx, userId),
    }
  })
  if (!isTaken) throw refuse(deps, route, orgId, 'mfa_token_over', visit)
  if (half.arrival !== null && person !== undefined) {
    const entered = await enterByIssuer(deps, half.arrival, person, visit, { secondFactor: method })
    if (typeof entered === 'string') throw refuse(deps, route, orgId, `connection_${entered}`, visit)
    return entered
  }
  const open = toReachable(belongings, null)
  const active = open.find((belonging) => belonging.orgId === orgId) ?? open[0]
  if (person === undefined || active === undefined) throw refuse(deps, route, orgId, 'no_org', visit)
  return enter(deps, person, active, visit, method)
}

/** Opens a session for a person who has passed all factors. */
export async function enter(
  deps: PlatformDeps,
  { id, email, name, preferences }: Pick<Person, 'id' | 'email' | 'name' | 'preferences'>,
  { orgId, role }: Pick<Belonging, 'orgId' | 'role'>,
  visit: Visit,
  secondFactor?: SecondFactorMethod,
): Promise<SignedIn> {
  const { session, refreshToken } = await mutate(deps, arriving(id, orgId, role, visit), async (tx) => {
    const now = deps.clock.now()
    const opened = await openMemberSession(deps, tx, id, visit, now)
    if (secondFactor === 'recoveryCode' && deps.mailer.isConfigured) {
      const change = { orgId, userId: id, change: 'recovery_code_used', ip: visit.ip, atMs: now } as const
      await queueMail(tx, sendFactorChanged, change)
    }
    const detail = secondFactor === undefined ? {} : { detail: { secondFactor } }
    return { result: opened, entry: [{ ...opened.entry, ...detail }, ...opened.noticed] }
  })
  return {
    user: { id, email, name, preferences, teamId: orgId, role },
    accessToken: await signAccessToken(deps, session, orgId),
    refreshToken,
  }
}

async function prove(
  deps: PlatformDeps,
  half: HalfLogIn,
  digest: Buffer,
  { code, recoveryCode, passkey }: MfaProof,
) {
  const { userId } = half
  if (code !== undefined) return { method: 'totp', verdict: await proveTotp(deps, userId, code) } as const
  if (recoveryCode !== undefined)
    return {
      method: 'recoveryCode',
      verdict: await proveRecoveryCode(deps, userId, recoveryCode),
    } as const
  if (passkey === undefined) throw new Error('The contract lets no body through that proves nothing')
  return { method: 'passkey', verdict: await provePasskey(deps, toPlace(half, digest), passkey) } as const
}

function toPlace({ userId }: HalfLogIn, digest: Buffer) {
  return { purpose: 'log_in', boundTo: digest.toString('hex'), userId } as const
}

function refuse(
  deps: PlatformDeps,
  route: string,
  orgId: string | undefined,
  reason: string,
  { ip }: Visit,
): Error {
  deps.refusals.note({ orgId, ip, route, reason, atMs: deps.clock.now() })
  return problems.UNAUTHORIZED({ detail: 'The second factor is wrong, or the log-in must begin anew' })
}
