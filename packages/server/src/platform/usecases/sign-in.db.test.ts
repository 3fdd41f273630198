import { createHook } from 'node:async_hooks'
import { pbkdf2Sync, randomBytes } from 'node:crypto'
import { asGate, within } from '@gatehouse/kernel/db'
import { Problem } from '@gatehouse/kernel/problem'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { listMembers } from '../store/membership-store.ts'
import { findAccountByEmail, setPasswordHash } from '../store/user-store.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { toSignedIn } from '../testing/to-signed-in.ts'
import { createOwner } from './create-owner.ts'
import { createOwnerLink } from './create-owner-link.ts'
import { listAuditLogs } from './list-audit-logs.ts'
import { logIn } from './log-in.ts'
import { setUpOwner } from './set-up-owner.ts'

let platform: TestPlatform
const visit = { ip: '192.0.2.9', userAgent: 'test' }
const password = 'correct horse battery'

beforeAll(async () => {
  platform = await startTestPlatform()
})
afterAll(() => platform.database.drop())
beforeEach(() => {
  platform.refusals.length = 0
})

async function newLink(): Promise<string> {
  const link = await createOwnerLink(platform.deps)
  if (!link.open) throw new Error('Somebody has an account already')
  return new URL(link.url).searchParams.get('token') ?? ''
}

const request = (token: string, n = 0) => ({
  token,
  email: `owner${n}@example.com`,
  password,
  name: 'Ann',
  orgName: 'Acme',
})

const refusalOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

it('an owner link that is replaced, expired or made up lets nobody in', async () => {
  const { deps, clock } = platform
  const replaced = await newLink()
  const link = await createOwnerLink(deps)
  expect(link.open).toBe(true)
  await expect(setUpOwner(deps, request(replaced), visit, 'en')).rejects.toMatchObject({
    code: 'EXPIRED_TOKEN',
  })
  await expect(setUpOwner(deps, request('A'.repeat(43)), visit, 'en')).rejects.toMatchObject({
    code: 'EXPIRED_TOKEN',
  })
  const token = await newLink()
  clock.advance(24 * 3_600_000)
  await expect(setUpOwner(deps, request(token), visit, 'en')).rejects.toMatchObject({ code: 'EXPIRED_TOKEN' })
})

it('a common password is refused by name of its field, and the link stays good', async () => {
  const { deps } = platform
  const token = await newLink()
  const weak = { ...request(token), password: 'password1' }
  await expect(setUpOwner(deps, weak, visit, 'en')).rejects.toMatchObject({
    code: 'VALIDATION_ERROR',
    fields: [{ field: 'password' }],
  })
})

it('first-owner-link-works-once, also for twenty who use it at the same moment', async () => {
  const { deps } = platform
  const token = await newLink()
  const attempts = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) => setUpOwner(deps, request(token, n), visit, 'en')),
  )
  const entered = attempts.filter((attempt) => attempt.status === 'fulfilled')
  const refused = attempts.filter((attempt) => attempt.status === 'rejected')
  expect(entered).toHaveLength(1)
  expect(new Set(refused.map(({ reason }) => (reason instanceof Problem ? reason.code : reason)))).toEqual(
    new Set(['EXPIRED_TOKEN']),
  )
  const user = entered[0]?.value.user
  expect(user).toMatchObject({ name: 'Ann', role: 'owner' })
  const system = { kind: 'system', orgId: user?.teamId ?? '', because: 'test' } as const
  expect(await within(deps, system, listMembers)).toHaveLength(1)
  const { auditLogs } = await listAuditLogs(deps, system, { limit: 10 })
  expect(auditLogs.map(({ eventType }) => eventType)).toEqual(['session.open', 'user.create', 'org.create'])
})

it('once somebody has an account, no link can be made', async () => {
  expect(await createOwnerLink(platform.deps)).toEqual({ open: false })
})

it('unknown-and-wrong-logins-are-indistinguishable, and the log knows which was which', async () => {
  const { deps, refusals } = platform
  await createOwner(deps, { email: 'ann@example.com', password, name: 'Ann', orgName: 'Acme' })
  const wrong = await refusalOf(logIn(deps, { email: 'ann@example.com', password: 'something else' }, visit))
  const unknown = await refusalOf(
    logIn(deps, { email: 'nobody@example.com', password: 'something else' }, visit),
  )
  expect(wrong).toMatchObject({ code: 'UNAUTHORIZED', status: 401 })
  expect(unknown).toEqual(wrong)
  expect(refusals.map(({ reason }) => reason)).toEqual(['wrong_password', 'unknown_address'])
})

/** How many passwords were derived until `work` was over: what a log-in takes long for. */
async function derivationsIn(work: () => Promise<unknown>): Promise<number> {
  let count = 0
  const hook = createHook({ init: (_id, type) => void (count += type === 'PBKDF2REQUEST' ? 1 : 0) })
  hook.enable()
  await work()
  hook.disable()
  return count
}

it('unknown-and-wrong-logins-are-indistinguishable by the work they take', async () => {
  const { deps } = platform
  const email = 'slow@example.com'
  await createOwner(deps, { email, password, name: 'Slow', orgName: 'Acme' })
  const tryAs = (name: string) => () =>
    refusalOf(logIn(deps, { email: name, password: 'something else' }, visit))
  expect(await derivationsIn(tryAs(email))).toBe(1)
  expect(await derivationsIn(tryAs('nobody@example.com'))).toBe(1)
})

it('an old hash still opens, and is replaced by one of today', async () => {
  const { deps } = platform
  const email = 'old@example.com'
  await createOwner(deps, { email, password, name: 'Old', orgName: 'Acme' })
  const find = () => asGate(deps, (tx) => findAccountByEmail(tx, email))
  const account = await find()
  if (account === undefined) throw new Error('The owner was just made')
  const old = oldHash(password)
  await asGate(deps, (tx) => setPasswordHash(tx, account.id, account.passwordHash, old))
  await logIn(deps, { email, password }, visit)
  expect((await find())?.passwordHash).toMatch(/^\$pbkdf2-sha256\$i=600000\$/)
  await logIn(deps, { email, password }, visit)
})

it('a log-in is an entry of the chain of the org that it opens', async () => {
  const { deps } = platform
  const { belonging, userId } = await createOwner(deps, {
    email: 'bob@example.com',
    password,
    name: 'Bob',
    orgName: 'Bobs',
  })
  const { user } = toSignedIn(await logIn(deps, { email: 'bob@example.com', password }, visit))
  expect(user).toEqual({
    id: userId,
    email: 'bob@example.com',
    preferences: { language: null, timeZone: null, theme: 'system' },
    name: 'Bob',
    teamId: belonging.orgId,
    role: 'owner',
  })
  const system = { kind: 'system', orgId: belonging.orgId, because: 'test' } as const
  const { auditLogs } = await listAuditLogs(deps, system, { action: 'session.open', limit: 10 })
  expect(auditLogs).toMatchObject([{ userId, ipAddress: visit.ip }])
})

/** A hash as an earlier version stored it, with 100,000 iterations. */
function oldHash(text: string): string {
  const salt = randomBytes(16)
  const encode = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')
  const hash = pbkdf2Sync(text, salt, 100_000, 32, 'sha256')
  return `$pbkdf2-sha256$i=100000$${encode(salt)}$${encode(hash)}`
}
