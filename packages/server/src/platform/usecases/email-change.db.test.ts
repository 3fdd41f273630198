import { asGate } from '@gatehouse/kernel/db'
import { listSessions } from '@gatehouse/kernel/sessions'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { policy } from '../policy.ts'
import { findAccountByEmail } from '../store/user-store.ts'
import { runQueue } from '../testing/run-queue.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { changeEmail } from './change-email.ts'
import { confirmEmailChange, isLinkOpen } from './confirm-email-change.ts'
import { createOwner } from './create-owner.ts'
import { forgotPassword } from './forgot-password.ts'
import { logIn } from './log-in.ts'
import { resetPassword } from './reset-password.ts'
import { undoEmailChange } from './undo-email-change.ts'

let platform: TestPlatform
const visit = { ip: '192.0.2.9', userAgent: 'test' }
const password = 'correct horse battery'
const expired = { code: 'EXPIRED_TOKEN' }
let people = 0

beforeAll(async () => {
  platform = await startTestPlatform()
})
afterAll(() => platform.database.drop())
beforeEach(async () => {
  await runQueue(platform.deps)
  platform.mails.length = 0
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
  return { email, newEmail: `new${people}@example.com`, userId, member }
}

/** The token of the last mail to an address. */
function tokenFor(email: string): string {
  const mail = platform.mails.findLast(({ to }) => to === email)
  return /token=([\w-]{43})/.exec(mail?.text ?? '')?.[1] ?? ''
}

async function ask({ member, newEmail }: Awaited<ReturnType<typeof newOwner>>): Promise<string> {
  await changeEmail(platform.deps, member, { newEmail, password })
  await runQueue(platform.deps)
  return tokenFor(newEmail)
}

const find = (email: string) => asGate(platform.deps, (tx) => findAccountByEmail(tx, email))

it('a new address counts once it is confirmed, ends every session, and the old one is told', async () => {
  const { deps } = platform
  const owner = await newOwner()
  await logIn(deps, { email: owner.email, password }, visit)
  const token = await ask(owner)
  expect(await isLinkOpen(deps, 'change_email', token)).toBe(true)
  expect((await find(owner.email))?.id).toBe(owner.userId)
  await confirmEmailChange(deps, token, visit)
  expect(await find(owner.email)).toBeUndefined()
  expect(await find(owner.newEmail)).toMatchObject({ id: owner.userId, emailVerifiedAtMs: deps.clock.now() })
  expect(await asGate(deps, (tx) => listSessions(tx, owner.userId, deps.clock.now()))).toEqual([])
  await runQueue(deps)
  expect(platform.mails.at(-1)).toMatchObject({ to: owner.email, subject: 'Your e-mail address was changed' })
  expect(await isLinkOpen(deps, 'change_email', token)).toBe(false)
  await expect(confirmEmailChange(deps, token, visit)).rejects.toMatchObject(expired)
})

it('a wrong password, or the address that one has, is refused by name of its field', async () => {
  const { deps } = platform
  const { member, email, newEmail } = await newOwner()
  await expect(changeEmail(deps, member, { newEmail, password: 'something else' })).rejects.toMatchObject({
    fields: [{ field: 'password' }],
  })
  await expect(changeEmail(deps, member, { newEmail: email, password })).rejects.toMatchObject({
    fields: [{ field: 'newEmail' }],
  })
})

it('the link works for 24 hours to the millisecond, and the last one asked for alone', async () => {
  const { deps, clock } = platform
  for (const [lateMs, works] of [
    [-1, true],
    [0, false],
  ] as const) {
    const owner = await newOwner()
    const replaced = await ask(owner)
    const askedMs = clock.now()
    const token = await ask(owner)
    await expect(confirmEmailChange(deps, replaced, visit)).rejects.toMatchObject(expired)
    clock.set(askedMs + policy.emailChangeHours * 3_600_000 + lateMs)
    if (works) await confirmEmailChange(deps, token, visit)
    else await expect(confirmEmailChange(deps, token, visit)).rejects.toMatchObject(expired)
  }
})

it('an address that has an account is told so, and the person who asks is not', async () => {
  const { deps } = platform
  const [ann, bob] = [await newOwner(), await newOwner()]
  expect(await changeEmail(deps, ann.member, { newEmail: bob.email, password })).toBeUndefined()
  await runQueue(deps)
  expect(platform.mails).toMatchObject([{ to: bob.email, subject: 'This address has an account' }])
  expect(tokenFor(bob.email)).toBe('')
  expect((await find(bob.email))?.id).toBe(bob.userId)
})

it('an address that was taken since the mail was sent is not taken over', async () => {
  const { deps } = platform
  const owner = await newOwner()
  const token = await ask(owner)
  await createOwner(deps, { email: owner.newEmail, password, name: 'Eve', orgName: 'Eves' })
  await expect(confirmEmailChange(deps, token, visit)).rejects.toMatchObject(expired)
  expect((await find(owner.email))?.id).toBe(owner.userId)
})

it('the old address takes a change back within a week, and whoever made it is locked out', async () => {
  const { deps, clock } = platform
  const owner = await newOwner()
  await confirmEmailChange(deps, await ask(owner), visit)
  await runQueue(deps)
  const undo = tokenFor(owner.email)
  clock.advance(policy.emailUndoDays * 86_400_000 - 1)
  await undoEmailChange(deps, undo, visit)
  expect((await find(owner.email))?.id).toBe(owner.userId)
  await expect(logIn(deps, { email: owner.email, password }, visit)).rejects.toMatchObject({
    code: 'UNAUTHORIZED',
  })
  await runQueue(deps)
  expect(platform.mails.at(-1)).toMatchObject({ to: owner.email, subject: 'Set a new password' })
  await resetPassword(deps, { token: tokenFor(owner.email), password: 'a fresh staple of 2026' }, visit)
  await expect(undoEmailChange(deps, undo, visit)).rejects.toMatchObject(expired)
})

it('after a week the change stands', async () => {
  const { deps, clock } = platform
  const owner = await newOwner()
  await confirmEmailChange(deps, await ask(owner), visit)
  await runQueue(deps)
  clock.advance(policy.emailUndoDays * 86_400_000)
  await expect(undoEmailChange(deps, tokenFor(owner.email), visit)).rejects.toMatchObject(expired)
})

it('a change of address makes links to the old one worthless, but not the one that takes it back', async () => {
  const { deps } = platform
  const owner = await newOwner()
  await forgotPassword(deps, owner.email, visit)
  await runQueue(deps)
  const reset = tokenFor(owner.email)
  await confirmEmailChange(deps, await ask(owner), visit)
  await expect(resetPassword(deps, { token: reset, password }, visit)).rejects.toMatchObject(expired)
  await runQueue(deps)
  const undo = tokenFor(owner.email)
  // A thief moves on to a third address: the first owner's link still works.
  await confirmEmailChange(deps, await ask({ ...owner, newEmail: `third${people}@example.com` }), visit)
  expect(await isLinkOpen(deps, 'undo_email', undo)).toBe(true)
})
