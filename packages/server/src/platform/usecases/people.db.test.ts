import { within } from '@gatehouse/kernel/db'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listMembers } from '../store/membership-store.ts'
import { findPerson } from '../store/user-store.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { changeRole } from './change-role.ts'
import { listAuditLogs } from './list-audit-logs.ts'
import { removeMember } from './remove-member.ts'

let platform: TestPlatform

beforeAll(async () => {
  platform = await startTestPlatform()
})
afterAll(() => platform.database.drop())

const ownersOf = async (orgId: string): Promise<number> => {
  const members = await within(platform.deps, { kind: 'system', orgId, because: 'test' }, listMembers)
  return members.filter(({ role }) => role === 'owner').length
}

it('last-owner-cannot-leave', async () => {
  const { deps, found } = platform
  const owner = await found()
  await expect(removeMember(deps, owner, owner.userId)).rejects.toMatchObject({
    code: 'LAST_OWNER',
    status: 409,
  })
  await expect(changeRole(deps, owner, owner.userId, 'member')).rejects.toMatchObject({ code: 'LAST_OWNER' })
})

it('last-owner-cannot-leave: of two owners who leave at once, one stays', async () => {
  const { deps, found, join } = platform
  for (let round = 0; round < 10; round += 1) {
    const ann = await found()
    const bob = await join(ann.orgId, 'owner')
    const leaving = await Promise.allSettled([
      removeMember(deps, ann, ann.userId),
      removeMember(deps, bob, bob.userId),
    ])
    expect(leaving.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await ownersOf(ann.orgId)).toBe(1)
  }
})

it('last-owner-cannot-leave: of two owners who demote each other, one stays', async () => {
  const { deps, found, join } = platform
  const ann = await found()
  const bob = await join(ann.orgId, 'owner')
  await Promise.allSettled([
    changeRole(deps, ann, bob.userId, 'viewer'),
    changeRole(deps, bob, ann.userId, 'viewer'),
  ])
  expect(await ownersOf(ann.orgId)).toBe(1)
})

it('members leave by themselves, and remove nobody else', async () => {
  const { deps, found, join } = platform
  const owner = await found()
  const member = await join(owner.orgId, 'member')
  const viewer = await join(owner.orgId, 'viewer')
  await expect(removeMember(deps, member, viewer.userId)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await removeMember(deps, viewer, viewer.userId)
  await removeMember(deps, owner, member.userId)
  await expect(removeMember(deps, owner, member.userId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

it("another org's person is not found, in the words of one who never existed", async () => {
  const { deps, found } = platform
  const [ann, eve] = [await found(), await found()]
  const refusal = (userId: string): Promise<unknown> =>
    changeRole(deps, ann, userId, 'viewer').catch((error: unknown) => error)
  expect(await refusal(eve.userId)).toEqual(await refusal('01ARZ3NDEKTSV4RRFFQ69G5FAV'))
  expect(await within(deps, ann, (tx) => findPerson(tx, eve.userId))).toBeUndefined()
})

it('every change of people is an entry with who, whom, from and to', async () => {
  const { deps, found, join } = platform
  const owner = await found()
  const member = await join(owner.orgId, 'member')
  await changeRole(deps, owner, member.userId, 'viewer')
  const { auditLogs } = await listAuditLogs(deps, owner, { action: 'member.change_role', limit: 10 })
  expect(auditLogs).toMatchObject([
    {
      actorId: owner.userId,
      resourceId: member.userId,
      ipAddress: owner.ip,
      details: { from: 'member', to: 'viewer' },
    },
  ])
})
