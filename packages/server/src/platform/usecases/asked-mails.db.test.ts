import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { PlatformDeps } from '../deps.ts'
import { policy } from '../policy.ts'
import { runQueue } from '../testing/run-queue.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { createOwner } from './create-owner.ts'
import { forgotPassword } from './forgot-password.ts'
import { invite } from './invite.ts'
import { register } from './register.ts'

let platform: TestPlatform
let open: PlatformDeps
const password = 'correct horse battery'
const strangersText = 'Win a prize at evil.example'

beforeAll(async () => {
  platform = await startTestPlatform()
  open = { ...platform.deps, registration: 'open' }
})
afterAll(() => platform.database.drop())
beforeEach(() => {
  platform.mails.length = 0
})

const ask = (email: string) =>
  register(open, { email, password, name: strangersText, orgName: strangersText }, 'en')

it('an-address-gets-three-asked-mails-an-hour: six registrations send three, without a word of whoever asked', async () => {
  const email = 'victim@example.com'
  for (let n = 0; n < 2 * policy.askedMailsMax; n += 1) await ask(email)
  await runQueue(open)
  expect(platform.mails.map(({ to }) => to)).toEqual(
    Array.from({ length: policy.askedMailsMax }, () => email),
  )
  for (const { subject, text, html } of platform.mails)
    expect(`${subject} ${text} ${html?.markup}`).not.toContain('evil.example')
})

it('an-address-gets-three-asked-mails-an-hour: whatever was asked, and by whom; another address gets its own', async () => {
  const email = 'known@example.com'
  await createOwner(open, { email, password, name: 'Known', orgName: 'Known' })
  const owner = await platform.found(strangersText)
  await forgotPassword(open, email, { ip: '192.0.2.9' })
  await ask(email)
  await invite(open, owner, { role: 'member', email })
  await forgotPassword(open, email, { ip: '192.0.2.10' })
  await ask('other@example.com')
  await runQueue(open)
  expect(platform.mails.filter(({ to }) => to === email)).toHaveLength(3)
  expect(platform.mails.filter(({ to }) => to === 'other@example.com')).toHaveLength(1)
  expect(JSON.stringify(platform.mails)).not.toContain('evil.example')
})

it('an-address-gets-three-asked-mails-an-hour: in any hour, to the millisecond', async () => {
  const { clock } = platform
  const email = 'patient@example.com'
  const sent = async () => {
    await ask(email)
    await runQueue(open)
    return platform.mails.splice(0).length
  }
  expect([await sent(), (clock.advance(1_800_000), await sent()), await sent(), await sent()]).toEqual([
    1, 1, 1, 0,
  ])
  clock.advance(1_800_000 - 1)
  expect(await sent()).toBe(0)
  clock.advance(1)
  expect([await sent(), await sent()]).toEqual([1, 0])
})

it('a mail that did not leave uses up nothing', async () => {
  const email = 'away@example.com'
  await ask(email)
  const away = {
    ...open,
    mailer: { ...open.mailer, send: async () => ({ outcome: 'retry', because: 'away' }) as const },
  }
  await runQueue(away)
  expect(platform.mails).toEqual([])
  for (let n = 0; n < 4; n += 1) await ask(email)
  await runQueue(open)
  expect(platform.mails).toHaveLength(policy.askedMailsMax)
})
