import { asGate } from '@gatehouse/kernel/db'
import { instanceOrgId, type MemberPrincipal, type Role } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PlatformDeps } from '../deps.ts'
import { policy } from '../policy.ts'
import { findPerson } from '../store/user-store.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { changeRole } from './change-role.ts'
import {
  createAccountResetLink,
  createMemberResetLink,
  createOperatorResetLink,
  type ResetLink,
} from './create-reset-link.ts'
import { createTeam } from './create-team.ts'
import { listAuditLogs } from './list-audit-logs.ts'
import { resetPassword } from './reset-password.ts'

let platform: TestPlatform
let deps: PlatformDeps
const visit = { ip: '192.0.2.9' }
const password = 'a fresh staple of 2026'
const expired = { code: 'EXPIRED_TOKEN', status: 400 }

beforeAll(async () => {
  platform = await startTestPlatform()
  deps = { ...platform.deps, mailer: { ...platform.deps.mailer, isConfigured: false } }
})
afterAll(() => platform.database.drop())

const tokenOf = ({ url }: ResetLink): string => new URL(url).searchParams.get('token') ?? ''
const use = (link: ResetLink) => resetPassword(deps, { token: tokenOf(link), password }, visit)
const entriesOf = async (orgId: string, resourceId: string) => {
  const system = { kind: 'system', orgId, because: 'test' } as const
  const { auditLogs } = await listAuditLogs(deps, system, { action: 'user.reset_link', limit: 10 })
  return auditLogs.filter((entry) => entry.resourceId === resourceId)
}
async function teamOf(role: Role = 'member'): Promise<[MemberPrincipal, MemberPrincipal]> {
  const owner = await platform.found()
  return [owner, await platform.join(owner.orgId, role)]
}

it('a-reset-without-a-mail-server: an owner hands over a link that works once, and proves no address', async () => {
  const [owner, bob] = await teamOf()
  const link = await createMemberResetLink(deps, owner, bob.userId)
  expect(link.url).toMatch(/^https:\/\/[^/]+\/app\/reset-password\?token=[\w-]{43}$/)
  expect(await entriesOf(owner.orgId, bob.userId)).toMatchObject([{ userId: owner.userId }])
  expect(JSON.stringify(await entriesOf(owner.orgId, bob.userId))).not.toContain(tokenOf(link))
  await deps.db.pool.query('UPDATE platform."user" SET email_verified_at = NULL WHERE id = $1', [bob.userId])
  const uses = await Promise.allSettled([use(link), use(link)])
  expect(uses.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  await expect(use(link)).rejects.toMatchObject(expired)
  const after = await asGate(deps, (tx) => findPerson(tx, bob.userId))
  expect(after?.emailVerifiedAtMs).toBe(null)
})

it('a link that was handed over works for an hour to the millisecond, and a newer one replaces it', async () => {
  const [owner, bob] = await teamOf()
  const first = await createMemberResetLink(deps, owner, bob.userId)
  const second = await createMemberResetLink(deps, owner, bob.userId)
  await expect(use(first)).rejects.toMatchObject(expired)
  const madeAtMs = platform.clock.now()
  platform.clock.set(madeAtMs + policy.passwordResetMinutes * 60_000)
  await expect(use(second)).rejects.toMatchObject(expired)
  const third = await createMemberResetLink(deps, owner, bob.userId)
  platform.clock.advance(policy.passwordResetMinutes * 60_000 - 1)
  await use(third)
})

it('an owner makes no link for oneself, a stranger, or somebody who belongs to more than what they own', async () => {
  const [owner, bob] = await teamOf()
  const [other] = await teamOf()
  const refused = (userId: string, code: string) =>
    expect(createMemberResetLink(deps, owner, userId)).rejects.toMatchObject({ code })
  await refused(owner.userId, 'FORBIDDEN')
  await refused(other.userId, 'NOT_FOUND')
  await refused('01ARZ3NDEKTSV4RRFFQ69G5FAV', 'NOT_FOUND')
  const link = await createMemberResetLink(deps, owner, bob.userId)
  await createTeam(deps, bob, 'An org of Bob')
  await expect(use(link)).rejects.toMatchObject(expired)
  await refused(bob.userId, 'FORBIDDEN')
})

it('an owner makes no link for an administrator of the instance', async () => {
  const [owner, bob] = await teamOf()
  const email = (await asGate(deps, (tx) => findPerson(tx, bob.userId)))?.email ?? ''
  const admins = { ...deps, admins: [email], mailer: { ...deps.mailer, isConfigured: false } }
  await deps.db.pool.query('UPDATE platform."user" SET email_verified_at = now() WHERE id = $1', [bob.userId])
  await expect(createMemberResetLink(admins, owner, bob.userId)).rejects.toMatchObject({ code: 'FORBIDDEN' })
})

it('the links of an owner who is one no more are worth nothing', async () => {
  const [owner, bob] = await teamOf()
  const second = await platform.join(owner.orgId, 'owner')
  const link = await createMemberResetLink(deps, second, bob.userId)
  await changeRole(deps, owner, second.userId, 'viewer')
  await expect(use(link)).rejects.toMatchObject(expired)
})

it('an administrator and the operator make one for anybody, as entries of the instance', async () => {
  const [owner, bob] = await teamOf()
  const email = (await asGate(deps, (tx) => findPerson(tx, bob.userId)))?.email ?? ''
  await use(await createAccountResetLink(deps, owner, email))
  const link = await createOperatorResetLink(deps, email)
  if (link === undefined) throw new Error('Bob has an account')
  await use(link)
  expect(await entriesOf(instanceOrgId, bob.userId)).toMatchObject([
    { userId: null },
    { userId: owner.userId },
  ])
  expect(await createOperatorResetLink(deps, 'nobody@example.com')).toBeUndefined()
  await expect(createAccountResetLink(deps, owner, 'nobody@example.com')).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
})

it('with a mail server the mailbox alone gets the link', async () => {
  const [owner, bob] = await teamOf()
  const refusal = { code: 'RESET_IS_MAILED', status: 409 }
  await expect(createMemberResetLink(platform.deps, owner, bob.userId)).rejects.toMatchObject(refusal)
  const email = (await asGate(deps, (tx) => findPerson(tx, bob.userId)))?.email ?? ''
  await expect(createAccountResetLink(platform.deps, owner, email)).rejects.toMatchObject(refusal)
})
