import { asGate } from '@gatehouse/kernel/db'
import { listSessions } from '@gatehouse/kernel/sessions'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { runQueue } from '../testing/run-queue.ts'
import { codeOf, logInHalf, newPerson, visit, withTotp } from '../testing/secured-person.ts'
import { softwareAuthenticator } from '../../service/testing/software-authenticator.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { addPasskey, beginPasskey } from './add-passkey.ts'
import { confirmTotp, deleteFactor, enrolTotp, renewRecoveryCodes } from './change-factors.ts'
import { getMe } from './get-me.ts'
import { listAuditLogs } from './list-audit-logs.ts'
import { logIn } from './log-in.ts'
import { prepareMfa, verifyMfa } from './verify-mfa.ts'

let platform: TestPlatform
const origin = 'https://gate.example.com'
const refused = { code: 'UNAUTHORIZED', status: 401 }

beforeAll(async () => {
  platform = await startTestPlatform()
})
afterAll(() => platform.database.drop())
beforeEach(() => {
  platform.refusals.length = 0
})

const outcomes = async (attempts: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(attempts)).filter(({ status }) => status === 'fulfilled').length

it('an app counts once a code of it was confirmed, and not before', async () => {
  const { deps, clock } = platform
  const person = await newPerson(platform)
  const { id, secret } = await enrolTotp(deps, person.member)
  expect(await logIn(deps, { email: person.email, password: 'correct horse battery' }, visit)).toHaveProperty(
    'accessToken',
  )
  const wrong = confirmTotp(deps, person.member, id, codeOf(secret, clock.now() + 3_600_000))
  await expect(wrong).rejects.toMatchObject({ code: 'PROOF_REFUSED' })
  expect(await getMe(deps, person.member)).toMatchObject({ factors: [] })
  const { recoveryCodes } = await confirmTotp(deps, person.member, id, codeOf(secret, clock.now()))
  expect(new Set(recoveryCodes).size).toBe(10)
  expect(await getMe(deps, person.member)).toMatchObject({ factors: ['totp'] })
  const half = await logInHalf(platform, person.email)
  expect(half.methods).toEqual(['totp', 'recoveryCode'])
  await expect(enrolTotp(deps, person.member)).rejects.toMatchObject({ code: 'FACTOR_EXISTS' })
})

it('a code is good once, also for twenty who use it at the same moment', async () => {
  const { deps, clock } = platform
  const person = await newPerson(platform)
  const { secret } = await withTotp(platform, person)
  const code = codeOf(secret, clock.now())
  const halves = await Promise.all(Array.from({ length: 20 }, () => logInHalf(platform, person.email)))
  const attempts = halves.map(({ mfaToken }) => verifyMfa(deps, { mfaToken, code }, visit))
  expect(await outcomes(attempts)).toBe(1)
  const { mfaToken } = await logInHalf(platform, person.email)
  await expect(verifyMfa(deps, { mfaToken, code }, visit)).rejects.toMatchObject(refused)
  expect(platform.refusals.at(-1)?.reason).toBe('used_code')
})

it('a recovery code is good once, also for twenty who use it at the same moment, and is told by mail', async () => {
  const { deps } = platform
  const person = await newPerson(platform)
  const { recoveryCodes } = await withTotp(platform, person)
  const recoveryCode = recoveryCodes[0] ?? ''
  const halves = await Promise.all(Array.from({ length: 20 }, () => logInHalf(platform, person.email)))
  const attempts = halves.map(({ mfaToken }) => verifyMfa(deps, { mfaToken, recoveryCode }, visit))
  expect(await outcomes(attempts)).toBe(1)
  await runQueue(deps)
  expect(platform.mails.map(({ text }) => text).join('\n')).toContain('with a recovery code')
})

it('new recovery codes make the old ones worthless', async () => {
  const { deps } = platform
  const person = await newPerson(platform)
  const { recoveryCodes } = await withTotp(platform, person)
  const renewed = await renewRecoveryCodes(deps, person.member)
  const half = await logInHalf(platform, person.email)
  const withCode = (recoveryCode: string) => verifyMfa(deps, { mfaToken: half.mfaToken, recoveryCode }, visit)
  await expect(withCode(recoveryCodes[0] ?? '')).rejects.toMatchObject(refused)
  expect(await withCode(renewed[0] ?? '')).toHaveProperty('accessToken')
})

it('the fifth try of a log-in may be right, and there is no sixth', async () => {
  const { deps, clock } = platform
  const person = await newPerson(platform)
  const { secret } = await withTotp(platform, person)
  const wrong = codeOf(secret, clock.now() + 3_600_000)
  const tryTimes = async (mfaToken: string, times: number) => {
    for (let n = 0; n < times; n += 1)
      await expect(verifyMfa(deps, { mfaToken, code: wrong }, visit)).rejects.toMatchObject(refused)
  }
  const spent = await logInHalf(platform, person.email)
  await tryTimes(spent.mfaToken, 5)
  const code = codeOf(secret, clock.now())
  await expect(verifyMfa(deps, { mfaToken: spent.mfaToken, code }, visit)).rejects.toMatchObject(refused)
  expect(platform.refusals.at(-1)?.reason).toBe('mfa_token_over')
  const fifth = await logInHalf(platform, person.email)
  await tryTimes(fifth.mfaToken, 4)
  expect(await verifyMfa(deps, { mfaToken: fifth.mfaToken, code }, visit)).toHaveProperty('accessToken')
})

it('a half log-in is good for five minutes and not a millisecond longer, and for nothing else', async () => {
  const { deps, clock } = platform
  const person = await newPerson(platform)
  const { secret } = await withTotp(platform, person)
  const late = await logInHalf(platform, person.email)
  clock.advance(300_000)
  const verify = (mfaToken: string) => verifyMfa(deps, { mfaToken, code: codeOf(secret, clock.now()) }, visit)
  await expect(verify(late.mfaToken)).rejects.toMatchObject(refused)
  const half = await logInHalf(platform, person.email)
  clock.advance(299_999)
  await verify(half.mfaToken)
  clock.advance(30_000)
  await expect(verify(half.mfaToken)).rejects.toMatchObject(refused)
})

it('a wrong code and a token that never was get the same words', async () => {
  const { deps } = platform
  const person = await newPerson(platform)
  await withTotp(platform, person)
  const { mfaToken } = await logInHalf(platform, person.email)
  const messages = await Promise.all(
    [mfaToken, 'A'.repeat(43)].map((token) =>
      verifyMfa(deps, { mfaToken: token, code: '000000' }, visit).catch((error: unknown) => error),
    ),
  )
  expect(messages[0]).toEqual(messages[1])
})

it('a passkey opens a log-in once, verified, for its own challenge and origin, with a counter that grows', async () => {
  const { deps } = platform
  const person = await newPerson(platform)
  const authenticator = softwareAuthenticator()
  const options = await beginPasskey(deps, person.member)
  expect(options).toMatchObject({ rp: { id: 'gate.example.com' }, attestation: 'none' })
  const created = authenticator.create(options, origin)
  const { factor, recoveryCodes } = await addPasskey(deps, person.member, 'laptop', created)
  expect(factor).toMatchObject({ kind: 'passkey', name: 'laptop' })
  expect(recoveryCodes).toHaveLength(10)
  await expect(addPasskey(deps, person.member, 'again', created)).rejects.toMatchObject({
    code: 'PROOF_REFUSED',
  })

  const attempt = async (
    use: (asked: Awaited<ReturnType<typeof prepareMfa>>) => ReturnType<typeof authenticator.use>,
  ) => {
    const { mfaToken } = await logInHalf(platform, person.email)
    const passkey = use(await prepareMfa(deps, mfaToken, visit))
    const [first, again] = [
      await verifyMfa(deps, { mfaToken, passkey }, visit).catch(() => undefined),
      await verifyMfa(deps, { mfaToken, passkey }, visit).catch(() => undefined),
    ]
    expect(again).toBeUndefined()
    return first !== undefined
  }
  expect(await attempt((asked) => authenticator.use(asked, origin, { counter: 7 }))).toBe(true)
  expect(await attempt((asked) => authenticator.use(asked, origin, { counter: 8 }))).toBe(true)
  expect(await attempt((asked) => authenticator.use(asked, origin, { counter: 8 }))).toBe(false)
  expect(platform.refusals.map(({ reason }) => reason)).toContain('passkey_copied')
  expect(await attempt((asked) => authenticator.use(asked, 'https://evil.example'))).toBe(false)
  const unverified = { isVerified: false, counter: 20 }
  expect(await attempt((asked) => authenticator.use(asked, origin, unverified))).toBe(false)
  const other = { challenge: Buffer.alloc(32).toString('base64url') }
  expect(await attempt((asked) => authenticator.use({ ...asked, ...other }, origin, { counter: 21 }))).toBe(
    false,
  )
  expect(await attempt((asked) => softwareAuthenticator().use(asked, origin))).toBe(false)
  // Ten failed: the next one waits a second.
  platform.clock.advance(1_000)
  expect(await attempt((asked) => authenticator.use(asked, origin, { counter: 22 }))).toBe(true)
})

it('passkeys need a name, not an address', async () => {
  const deps = { ...platform.deps, publicUrl: () => 'http://127.0.0.1:8080' }
  const { member } = await newPerson(platform)
  await expect(beginPasskey(deps, member)).rejects.toMatchObject({ code: 'PASSKEYS_UNAVAILABLE' })
})

it('a change of factors ends every other session, is an entry, and is told by mail', async () => {
  const { deps, clock } = platform
  const person = await newPerson(platform)
  await logIn(deps, { email: person.email, password: 'correct horse battery' }, visit)
  const open = () => asGate(deps, (tx) => listSessions(tx, person.member.userId, clock.now()))
  expect(await open()).toHaveLength(2)
  const { id } = await withTotp(platform, person)
  expect((await open()).map((session) => session.id)).toEqual([person.member.sessionId])
  await runQueue(deps)
  expect(platform.mails.at(-1)).toMatchObject({ to: person.email })
  const { mfaToken } = await logInHalf(platform, person.email)
  await deleteFactor(deps, person.member, id)
  await expect(verifyMfa(deps, { mfaToken, code: '000000' }, visit)).rejects.toMatchObject(refused)
  expect(await logIn(deps, { email: person.email, password: 'correct horse battery' }, visit)).toHaveProperty(
    'accessToken',
  )
  const { auditLogs } = await listAuditLogs(deps, person.member, { action: 'factor.', limit: 10 })
  expect(auditLogs.map(({ action }) => action)).toEqual(['factor.remove', 'factor.add_totp', 'factor.enrol'])
})

it("another person's factor is not found", async () => {
  const { deps } = platform
  const [ann, bob] = [await newPerson(platform), await newPerson(platform)]
  const { id } = await withTotp(platform, ann)
  await expect(deleteFactor(deps, bob.member, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
