import { asGate } from '@gatehouse/kernel/db'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PlatformDeps } from '../deps.ts'
import { findAccountByEmail } from '../store/user-store.ts'
import { runQueue as runMailQueue } from '../testing/run-queue.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { toSignedIn } from '../testing/to-signed-in.ts'
import { createOwner } from './create-owner.ts'
import { logIn } from './log-in.ts'
import { register } from './register.ts'
import { verifyEmail } from './verify-email.ts'

let platform: TestPlatform
let open: PlatformDeps
const password = 'correct horse battery'
const visit = { ip: '192.0.2.9', userAgent: 'test' }
const ann = { email: 'ann@example.com', password, name: 'Ann', orgName: 'Acme' }

beforeAll(async () => {
  platform = await startTestPlatform()
  open = { ...platform.deps, registration: 'open' }
})
afterAll(() => platform.database.drop())

const runQueue = (): Promise<void> => runMailQueue(open)
const mailedToken = (): string => /token=([\w-]{43})/.exec(platform.mails.at(-1)?.text ?? '')?.[1] ?? ''

it.each(['closed', 'invite'] as const)(
  'registration-is-closed-by-default: %s opens it to no stranger',
  async (registration) => {
    await expect(register({ ...open, registration }, ann, 'en')).rejects.toMatchObject({
      code: 'REGISTRATION_CLOSED',
      status: 403,
    })
  },
)

it('without a mail server an open registration says so', async () => {
  const mailer = { ...open.mailer, isConfigured: false }
  await expect(register({ ...open, mailer }, ann, 'en')).rejects.toMatchObject({
    code: 'EMAIL_NOT_CONFIGURED',
  })
})

it('nobody exists until the address is proven, and then person and org do', async () => {
  await register(open, ann, 'ja')
  await runQueue()
  const token = mailedToken()
  expect(platform.mails.at(-1)).toMatchObject({ to: ann.email, subject: 'メールアドレスの確認' })
  await expect(logIn(open, ann, visit)).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  await verifyEmail(open, token, visit)
  expect(toSignedIn(await logIn(open, ann, visit)).user).toMatchObject({ name: 'Ann', role: 'owner' })
  await expect(verifyEmail(open, token, visit)).rejects.toMatchObject({ code: 'EXPIRED_TOKEN' })
})

it('an address that has an account gets the same reply, and a mail that says so', async () => {
  const email = 'bob@example.com'
  await createOwner(open, { email, password, name: 'Bob', orgName: 'Bobs' })
  expect(await register(open, { ...ann, email }, 'en')).toBeUndefined()
  await runQueue()
  expect(platform.mails.at(-1)).toMatchObject({ to: email, subject: 'You already have an account' })
  expect(mailedToken()).toBe('')
})

it('of two who ask for the same address, the first to prove it has it', async () => {
  const email = 'carol@example.com'
  await register(open, { ...ann, email, name: 'First' }, 'en')
  await runQueue()
  const first = mailedToken()
  await register(open, { ...ann, email, name: 'Second' }, 'en')
  await runQueue()
  const second = mailedToken()
  await verifyEmail(open, second, visit)
  await expect(verifyEmail(open, first, visit)).rejects.toMatchObject({ code: 'EXPIRED_TOKEN' })
  expect((await asGate(open, (tx) => findAccountByEmail(tx, email)))?.name).toBe('Second')
})

it('the link works for 24 hours to the millisecond', async () => {
  const { clock } = platform
  for (const [lateMs, works] of [
    [-1, true],
    [0, false],
  ] as const) {
    const email = `late${works}@example.com`
    const askedMs = clock.now()
    await register(open, { ...ann, email }, 'en')
    await runQueue()
    clock.set(askedMs + 24 * 3_600_000 + lateMs)
    if (works) await verifyEmail(open, mailedToken(), visit)
    else
      await expect(verifyEmail(open, mailedToken(), visit)).rejects.toMatchObject({ code: 'EXPIRED_TOKEN' })
  }
})
