import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { afterAll, beforeEach, beforeAll, expect, it } from 'vitest'
import { runQueue } from '../testing/run-queue.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { createOwner } from './create-owner.ts'
import { listAuditLogs } from './list-audit-logs.ts'
import { logIn } from './log-in.ts'

let platform: TestPlatform
let email: string
let member: MemberPrincipal
let made = 0
const password = 'correct horse battery'
const dayMs = 86_400_000
const chrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36'
const newerChrome = chrome.replace('126', '127')
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0'
const home = { ip: '192.0.2.1', userAgent: chrome }

beforeAll(async () => {
  platform = await startTestPlatform()
})
afterAll(() => platform.database.drop())

/** A new person, who has logged in once from home. */
beforeEach(async () => {
  made += 1
  email = `p${made}@example.com`
  const { userId, belonging } = await createOwner(platform.deps, {
    email,
    password,
    name: 'P',
    orgName: 'Org',
  })
  member = { kind: 'member', orgId: belonging.orgId, userId, sessionId: '', role: 'owner', ip: home.ip }
  await mailsOf(home)
})

/** The mails that a person gets because of a log-in from there. */
async function mailsOf(visit: typeof home): Promise<readonly string[]> {
  const before = platform.mails.length
  await logIn(platform.deps, { email, password }, visit)
  await runQueue(platform.deps)
  return platform.mails.slice(before).flatMap(({ to, text }) => (to === email ? [text] : []))
}

const entries = async () =>
  (await listAuditLogs(platform.deps, member, { action: 'session.new_device', limit: 10 })).auditLogs

it('the very first log-in of a person is nothing new', async () => {
  expect(await entries()).toEqual([])
  expect(platform.mails.filter(({ to }) => to === email)).toEqual([])
})

it.each([
  ['the same device', home],
  ['a newer version of the browser', { ...home, userAgent: newerChrome }],
  ['a neighbouring address', { ...home, ip: '192.0.2.200' }],
])('%s is known', async (_what, visit) => {
  expect(await mailsOf(visit)).toEqual([])
  expect(await entries()).toEqual([])
})

it.each([
  ['another browser', { ...home, userAgent: firefox }, 'Firefox on Linux, from 192.0.2.1'],
  ['another network', { ...home, ip: '198.51.100.7' }, 'Chrome on Windows, from 198.51.100.7'],
])('%s is told by mail and in the chain, once', async (_what, visit, words) => {
  const mails = await mailsOf(visit)
  expect(mails).toHaveLength(1)
  expect(mails[0]).toContain(words)
  expect(await entries()).toMatchObject([{ userId: member.userId, resourceType: 'session' }])
  expect(await mailsOf(visit)).toEqual([])
  expect(await entries()).toHaveLength(1)
})

it('a device stays known for 90 days after it was last used, and is new again then', async () => {
  platform.clock.advance(90 * dayMs - 1)
  expect(await mailsOf(home)).toEqual([])
  platform.clock.advance(90 * dayMs)
  expect(await mailsOf(home)).toHaveLength(1)
})

it('to someone whose devices were all forgotten, every device is new', async () => {
  await platform.database.db.pool.query('TRUNCATE platform.known_device')
  expect(await mailsOf(home)).toHaveLength(1)
})

it('devices that one person uses are new to another', async () => {
  await mailsOf({ ...home, userAgent: firefox })
  await createOwner(platform.deps, { email: `other-${email}`, password, name: 'Q', orgName: 'Org' })
  email = `other-${email}`
  expect(await mailsOf(home)).toEqual([])
  expect(await mailsOf({ ...home, userAgent: firefox })).toHaveLength(1)
})
