import { asGate } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { openSession } from '@gatehouse/kernel/sessions'
import { Secret, TOTP } from 'otpauth'
import { totpFigures } from '../usecases/judge-totp.ts'
import { confirmTotp, enrolTotp } from '../usecases/change-factors.ts'
import { createOwner } from '../usecases/create-owner.ts'
import { logIn } from '../usecases/log-in.ts'
import type { HalfSignedIn } from '../usecases/verify-mfa.ts'
import type { TestPlatform } from './test-platform.ts'

export const password = 'correct horse battery'
export const visit = { ip: '192.0.2.9', userAgent: 'test' }

let made = 0

export type TestPerson = { readonly member: MemberPrincipal; readonly email: string }

/** Makes a person who owns an org and is logged in, with a password. */
export async function newPerson({ deps, clock }: TestPlatform): Promise<TestPerson> {
  made += 1
  const email = `secured${made}@example.com`
  const { userId, belonging } = await createOwner(deps, { email, password, name: 'Ann', orgName: 'Acme' })
  clock.advance(1)
  const { orgId } = belonging
  const start = { userId, orgId, userAgent: 'test', ip: visit.ip }
  const { session } = await asGate(deps, (tx) => openSession(tx, start, clock.now()))
  const member = {
    kind: 'member',
    userId,
    orgId,
    role: 'owner',
    ip: visit.ip,
    sessionId: session.id,
  } as const
  return { member, email }
}

export function codeOf(secret: string, timestamp: number): string {
  return TOTP.generate({ ...totpFigures, secret: Secret.fromBase32(secret), timestamp })
}

/** Gives the person an authenticator app, and advances to a time whose code is unused. */
export async function withTotp(
  { deps, clock }: TestPlatform,
  { member }: TestPerson,
): Promise<{ readonly secret: string; readonly id: string; readonly recoveryCodes: string[] }> {
  const { id, secret } = await enrolTotp(deps, member)
  const { recoveryCodes } = await confirmTotp(deps, member, id, codeOf(secret, clock.now()))
  clock.advance(90_000)
  return { id, secret, recoveryCodes: recoveryCodes ?? [] }
}

/** The first half of a log-in of a person with a second factor. */
export async function logInHalf({ deps }: TestPlatform, email: string): Promise<HalfSignedIn> {
  const half = await logIn(deps, { email, password }, visit)
  if (!('mfaRequired' in half)) throw new Error('The password alone let someone in who has a second factor')
  return half
}
