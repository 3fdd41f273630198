import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { policy } from '../policy.ts'
import { runQueue } from '../testing/run-queue.ts'
import {
  codeOf,
  logInHalf,
  newPerson,
  password,
  type TestPerson,
  withTotp,
} from '../testing/secured-person.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { acceptInvitation } from './accept-invitation.ts'
import { changePassword } from './change-password.ts'
import { invite } from './invite.ts'
import { listAuditLogs } from './list-audit-logs.ts'
import { logIn } from './log-in.ts'
import { verifySudo } from './sudo.ts'
import { verifyMfa } from './verify-mfa.ts'

let platform: TestPlatform
const promise = 'guessing-is-slowed-per-account-and-never-locks-the-owner-out'
const home = { ip: '192.0.2.9', userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' }
const refused = { code: 'UNAUTHORIZED', status: 401 }
const { free } = policy.guesses
let strangers = 0

beforeAll(async () => {
  platform = await startTestPlatform()
})
afterAll(() => platform.database.drop())
beforeEach(async () => {
  await runQueue(platform.deps)
  platform.mails.length = 0
  platform.refusals.length = 0
})

/** A new address each time. */
function stranger() {
  strangers += 1
  return { ip: `198.51.${strangers % 256}.${strangers >> 8}`, userAgent: 'curl/8' }
}
const tryAs = ({ email }: TestPerson, given: string, visit = stranger()) =>
  logIn(platform.deps, { email, password: given }, visit)

async function guess(person: TestPerson, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1)
    await expect(tryAs(person, 'something else')).rejects.toMatchObject(refused)
}
const reasons = () => platform.refusals.map(({ reason }) => reason)

it(`${promise}: of fifteen passwords from fifteen addresses ten are looked at, and the right one waits with the rest`, async () => {
  const person = await newPerson(platform)
  await guess(person, free + 5)
  expect(reasons().filter((reason) => reason === 'wrong_password')).toHaveLength(free)
  expect(reasons().filter((reason) => reason === 'password_held')).toHaveLength(5)
  await expect(tryAs(person, password)).rejects.toMatchObject(refused)
})

it(`${promise}: fifteen at the same moment are no more than ten`, async () => {
  const person = await newPerson(platform)
  await Promise.allSettled(Array.from({ length: free + 5 }, () => tryAs(person, 'something else')))
  expect(reasons().filter((reason) => reason === 'wrong_password')).toHaveLength(free)
})

it(`${promise}: each further try waits twice as long, up to five minutes, and no try counts that was not looked at`, async () => {
  const { clock } = platform
  const person = await newPerson(platform)
  await guess(person, free)
  for (const seconds of [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]) {
    clock.advance(seconds * 1_000 - 1)
    platform.refusals.length = 0
    await guess(person, 1)
    clock.advance(1)
    await guess(person, 1)
    expect({ seconds, reasons: reasons() }).toEqual({
      seconds,
      reasons: ['password_held', 'wrong_password'],
    })
  }
  clock.advance(300_000)
  await tryAs(person, password)
})

it(`${promise}: a device that has signed in before gets in at once, and the person hears of it, once an hour`, async () => {
  const { deps, clock, mails } = platform
  const person = await newPerson(platform)
  await tryAs(person, password, home)
  await runQueue(deps)
  mails.length = 0
  await guess(person, free + 1)
  await tryAs(person, password, home)
  clock.advance(1_000)
  await guess(person, 1)
  await runQueue(deps)
  expect(mails.map(({ to, subject }) => [to, subject])).toEqual([
    [person.email, 'Someone keeps trying to get into your account'],
  ])
  const { auditLogs } = await listAuditLogs(deps, person.member, { action: 'account.', limit: 5 })
  expect(auditLogs).toMatchObject([{ action: 'account.guessed', details: { purpose: 'password' } }])
  // Failures on that device delay that device only.
  for (let n = 0; n < free; n += 1)
    await expect(tryAs(person, 'something else', home)).rejects.toMatchObject(refused)
  await expect(tryAs(person, password, home)).rejects.toMatchObject(refused)
})

it(`${promise}: ten failures in more than a quarter of an hour hold nobody up`, async () => {
  const { clock } = platform
  const person = await newPerson(platform)
  for (let n = 0; n < free + 4; n += 1) {
    await guess(person, 1)
    clock.advance((policy.guesses.windowMinutes * 60_000) / (free - 1))
  }
  expect(await tryAs(person, password)).toHaveProperty('accessToken')
})

it(`${promise}: the right password sets the count back, and after a quiet quarter of an hour it begins anew`, async () => {
  const { clock } = platform
  const person = await newPerson(platform)
  await guess(person, free - 1)
  await tryAs(person, password)
  await guess(person, free + 1)
  clock.advance(policy.guesses.windowMinutes * 60_000)
  await guess(person, free - 1)
  expect(await tryAs(person, password)).toHaveProperty('accessToken')
})

it(`${promise}: an address that nobody has is slowed in the same way, and nobody is told`, async () => {
  const nobody = { email: 'nobody@example.com' }
  for (let n = 0; n < free + 2; n += 1)
    await expect(logIn(platform.deps, { ...nobody, password: 'x' }, stranger())).rejects.toMatchObject(
      refused,
    )
  await runQueue(platform.deps)
  expect(platform.mails).toEqual([])
})

it(`${promise}: an invitation of one's own is no way around it`, async () => {
  const { deps } = platform
  const [victim, eve] = [await newPerson(platform), await newPerson(platform)]
  const { token } = await invite(deps, eve.member, { role: 'viewer' })
  const accept = (given: string) =>
    acceptInvitation(deps, { token, email: victim.email, password: given }, stranger(), 'en')
  for (let n = 0; n < free; n += 1) await expect(accept('something else')).rejects.toMatchObject(refused)
  await expect(accept(password)).rejects.toMatchObject(refused)
  await expect(tryAs(victim, password)).rejects.toMatchObject(refused)
  expect(reasons().at(-1)).toBe('password_held')
})

it(`${promise}: strangers hold up no session of the person, neither its fresh proof nor its change of password`, async () => {
  const { deps } = platform
  const person = await newPerson(platform)
  await guess(person, free + 1)
  await verifySudo(deps, person.member, { password })
  const changed = changePassword(deps, person.member, {
    currentPassword: password,
    newPassword: 'a fresh staple of 2026',
  })
  await expect(changed).resolves.toBeUndefined()
})

it(`${promise}: twelve at the same moment with the right password are no guesses`, async () => {
  const person = await newPerson(platform)
  const entered = await Promise.all(Array.from({ length: free + 2 }, () => tryAs(person, password)))
  expect(entered).toHaveLength(free + 2)
})

it(`${promise}: second factors are counted in the same way, recovery codes among them`, async () => {
  const { deps, clock } = platform
  const person = await newPerson(platform)
  const { secret, recoveryCodes } = await withTotp(platform, person)
  const { mfaToken: waiting } = await logInHalf(platform, person.email)
  let tried = 0
  while (tried < free) {
    const { mfaToken } = await logInHalf(platform, person.email)
    for (let n = 0; n < policy.mfaTriesMax - 1 && tried < free; n += 1, tried += 1)
      await expect(verifyMfa(deps, { mfaToken, code: '000000' }, stranger())).rejects.toMatchObject(refused)
  }
  const right = { mfaToken: waiting, code: codeOf(secret, clock.now()) }
  await expect(verifyMfa(deps, right, stranger())).rejects.toMatchObject(refused)
  const spare = { mfaToken: waiting, recoveryCode: recoveryCodes[0] ?? '' }
  await expect(verifyMfa(deps, spare, stranger())).rejects.toMatchObject(refused)
  expect(reasons().slice(-2)).toEqual(['second_factor_held', 'second_factor_held'])
  clock.advance(1_000)
  await verifyMfa(deps, spare, stranger())
})

it(`${promise}: while failures cannot be counted nobody gets in`, async () => {
  const { database } = platform
  const person = await newPerson(platform)
  await database.db.pool.query('ALTER TABLE platform.guess RENAME TO guess_away')
  try {
    await expect(tryAs(person, password)).rejects.toThrow()
  } finally {
    await database.db.pool.query('ALTER TABLE platform.guess_away RENAME TO guess')
  }
})
