import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { sudoTokenSeconds } from '@gatehouse/kernel/sessions'
import { queueMail } from '../../mail/index.ts'
import { sendSudoCode } from '../contract/jobs.ts'
import type { WireAssertion, WireRequestOptions } from '../../service/passkeys.ts'
import type { PlatformDeps } from '../deps.ts'
import type { SudoMethod } from '../domain/factor.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { digestCode } from './short-code.ts'
import { listFactors } from '../store/factor-store.ts'
import { takeProof } from '../store/sso-arrival-store.ts'
import { askSudoCode, chargeProof, clearProofFailures, takeSudoCode } from '../store/sudo-store.ts'
import { hasPassword } from '../store/user-store.ts'
import { findOwnAccount } from './assert-own-password.ts'
import { provePassword } from './guard-guesses.ts'
import { proveTotp } from './prove-code.ts'
import { challengePasskeys, provePasskey } from './prove-passkey.ts'
import { digestToken } from './single-use-token.ts'
import { publishSecurityIncident } from './publish-platform-event.ts'

export type SudoOptions = {
  readonly methods: SudoMethod[]
  readonly passkey: WireRequestOptions | null
  readonly emailSent: boolean
}

export type SudoProof = {
  readonly password?: string | undefined
  readonly totpCode?: string | undefined
  readonly emailCode?: string | undefined
  readonly passkey?: WireAssertion | undefined
  /** The ticket of a session that the person proved again at the issuer. */
  readonly issuerTicket?: string | undefined
}

export type Sudo = { readonly sudoToken: string; readonly expiresAtMs: number }

const minuteMs = 60_000
const lockMs = policy.proofLockMinutes * minuteMs

export async function prepareSudo(
  deps: PlatformDeps,
  member: MemberPrincipal,
  sendEmailCode: boolean,
): Promise<SudoOptions> {
  const account = await findOwnAccount(deps, member)
  const { emailVerifiedAtMs } = account
  const canMail = deps.mailer.isConfigured && emailVerifiedAtMs !== null
  if (sendEmailCode && !deps.mailer.isConfigured) throw problems.EMAIL_NOT_CONFIGURED()
  if (sendEmailCode && !canMail) throw problems.EMAIL_UNVERIFIED()
  const factors = await asGate(deps, (tx) => listFactors(tx, member.userId))
  const hasPasskey = factors.some(({ kind }) => kind === 'passkey')
  const methods: SudoMethod[] = [
    ...(member.isConfined ? (['issuer'] as const) : []),
    ...(hasPassword(account) ? (['password'] as const) : []),
    ...new Set(factors.map(({ kind }) => kind)),
  ]
  if (canMail) methods.push('emailCode')
  if (sendEmailCode) await mailCode(deps, member)
  const passkey = hasPasskey ? await challengePasskeys(deps, toPlace(member)) : undefined
  return { methods, passkey: passkey ?? null, emailSent: sendEmailCode }
}

async function mailCode(deps: PlatformDeps, member: MemberPrincipal): Promise<void> {
  const { userId, sessionId, orgId } = member
  await mutate(deps, member, async (tx) => {
    const now = deps.clock.now()
    const expiresAtMs = now + policy.sudoCodeMinutes * minuteMs
    const isDue = await askSudoCode(tx, member, policy.sudoCodeAgainSeconds * 1000, expiresAtMs, now)
    if (isDue) await queueMail(tx, sendSudoCode, { orgId, userId, sessionId })
    return { result: undefined, entry: { action: 'sudo.ask_code', resourceId: sessionId, at: now } }
  })
}

/** Issues a token for a fresh proof of the session. Failures count per person, over all nodes and sessions (S7). */
export async function verifySudo(
  deps: PlatformDeps,
  member: MemberPrincipal,
  proof: SudoProof,
): Promise<Sudo> {
  const { userId, sessionId } = member
  const now = deps.clock.now()
  const failures = await asGate(deps, (tx) =>
    chargeProof(tx, userId, 'sudo', policy.sudoFailuresMax, lockMs, now),
  )
  if (failures === undefined) {
    await reportRefusal(deps, member, 'sudo_locked', false)
    throw locked()
  }
  const { method, verdict } = await prove(deps, member, proof)
  if (!verdict.proven) {
    const isLocked = failures >= policy.sudoFailuresMax
    await reportRefusal(deps, member, verdict.reason, isLocked)
    throw isLocked ? locked() : problems.PROOF_REFUSED()
  }
  await asGate(deps, (tx) => clearProofFailures(tx, userId, 'sudo'))
  await mutate(deps, member, async () => ({
    result: undefined,
    entry: { action: 'sudo.prove', resourceId: sessionId, detail: { method }, at: now },
  }))
  const sudoToken = await deps.sudoTokens.sign({ userId, sessionId, issuedAtMs: now })
  return { sudoToken, expiresAtMs: now + sudoTokenSeconds * 1000 }
}

async function prove(
  deps: PlatformDeps,
  member: MemberPrincipal,
  { password, totpCode, emailCode, passkey, issuerTicket }: SudoProof,
) {
  const { userId, sessionId } = member
  if (password !== undefined)
    return { method: 'password', verdict: await proveOwnPassword(deps, member, password) }
  if (totpCode !== undefined) return { method: 'totp', verdict: await proveTotp(deps, userId, totpCode) }
  if (emailCode !== undefined) {
    const digest = digestCode(deps.digests, `sudo:${sessionId}`, emailCode)
    const isTaken = await asGate(deps, (tx) => takeSudoCode(tx, sessionId, digest, deps.clock.now()))
    const verdict = isTaken
      ? ({ proven: true } as const)
      : ({ proven: false, reason: 'wrong_email_code' } as const)
    return { method: 'emailCode', verdict }
  }
  if (issuerTicket !== undefined) {
    const digest = digestToken(issuerTicket)
    const isTaken = await asGate(deps, (tx) => takeProof(tx, digest, member, deps.clock.now()))
    const verdict = isTaken
      ? ({ proven: true } as const)
      : ({ proven: false, reason: 'issuer_ticket_unproven' } as const)
    return { method: 'issuer', verdict }
  }
  if (passkey === undefined) throw new Error('The contract lets no body through that proves nothing')
  return { method: 'passkey', verdict: await provePasskey(deps, toPlace(member), passkey) }
}

async function proveOwnPassword(deps: PlatformDeps, member: MemberPrincipal, password: string) {
  const account = await findOwnAccount(deps, member)
  const verdict = await provePassword(deps, { email: account.email, account }, password, member)
  return verdict.matches ? ({ proven: true } as const) : ({ proven: false, reason: verdict.reason } as const)
}

function toPlace({ userId, sessionId }: MemberPrincipal) {
  return { purpose: 'sudo', boundTo: sessionId, userId } as const
}

function locked(): Error {
  return problems.SUDO_LOCKED({
    detail: `Too many failed re-authentication attempts. Try again in ${policy.proofLockMinutes} minutes`,
    retryAfterSeconds: policy.proofLockMinutes * 60,
  })
}

/**
 * `locks`: this failure locks sudo, which is published to the org's webhooks; later ones are only recorded as entries.
 */
async function reportRefusal(
  deps: PlatformDeps,
  member: MemberPrincipal,
  reason: string,
  locks: boolean,
): Promise<void> {
  const { userId, sessionId: resourceId } = member
  await mutate(deps, member, async (tx) => {
    const at = deps.clock.now()
    if (locks) await publishSecurityIncident(tx, 'sudo_locked', userId, at)
    return { result: undefined, entry: { action: 'sudo.prove', resourceId, outcome: 'refused', reason, at } }
  })
}
