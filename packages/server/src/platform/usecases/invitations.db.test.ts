import { within } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { policy } from '../policy.ts'
import { listOpenInvitations } from '../store/invitation-store.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { acceptInvitation } from './accept-invitation.ts'
import { changeRole } from './change-role.ts'
import { invite } from './invite.ts'
import { removeMember } from './remove-member.ts'
import { revokeInvitation } from './revoke-invitation.ts'

let platform: TestPlatform

beforeAll(async () => {
  platform = await startTestPlatform()
})
afterAll(() => platform.database.drop())

it('an address is invited once at a time, and again after it is revoked or expired', async () => {
  const { deps, clock, found } = platform
  const owner = await found()
  const { invitation } = await invite(deps, owner, { role: 'member', email: 'bob@example.com' })
  const again = () => invite(deps, owner, { role: 'member', email: 'bob@example.com' })
  await expect(again()).rejects.toMatchObject({ code: 'INVITATION_EXISTS' })
  await revokeInvitation(deps, owner, invitation.id)
  const { invitation: second } = await again()
  clock.set(second.expiresAtMs - 1)
  await expect(again()).rejects.toMatchObject({ code: 'INVITATION_EXISTS' })
  clock.set(second.expiresAtMs)
  await again()
})

it('someone who belongs already is not invited', async () => {
  const { deps, found, join } = platform
  const owner = await found()
  const member = await join(owner.orgId, 'member')
  const email = `${member.userId.toLowerCase()}@example.com`
  await expect(invite(deps, owner, { role: 'viewer', email })).rejects.toMatchObject({
    code: 'ALREADY_MEMBER',
  })
})

it('the last open invitation that may be made is made, and one more is refused', async () => {
  const { deps, found } = platform
  const owner = await found()
  for (let made = 0; made < policy.openInvitationsMax; made += 1)
    await invite(deps, owner, { role: 'viewer' })
  await expect(invite(deps, owner, { role: 'viewer' })).rejects.toMatchObject({
    code: 'INVITATION_LIMIT_REACHED',
  })
})

it('without a mail server nothing is pretended', async () => {
  const { deps, found } = platform
  const mailer = { ...deps.mailer, isConfigured: false }
  const owner = await found()
  expect(
    (await invite({ ...deps, mailer }, owner, { role: 'member', email: 'a@example.com' })).emailSent,
  ).toBe(false)
  expect((await invite(deps, owner, { role: 'member', email: 'b@example.com' })).emailSent).toBe(true)
})

it("another org's invitation is not found and stays", async () => {
  const { deps, clock, found } = platform
  const [ann, eve] = [await found(), await found()]
  const { invitation } = await invite(deps, ann, { role: 'owner' })
  await expect(revokeInvitation(deps, eve, invitation.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await within(deps, ann, (tx) => listOpenInvitations(tx, clock.now()))).toHaveLength(1)
})

it.each([
  [
    'is removed',
    (owner: MemberPrincipal, gone: MemberPrincipal) => removeMember(platform.deps, owner, gone.userId),
  ],
  [
    'is an owner no more',
    (owner: MemberPrincipal, gone: MemberPrincipal) =>
      changeRole(platform.deps, owner, gone.userId, 'member'),
  ],
])('the invitations of somebody who %s end, and those of others stay', async (_how, end) => {
  const { deps, found, join } = platform
  const owner = await found()
  const second = await join(owner.orgId, 'owner')
  const { token } = await invite(deps, second, { role: 'owner' })
  const { invitation: kept } = await invite(deps, owner, { role: 'member' })
  await end(owner, second)
  const accepting = { token, email: 'back@example.com', password: 'correct horse battery', name: 'Back' }
  await expect(
    acceptInvitation(deps, accepting, { ip: '192.0.2.9', userAgent: 'test' }, 'en'),
  ).rejects.toMatchObject({ code: 'EXPIRED_TOKEN' })
  const open = await within(deps, owner, (tx) => listOpenInvitations(tx, platform.clock.now()))
  expect(open.map(({ id }) => id)).toEqual([kept.id])
})

it('the token is nowhere in the database', async () => {
  const { deps, database, found } = platform
  const owner = await found()
  const { token } = await invite(deps, owner, { role: 'member', email: 'carol@example.com' })
  const { rows } = await database.db.pool.query<{ found: boolean }>(
    `SELECT EXISTS (SELECT FROM gatehouse.delivery WHERE body LIKE '%' || $1 || '%') AS found`,
    [token],
  )
  expect(rows).toEqual([{ found: false }])
  const entries = await within(deps, owner, (tx) => listOpenInvitations(tx, platform.clock.now()))
  expect(JSON.stringify(entries)).not.toContain(token)
})
