import { asGate, within } from '@gatehouse/kernel/db'
import type { MemberPrincipal, Role } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findMember } from '../store/membership-store.ts'
import { findAccountByEmail } from '../store/user-store.ts'
import { mailContext } from '../../mail/testing/mail-context.ts'
import { platformMails } from '../jobs/index.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { toSignedIn } from '../testing/to-signed-in.ts'
import { acceptInvitation, type Acceptance } from './accept-invitation.ts'
import { createOwner } from './create-owner.ts'
import { invite } from './invite.ts'
import { logIn } from './log-in.ts'

let platform: TestPlatform
const visit = { ip: '192.0.2.9', userAgent: 'test' }
const password = 'correct horse battery'

beforeAll(async () => {
  platform = await startTestPlatform()
})
afterAll(() => platform.database.drop())

const accept = (acceptance: Acceptance) => acceptInvitation(platform.deps, acceptance, visit, 'en')
const tokenFor = async (owner: MemberPrincipal, role: Role, email?: string): Promise<string> =>
  (await invite(platform.deps, owner, { role, email })).token

it('invitation-is-single-use, also for ten who use it at the same moment', async () => {
  const { found } = platform
  const owner = await found()
  const token = await tokenFor(owner, 'member')
  const attempts = await Promise.allSettled(
    Array.from({ length: 10 }, (_, n) =>
      accept({ token, email: `new${n}@example.com`, password, name: 'New' }),
    ),
  )
  expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const attempt of attempts)
    if (attempt.status === 'rejected') expect(attempt.reason).toMatchObject({ code: 'EXPIRED_TOKEN' })
  await expect(accept({ token, email: 'late@example.com', password, name: 'Late' })).rejects.toMatchObject({
    code: 'EXPIRED_TOKEN',
  })
})

it('someone new gets an account, the role of the invitation and a session', async () => {
  const { deps, found } = platform
  const owner = await found()
  const token = await tokenFor(owner, 'viewer')
  const { user } = toSignedIn(await accept({ token, email: 'carol@example.com', password, name: 'Carol' }))
  expect(user).toMatchObject({
    email: 'carol@example.com',
    name: 'Carol',
    teamId: owner.orgId,
    role: 'viewer',
  })
  expect(toSignedIn(await logIn(deps, { email: 'carol@example.com', password }, visit)).user).toEqual(user)
})

it('someone with an account joins by its password, and by no other', async () => {
  const { deps, found, refusals } = platform
  const email = 'dave@example.com'
  const { userId } = await createOwner(deps, { email, password, name: 'Dave', orgName: 'Daves' })
  const owner = await found()
  const token = await tokenFor(owner, 'member')
  await expect(accept({ token, email, password: 'not the password', name: 'Dave' })).rejects.toMatchObject({
    code: 'UNAUTHORIZED',
  })
  expect(refusals.at(-1)).toMatchObject({ orgId: owner.orgId, reason: 'wrong_password' })
  await accept({ token, email, password })
  expect(await within(deps, owner, (tx) => findMember(tx, userId))).toMatchObject({ role: 'member' })
})

it('an address without an account, and no name, is refused like a wrong password; the invitation stays', async () => {
  const { found } = platform
  const owner = await found()
  const token = await tokenFor(owner, 'member')
  await expect(accept({ token, email: 'ghost@example.com', password })).rejects.toMatchObject({
    code: 'UNAUTHORIZED',
    detail: 'The e-mail address or the password is wrong',
  })
  await accept({ token, email: 'ghost@example.com', password, name: 'Ghost' })
})

it('who belongs already is told so, and the invitation stays', async () => {
  const { found } = platform
  const owner = await found()
  const first = await tokenFor(owner, 'member')
  await accept({ token: first, email: 'erin@example.com', password, name: 'Erin' })
  const second = await tokenFor(owner, 'owner')
  await expect(accept({ token: second, email: 'erin@example.com', password })).rejects.toMatchObject({
    code: 'ALREADY_MEMBER',
  })
  await accept({ token: second, email: 'frank@example.com', password, name: 'Frank' })
})

it('an invitation to an address is for that address alone', async () => {
  const { found } = platform
  const token = await tokenFor(await found(), 'member', 'grace@example.com')
  await expect(accept({ token, email: 'heidi@example.com', password, name: 'Heidi' })).rejects.toMatchObject({
    fields: [{ field: 'email' }],
  })
  await accept({ token, email: 'grace@example.com', password, name: 'Grace' })
})

it('the last millisecond of the seventh day still counts, and the next does not', async () => {
  const { clock, found, deps } = platform
  const owner = await found()
  const { token, invitation } = await invite(deps, owner, { role: 'member' })
  const other = await tokenFor(owner, 'member')
  clock.set(invitation.expiresAtMs - 1)
  await accept({ token, email: 'ivan@example.com', password, name: 'Ivan' })
  clock.set(invitation.expiresAtMs)
  await expect(
    accept({ token: other, email: 'judy@example.com', password, name: 'Judy' }),
  ).rejects.toMatchObject({
    code: 'EXPIRED_TOKEN',
  })
})

it('the mail carries a token of its own, and whoever uses it has proven the address', async () => {
  const { deps, found, mails } = platform
  const owner = await found()
  const { invitation, token: shown } = await invite(deps, owner, { role: 'member', email: 'kim@example.com' })
  const job = platformMails(deps).find((bound) => bound.job.name === 'platform.send-invitation')
  await job?.run({ orgId: owner.orgId, invitationId: invitation.id }, mailContext())
  const mailed = /token=([\w-]{43})/.exec(mails.at(-1)?.text ?? '')?.[1] ?? ''
  expect(mails.at(-1)?.to).toBe('kim@example.com')
  expect(mailed).not.toBe(shown)
  await accept({ token: mailed, email: 'kim@example.com', password, name: 'Kim' })
  const account = await asGate(deps, (tx) => findAccountByEmail(tx, 'kim@example.com'))
  expect(account?.emailVerifiedAtMs).toBe(platform.clock.now())
  await expect(accept({ token: shown, email: 'kim@example.com', password })).rejects.toMatchObject({
    code: 'EXPIRED_TOKEN',
  })
})

it('registration-is-closed-by-default: closed to everyone new, and people with an account still join', async () => {
  const { deps, found } = platform
  const owner = await found()
  const token = await tokenFor(owner, 'member')
  const email = 'heidi@example.com'
  const closed = { ...deps, registration: 'closed' } as const
  const join = (acceptance: Acceptance) => acceptInvitation(closed, acceptance, visit, 'en')
  const refusal = { code: 'REGISTRATION_CLOSED', status: 403 }
  await expect(join({ token, email, password, name: 'Heidi' })).rejects.toMatchObject(refusal)
  await createOwner(deps, { email, password, name: 'Heidi', orgName: 'Heidis' })
  // The answer is the same for an address that has an account, so it discloses nothing.
  await expect(join({ token, email, password, name: 'Heidi' })).rejects.toMatchObject(refusal)
  expect(toSignedIn(await join({ token, email, password })).user).toMatchObject({
    teamId: owner.orgId,
    role: 'member',
  })
})
