import { asGate, decideWithin, listenForInvalidations } from '@gatehouse/kernel/db'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import { createSessionVerifier, listSessions } from '@gatehouse/kernel/sessions'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { policy } from '../policy.ts'
import { setPassword } from '../store/account-store.ts'
import { findMembership } from '../store/membership-store.ts'
import { findAccountByEmail } from '../store/user-store.ts'
import { runQueue } from '../testing/run-queue.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { toSignedIn } from '../testing/to-signed-in.ts'
import { changePassword } from './change-password.ts'
import { createOwner } from './create-owner.ts'
import { forgotPassword } from './forgot-password.ts'
import { listAuditLogs } from './list-audit-logs.ts'
import { logIn } from './log-in.ts'
import { resetPassword } from './reset-password.ts'
import { sendVerificationAgain } from './send-verification-again.ts'
import { verifyEmail } from './verify-email.ts'

let platform: TestPlatform
const visit = { ip: '192.0.2.9', userAgent: 'test' }
const password = 'correct horse battery'
const fresh = 'a fresh staple of 2026'
let people = 0

beforeAll(async () => {
  platform = await startTestPlatform()
})
afterAll(() => platform.database.drop())
beforeEach(async () => {
  await runQueue(platform.deps)
  platform.mails.length = 0
  platform.refusals.length = 0
})

async function newOwner() {
  people += 1
  const email = `owner${people}@example.com`
  const { userId, belonging } = await createOwner(platform.deps, {
    email,
    password,
    name: 'Ann',
    orgName: 'Acme',
  })
  const { orgId } = belonging
  const member = { kind: 'member', userId, orgId, role: 'owner', sessionId: '', ip: visit.ip } as const
  return { email, userId, orgId, member }
}

const mailedToken = (): string => /token=([\w-]{43})/.exec(platform.mails.at(-1)?.text ?? '')?.[1] ?? ''

async function askFor(email: string): Promise<string> {
  await forgotPassword(platform.deps, email, visit)
  await runQueue(platform.deps)
  return mailedToken()
}

const expired = { code: 'EXPIRED_TOKEN', status: 400 }

it('password-reset-ends-every-session, and the new password opens', async () => {
  const { deps } = platform
  const { email, userId, orgId } = await newOwner()
  await logIn(deps, { email, password }, visit)
  await logIn(deps, { email, password }, visit)
  const token = await askFor(email)
  await resetPassword(deps, { token, password: fresh }, visit)
  expect(await asGate(deps, (tx) => listSessions(tx, userId, deps.clock.now()))).toEqual([])
  await expect(logIn(deps, { email, password }, visit)).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  expect(toSignedIn(await logIn(deps, { email, password: fresh }, visit)).user).toMatchObject({ id: userId })
  await runQueue(deps)
  expect(platform.mails.at(-1)).toMatchObject({ to: email, subject: 'Your password was changed' })
  const system = { kind: 'system', orgId, because: 'test' } as const
  const { auditLogs } = await listAuditLogs(deps, system, { action: 'user.reset_password', limit: 10 })
  expect(auditLogs).toMatchObject([{ userId, ipAddress: visit.ip }])
  expect(JSON.stringify(auditLogs)).not.toContain(token)
})

it('password-reset-ends-every-session, also one that a node remembers', async () => {
  const { deps, clock, database } = platform
  const invalidations = await listenForInvalidations(database.url)
  const { db, tokens } = deps
  const verifier = createSessionVerifier({ db, tokens, invalidations, clock, findMembership })
  try {
    const { email } = await newOwner()
    const { accessToken } = toSignedIn(await logIn(deps, { email, password }, visit))
    const token = await askFor(email)
    expect(await verifier.verify(accessToken)).toMatchObject({ accepted: true })
    await resetPassword(deps, { token, password: fresh }, visit)
    const isAccepted = async () => (await verifier.verify(accessToken)).accepted
    await expect.poll(isAccepted).toBe(false)
  } finally {
    verifier.stop()
    await invalidations.stop()
  }
})

it('a reset link works once, also for ten who use it at the same moment', async () => {
  const { email } = await newOwner()
  const token = await askFor(email)
  const attempts = await Promise.allSettled(
    Array.from({ length: 10 }, () => resetPassword(platform.deps, { token, password: fresh }, visit)),
  )
  expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  await expect(resetPassword(platform.deps, { token, password: fresh }, visit)).rejects.toMatchObject(expired)
})

it('a reset link works for an hour to the millisecond', async () => {
  const { clock, deps } = platform
  for (const [lateMs, works] of [
    [-1, true],
    [0, false],
  ] as const) {
    const { email } = await newOwner()
    const askedMs = clock.now()
    const token = await askFor(email)
    clock.set(askedMs + policy.passwordResetMinutes * 60_000 + lateMs)
    const reset = resetPassword(deps, { token, password: fresh }, visit)
    if (works) await reset
    else await expect(reset).rejects.toMatchObject(expired)
  }
})

it('a weak new password is refused by name, and the link stays good', async () => {
  const { email } = await newOwner()
  const token = await askFor(email)
  await expect(resetPassword(platform.deps, { token, password: 'password1' }, visit)).rejects.toMatchObject({
    code: 'VALIDATION_ERROR',
    fields: [{ field: 'password' }],
  })
  await resetPassword(platform.deps, { token, password: fresh }, visit)
})

it('whoever asks for an unknown address causes the same work and no mail', async () => {
  const { deps } = platform
  const { email } = await newOwner()
  const queued = async (address: string) => {
    expect(await forgotPassword(deps, address, visit)).toBeUndefined()
    const { rows } = await deps.db.pool.query<{ identifier: string; n: number }>(
      `SELECT event AS identifier, count(*)::int AS n FROM gatehouse.delivery WHERE state = 'pending' GROUP BY 1`,
    )
    await runQueue(deps)
    return rows
  }
  expect(await queued('nobody@example.com')).toEqual(await queued(email))
  expect(platform.mails.map(({ to }) => to)).toEqual([email])
  const instance = { kind: 'system', orgId: instanceOrgId, because: 'test' } as const
  const { auditLogs } = await listAuditLogs(deps, instance, { action: 'user.forget_password', limit: 2 })
  expect(auditLogs).toHaveLength(2)
  expect(JSON.stringify(auditLogs)).not.toContain('@')
})

it('a mailbox gets three reset mails an hour, and not a fourth', async () => {
  const { clock } = platform
  const { email } = await newOwner()
  for (let n = 0; n < policy.askedMailsMax; n += 1) expect(await askFor(email)).toHaveLength(43)
  expect(platform.mails).toHaveLength(policy.askedMailsMax)
  await askFor(email)
  expect(platform.mails).toHaveLength(policy.askedMailsMax)
  clock.advance(policy.passwordResetMinutes * 60_000)
  await askFor(email)
  expect(platform.mails).toHaveLength(policy.askedMailsMax + 1)
})

it('someone who belongs to no org can set a new password, too', async () => {
  const { deps, database } = platform
  const { email, userId } = await newOwner()
  await database.db.pool.query('ALTER TABLE platform.membership NO FORCE ROW LEVEL SECURITY')
  await database.db.pool.query('DELETE FROM platform.membership WHERE user_id = $1', [userId])
  await database.db.pool.query('ALTER TABLE platform.membership FORCE ROW LEVEL SECURITY')
  const before = await asGate(deps, (tx) => findAccountByEmail(tx, email))
  await resetPassword(deps, { token: await askFor(email), password: fresh }, visit)
  const after = await asGate(deps, (tx) => findAccountByEmail(tx, email))
  expect(after?.passwordHash).not.toBe(before?.passwordHash)
})

it('an org reaches no password of people who do not belong to it', async () => {
  const { deps } = platform
  const [mine, other] = [await newOwner(), await newOwner()]
  await decideWithin(deps, mine.member, async (tx) => {
    // Safe: only the brand of an audited transaction is missing, and this one is to change nothing.
    await setPassword(tx as Parameters<typeof setPassword>[0], other.userId, 'taken over', deps.clock.now())
  })
  expect((await asGate(deps, (tx) => findAccountByEmail(tx, other.email)))?.passwordHash).toMatch(/^\$pbkdf2/)
})

it('a password is changed by whoever knows the old one, and every session ends', async () => {
  const { deps } = platform
  const { email, userId, member } = await newOwner()
  await logIn(deps, { email, password }, visit)
  const wrong = changePassword(deps, member, { currentPassword: 'something else', newPassword: fresh })
  await expect(wrong).rejects.toMatchObject({ fields: [{ field: 'currentPassword' }] })
  expect(platform.refusals).toMatchObject([{ reason: 'wrong_password', orgId: member.orgId }])
  const weak = changePassword(deps, member, { currentPassword: password, newPassword: 'password1' })
  await expect(weak).rejects.toMatchObject({ fields: [{ field: 'newPassword' }] })
  await changePassword(deps, member, { currentPassword: password, newPassword: fresh })
  expect(await asGate(deps, (tx) => listSessions(tx, userId, deps.clock.now()))).toEqual([])
  await logIn(deps, { email, password: fresh }, visit)
})

it('a new password makes reset links worthless that were mailed before', async () => {
  const { deps } = platform
  const { email, member } = await newOwner()
  const token = await askFor(email)
  await changePassword(deps, member, { currentPassword: password, newPassword: fresh })
  await expect(resetPassword(deps, { token, password }, visit)).rejects.toMatchObject(expired)
})

it('without a mail server, flows that need one say so', async () => {
  const { member, email } = await newOwner()
  const { mailer } = platform.deps
  const deps = { ...platform.deps, mailer: { ...mailer, isConfigured: false } }
  const refusal = { code: 'EMAIL_NOT_CONFIGURED', status: 400 }
  await expect(forgotPassword(deps, email, visit)).rejects.toMatchObject(refusal)
  await expect(sendVerificationAgain(deps, member)).rejects.toMatchObject(refusal)
})

it('an owner proves an address that nobody has proven yet, once and within 24 hours', async () => {
  const { deps, clock } = platform
  const { member, email } = await newOwner()
  const ask = async (): Promise<string> => {
    await sendVerificationAgain(deps, member)
    await runQueue(deps)
    return mailedToken()
  }
  const late = await ask()
  clock.advance(policy.verificationHours * 3_600_000)
  await expect(verifyEmail(deps, late, visit)).rejects.toMatchObject(expired)
  const replaced = await ask()
  const token = await ask()
  await expect(verifyEmail(deps, replaced, visit)).rejects.toMatchObject(expired)
  await verifyEmail(deps, token, visit)
  expect((await asGate(deps, (tx) => findAccountByEmail(tx, email)))?.emailVerifiedAtMs).toBe(clock.now())
  await expect(verifyEmail(deps, token, visit)).rejects.toMatchObject(expired)
  await expect(sendVerificationAgain(deps, member)).rejects.toMatchObject({ code: 'EMAIL_VERIFIED' })
})
