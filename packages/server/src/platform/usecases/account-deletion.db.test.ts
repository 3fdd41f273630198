import { asGate, decideWithin, within } from '@gatehouse/kernel/db'
import { instanceOrgId, type MemberPrincipal } from '@gatehouse/kernel/principal'
import { listSessions, openSession } from '@gatehouse/kernel/sessions'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { policy } from '../policy.ts'
import { deleteUser, setDeletion } from '../store/account-store.ts'
import { listMembers } from '../store/membership-store.ts'
import { findOrg } from '../store/org-store.ts'
import { findPerson } from '../store/user-store.ts'
import { runQueue } from '../testing/run-queue.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { acceptInvitation } from './accept-invitation.ts'
import { cancelDeletion } from './cancel-deletion.ts'
import { cancelTeamDeletion } from './cancel-team-deletion.ts'
import { changeRole } from './change-role.ts'
import { createOwner } from './create-owner.ts'
import { createTeam } from './create-team.ts'
import { deleteAccount } from './delete-account.ts'
import { deleteDuePeople } from './delete-due-people.ts'
import { deleteTeam } from './delete-team.ts'
import { eraseDueOrgs } from './erase-due-orgs.ts'
import { invite } from './invite.ts'
import { listAuditLogs } from './list-audit-logs.ts'
import { removeMember } from './remove-member.ts'
import { requestDeletionCode } from './request-deletion-code.ts'

let platform: TestPlatform
const dayMs = 86_400_000
const instance = { kind: 'system', orgId: instanceOrgId, because: 'test' } as const

beforeAll(async () => {
  platform = await startTestPlatform()
})
afterAll(() => platform.database.drop())
beforeEach(() => {
  platform.mails.length = 0
  platform.refusals.length = 0
})

async function mailedCode(member: MemberPrincipal): Promise<string> {
  await requestDeletionCode(platform.deps, member)
  await runQueue(platform.deps)
  return /\b(\d{4} \d{4})\b/.exec(platform.mails.at(-1)?.text ?? '')?.[1]?.replace(' ', '') ?? ''
}

async function schedule(member: MemberPrincipal): Promise<number> {
  return deleteAccount(platform.deps, member, { code: await mailedCode(member) })
}

const find = ({ userId }: MemberPrincipal) => asGate(platform.deps, (tx) => findPerson(tx, userId))
const never = new AbortController().signal
const nameOf = async (owner: MemberPrincipal) => (await within(platform.deps, owner, findOrg))?.name
const deletionOf = async (owner: MemberPrincipal) =>
  (await within(platform.deps, owner, findOrg))?.deletionScheduledAtMs
const namesOf = async (owner: MemberPrincipal) =>
  (await within(platform.deps, owner, listMembers)).map(({ userId }) => userId)

it('an account is gone 30 days after its person asked, and not a millisecond sooner', async () => {
  const { deps, clock } = platform
  const owner = await platform.found()
  const member = await platform.join(owner.orgId, 'member')
  await asGate(deps, (tx) => openSession(tx, { ...member, userAgent: 'test' }, clock.now()))
  const askedMs = clock.now()
  expect(await schedule(member)).toBe(askedMs + policy.deletionDays * dayMs)
  await runQueue(deps)
  expect(platform.mails.at(-1)).toMatchObject({ subject: 'Your account will be deleted' })
  clock.set(askedMs + policy.deletionDays * dayMs - 1)
  // Mailed proofs that were not used are deleted as well.
  await requestDeletionCode(deps, member)
  await deleteDuePeople(deps)
  expect(await find(member)).toBeDefined()
  clock.advance(1)
  await deleteDuePeople(deps)
  expect(await find(member)).toBeUndefined()
  expect(await namesOf(owner)).toEqual([owner.userId])
  expect(await asGate(deps, (tx) => listSessions(tx, member.userId, askedMs))).toEqual([])
  const { auditLogs } = await listAuditLogs(deps, instance, { action: 'user.delete', limit: 1 })
  expect(auditLogs).toMatchObject([{ resourceId: member.userId, outcome: 'done' }])
  const left = await listAuditLogs(deps, owner, { action: 'member.leave', limit: 1 })
  expect(left.auditLogs).toMatchObject([{ resourceId: member.userId }])
})

it('an org of nobody else is deleted with its owner, whichever of the two has its turn first', async () => {
  const { deps, clock } = platform
  const [ann, bob] = [await platform.found('Of Ann'), await platform.found('Of Bob')]
  const dueMs = await schedule(ann)
  await schedule(bob)
  expect(await deletionOf(ann)).toBe(dueMs)
  clock.set(dueMs - 1)
  await eraseDueOrgs(deps, never)
  await deleteDuePeople(deps)
  expect(await namesOf(ann)).toEqual([ann.userId])
  clock.advance(1)
  await deleteDuePeople(deps)
  expect(await find(ann)).toBeUndefined()
  expect(await nameOf(ann)).toBe('Erased')
  await eraseDueOrgs(deps, never)
  await deleteDuePeople(deps)
  expect(await find(bob)).toBeUndefined()
  expect(await nameOf(bob)).toBe('Erased')
})

it('whoever keeps their account keeps the orgs that would have gone along, and no other', async () => {
  const { deps, clock } = platform
  const owner = await platform.found('First')
  const { orgId } = await createTeam(deps, owner, 'Second')
  const second = { ...owner, orgId }
  const secondDueMs = await deleteTeam(deps, second)
  clock.advance(dayMs)
  await schedule(owner)
  for (const member of [owner, second])
    await expect(cancelTeamDeletion(deps, member)).rejects.toMatchObject({
      code: 'GOES_WITH_ACCOUNT',
      status: 409,
    })
  await cancelDeletion(deps, owner)
  expect(await deletionOf(owner)).toBeNull()
  expect(await deletionOf(second)).toBe(secondDueMs)
  await cancelTeamDeletion(deps, second)
  expect(await deletionOf(second)).toBeNull()
})

it('an org that was founded after all of that goes along, too', async () => {
  const { deps, clock } = platform
  const owner = await platform.found()
  await schedule(owner)
  const { orgId } = await createTeam(deps, owner, 'Late')
  clock.advance(policy.deletionDays * dayMs)
  await deleteDuePeople(deps)
  expect(await find(owner)).toBeUndefined()
  expect(await nameOf({ ...owner, orgId })).toBe('Erased')
})

it('nobody joins an org that is about to be gone', async () => {
  const { deps } = platform
  const owner = await platform.found()
  const { token } = await invite(deps, owner, { role: 'owner' })
  const joining = { token, email: 'late@example.com', password: 'correct horse battery', name: 'Late' }
  const join = () => acceptInvitation(deps, joining, { ip: '192.0.2.1', userAgent: undefined }, 'en')
  await schedule(owner)
  await expect(join()).rejects.toMatchObject({ code: 'EXPIRED_TOKEN' })
  await cancelDeletion(deps, owner)
  await join()
})

it('whoever changes their mind stays', async () => {
  const { deps, clock } = platform
  const owner = await platform.found()
  const member = await platform.join(owner.orgId, 'member')
  const first = await schedule(member)
  clock.advance(dayMs)
  expect(await schedule(member)).toBe(first)
  await cancelDeletion(deps, member)
  await expect(cancelDeletion(deps, member)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  clock.advance(policy.deletionDays * dayMs)
  await deleteDuePeople(deps)
  expect(await namesOf(owner)).toContain(member.userId)
})

it('the last owner of others names another first', async () => {
  const { deps } = platform
  const owner = await platform.found('Acme')
  const member = await platform.join(owner.orgId, 'member')
  await expect(schedule(owner)).rejects.toMatchObject({
    code: 'LAST_OWNER',
    status: 409,
    detail: 'Name another owner first for: Acme',
  })
  await changeRole(deps, owner, member.userId, 'owner')
  await schedule(owner)
})

it('someone who became the last owner in the meantime stays, and hears why', async () => {
  const { deps, clock } = platform
  const owner = await platform.found('Acme')
  const other = await platform.join(owner.orgId, 'owner')
  await platform.join(owner.orgId, 'viewer')
  await schedule(owner)
  await removeMember(deps, other, other.userId)
  clock.advance(policy.deletionDays * dayMs)
  await deleteDuePeople(deps)
  expect(await find(owner)).toMatchObject({ deletionScheduledAtMs: null })
  await runQueue(deps)
  expect(platform.mails.at(-1)).toMatchObject({ subject: 'Your account was not deleted' })
  const { auditLogs } = await listAuditLogs(deps, owner, { action: 'user.delete', limit: 1 })
  expect(auditLogs).toMatchObject([{ outcome: 'refused', reason: 'last_owner' }])
})

it('a code works once, for its hour and for its person', async () => {
  const { deps, clock } = platform
  const owner = await platform.found()
  const [ann, bob] = [await platform.join(owner.orgId, 'member'), await platform.join(owner.orgId, 'member')]
  const refused = { code: 'EXPIRED_TOKEN', status: 400 }
  const code = await mailedCode(ann)
  await expect(deleteAccount(deps, bob, { code })).rejects.toMatchObject(refused)
  expect(platform.refusals).toMatchObject([{ reason: 'wrong_deletion_code' }])
  await deleteAccount(deps, ann, { code })
  await cancelDeletion(deps, ann)
  await expect(deleteAccount(deps, ann, { code })).rejects.toMatchObject(refused)
  const late = await mailedCode(ann)
  clock.advance(policy.deletionCodeMinutes * 60_000)
  await expect(deleteAccount(deps, ann, { code: late })).rejects.toMatchObject(refused)
})

it('after five wrong codes the right one is refused, too', async () => {
  const { deps } = platform
  const owner = await platform.found()
  const [ann, bob] = [await platform.join(owner.orgId, 'member'), await platform.join(owner.orgId, 'member')]
  const guess = async (member: MemberPrincipal, times: number): Promise<void> => {
    for (let n = 0; n < times; n += 1)
      await deleteAccount(deps, member, { code: 'wrong' }).catch(() => undefined)
  }
  const [annsCode, bobsCode] = [await mailedCode(ann), await mailedCode(bob)]
  await guess(ann, policy.deletionCodeAttemptsMax - 1)
  await deleteAccount(deps, ann, { code: annsCode })
  await guess(bob, policy.deletionCodeAttemptsMax)
  await expect(deleteAccount(deps, bob, { code: bobsCode })).rejects.toMatchObject({ code: 'EXPIRED_TOKEN' })
})

it('the password will do in place of a code, and a wrong one deletes nobody', async () => {
  const { deps } = platform
  const password = 'correct horse battery'
  const { userId, belonging } = await createOwner(deps, {
    email: 'paula@example.com',
    password,
    name: 'Paula',
    orgName: 'Paulas',
  })
  const { orgId } = belonging
  const paula = { kind: 'member', userId, orgId, role: 'owner', sessionId: '', ip: '192.0.2.1' } as const
  await expect(deleteAccount(deps, paula, { password: 'something else' })).rejects.toMatchObject({
    fields: [{ field: 'password' }],
  })
  expect(await find(paula)).toMatchObject({ deletionScheduledAtMs: null })
  const atMs = await deleteAccount(deps, paula, { password })
  expect(await find(paula)).toMatchObject({ deletionScheduledAtMs: atMs })
})

it('an org can delete nobody, whatever it asks of the database', async () => {
  const { deps, clock } = platform
  const owner = await platform.found()
  const member = await platform.join(owner.orgId, 'member')
  const gone = await decideWithin(deps, owner, async (tx) => {
    // Safe: only the brand of an audited transaction is missing.
    const audited = tx as Parameters<typeof deleteUser>[0]
    await setDeletion(audited, member.userId, clock.now(), clock.now())
    return deleteUser(audited, member.userId, clock.now())
  })
  expect(gone).toBe(false)
  expect(await find(member)).toBeDefined()
})
