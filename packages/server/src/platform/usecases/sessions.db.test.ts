import { asGate, type Invalidations, listenForInvalidations } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { createSessionVerifier, listSessions, type SessionVerifier } from '@gatehouse/kernel/sessions'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findMembership } from '../store/membership-store.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { toSignedIn } from '../testing/to-signed-in.ts'
import { changeRole } from './change-role.ts'
import { createOwner } from './create-owner.ts'
import { createTeam } from './create-team.ts'
import { endOwnSession, logOutEverywhere } from './end-sessions.ts'
import { listAuditLogs } from './list-audit-logs.ts'
import { logIn } from './log-in.ts'
import { refreshSession } from './refresh-session.ts'
import { removeMember } from './remove-member.ts'
import { switchTeam } from './switch-team.ts'

let platform: TestPlatform
let invalidations: Invalidations
let verifier: SessionVerifier
const visit = { ip: '192.0.2.9', userAgent: 'test' }
const password = 'correct horse battery'

beforeAll(async () => {
  platform = await startTestPlatform()
  const { deps, database, clock } = platform
  invalidations = await listenForInvalidations(database.url)
  verifier = createSessionVerifier({ db: deps.db, tokens: deps.tokens, invalidations, clock, findMembership })
})
afterAll(async () => {
  verifier.stop()
  await invalidations.stop()
  await platform.database.drop()
})

let made = 0

/** Someone who is logged in to an org of their own. */
async function arrive(): Promise<{ member: MemberPrincipal; accessToken: string; refreshToken: string }> {
  const { deps, clock } = platform
  made += 1
  const email = `p${made}@example.com`
  await createOwner(deps, { email, password, name: 'P', orgName: `Org ${made}` })
  clock.advance(1)
  const { accessToken, refreshToken } = toSignedIn(await logIn(deps, { email, password }, visit))
  const verdict = await verifier.verify(accessToken)
  if (!verdict.accepted) throw new Error(`A fresh token was refused: ${verdict.reason}`)
  const { userId, orgId, sessionId, role } = verdict
  const member: MemberPrincipal = { kind: 'member', userId, orgId, sessionId, role, ip: visit.ip }
  return { member, accessToken, refreshToken: refreshToken.reveal() }
}

/** A second owner, so that the first may be changed. */
const secondOwner = (orgId: string): Promise<MemberPrincipal> => platform.join(orgId, 'owner')

it('role-change-bites-within-a-second', async () => {
  const { deps, clock } = platform
  const { member, accessToken, refreshToken } = await arrive()
  const boss = await secondOwner(member.orgId)
  clock.advance(1)
  await changeRole(deps, boss, member.userId, 'viewer')
  await expect
    .poll(() => verifier.verify(accessToken))
    .toMatchObject({ accepted: false, reason: 'token_outdated' })
  clock.advance(1)
  const next = await refreshSession(deps, refreshToken, visit)
  expect(await verifier.verify(next.accessToken)).toMatchObject({ accepted: true, role: 'viewer' })
})

it('removal bites within a second, and the session goes on in an org that is left', async () => {
  const { deps, clock } = platform
  const { member, accessToken, refreshToken } = await arrive()
  const other = await createTeam(deps, member, 'Other')
  const boss = await secondOwner(member.orgId)
  clock.advance(1)
  await removeMember(deps, boss, member.userId)
  await expect.poll(() => verifier.verify(accessToken)).toMatchObject({ accepted: false })
  clock.advance(1)
  const next = await refreshSession(deps, refreshToken, visit)
  expect(await verifier.verify(next.accessToken)).toMatchObject({
    accepted: true,
    orgId: other.orgId,
    role: 'owner',
  })
})

it('someone who is left without an org is logged out', async () => {
  const { deps } = platform
  const { member, refreshToken } = await arrive()
  await removeMember(deps, await secondOwner(member.orgId), member.userId)
  await expect(refreshSession(deps, refreshToken, visit)).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  expect(await asGate(deps, (tx) => listSessions(tx, member.userId, platform.clock.now()))).toEqual([])
})

it('parallel refreshes give one successor and no log-out', async () => {
  const { deps } = platform
  const { refreshToken } = await arrive()
  const attempts = await Promise.allSettled(
    Array.from({ length: 20 }, () => refreshSession(deps, refreshToken, visit)),
  )
  const won = attempts.filter((attempt) => attempt.status === 'fulfilled')
  expect(won).toHaveLength(1)
  for (const attempt of attempts)
    if (attempt.status === 'rejected')
      expect(attempt.reason).toMatchObject({ code: 'REFRESH_SUPERSEDED', status: 401 })
  const successor = won[0]?.value.refreshToken.reveal() ?? ''
  await refreshSession(deps, successor, visit)
})

it('a late replay ends the family, is an entry, and is told by mail', async () => {
  const { deps, clock, database } = platform
  const { member, refreshToken } = await arrive()
  const { refreshToken: successor } = await refreshSession(deps, refreshToken, visit)
  clock.advance(10_001)
  const thief = { ip: '198.51.100.7', userAgent: 'thief' }
  await expect(refreshSession(deps, refreshToken, thief)).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  await expect(refreshSession(deps, successor.reveal(), visit)).rejects.toMatchObject({
    code: 'UNAUTHORIZED',
  })
  const { auditLogs } = await listAuditLogs(deps, member, { action: 'session.replay', limit: 10 })
  expect(auditLogs).toMatchObject([
    { resourceId: member.sessionId, details: { userId: member.userId, ip: thief.ip } },
  ])
  const { rows } = await database.db.pool.query<{ payload: unknown }>(
    `SELECT body::json AS payload FROM gatehouse.delivery WHERE event = 'platform.send-session-reuse'`,
  )
  expect(rows).toMatchObject([{ payload: { userId: member.userId, ip: thief.ip } }])
})

it('a switch gives a token for the other org, and only for one of the own', async () => {
  const { deps } = platform
  const { member } = await arrive()
  const stranger = await arrive()
  const other = await createTeam(deps, member, 'Other')
  const { accessToken, belonging } = await switchTeam(deps, member, other.orgId)
  expect(belonging).toMatchObject({ orgId: other.orgId, role: 'owner', name: 'Other' })
  expect(await verifier.verify(accessToken)).toMatchObject({ accepted: true, orgId: other.orgId })
  await expect(switchTeam(deps, member, stranger.member.orgId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

it('a log-out is final within a second, and ends no one else', async () => {
  const { deps } = platform
  const [ann, bob] = [await arrive(), await arrive()]
  await endOwnSession(deps, ann.member, ann.member.sessionId)
  await expect.poll(() => verifier.verify(ann.accessToken)).toMatchObject({ reason: 'session_ended' })
  await expect(refreshSession(deps, ann.refreshToken, visit)).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  await expect(endOwnSession(deps, ann.member, bob.member.sessionId)).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  expect(await verifier.verify(bob.accessToken)).toMatchObject({ accepted: true })
})

it('a log-out everywhere ends every session of the person', async () => {
  const { deps } = platform
  const { member, accessToken } = await arrive()
  const again = toSignedIn(await logIn(deps, { email: `p${made}@example.com`, password }, visit))
  await logOutEverywhere(deps, member)
  for (const token of [accessToken, again.accessToken])
    await expect.poll(() => verifier.verify(token)).toMatchObject({ accepted: false })
  await expect(refreshSession(deps, again.refreshToken.reveal(), visit)).rejects.toMatchObject({
    code: 'UNAUTHORIZED',
  })
})
