import { randomUUID } from 'node:crypto'
import { listKeys, revokeKey, rotateKey } from '@gatehouse/kernel/keys'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { createSessionVerifier } from '@gatehouse/kernel/sessions'
import { listenForInvalidations } from '@gatehouse/kernel/db'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { runQueue } from '../testing/run-queue.ts'
import { newPerson, password, visit, withTotp } from '../testing/secured-person.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { toSignedIn } from '../testing/to-signed-in.ts'
import { findMembership } from '../store/membership-store.ts'
import { acceptInvitation } from './accept-invitation.ts'
import { suspendOrg } from './administer-org.ts'
import { changeEmail } from './change-email.ts'
import { confirmEmailChange } from './confirm-email-change.ts'
import { createKey } from './create-key.ts'
import { forgotPassword } from './forgot-password.ts'
import { invite } from './invite.ts'
import { toKeyDeps } from './key-deps.ts'
import { logIn } from './log-in.ts'
import { refreshSession } from './refresh-session.ts'
import { resetPassword } from './reset-password.ts'
import { updateKey } from './update-key.ts'

let platform: TestPlatform
const refused = { code: 'UNAUTHORIZED', status: 401 }
const wish = { service: 'uptime', name: 'ci', scopes: ['read'] }

beforeAll(async () => {
  platform = await startTestPlatform()
})
afterAll(() => platform.database.drop())
beforeEach(async () => {
  await runQueue(platform.deps)
  platform.mails.length = 0
})

const suspend = (owner: MemberPrincipal) =>
  suspendOrg(platform.deps, { ...owner, orgId: randomUUID() }, owner.orgId, 'for a test')
const mailedToken = (): string => /token=([\w-]{43})/.exec(platform.mails.at(-1)?.text ?? '')?.[1] ?? ''

it('a log-in opens no suspended org', async () => {
  const { member, email } = await newPerson(platform)
  await suspend(member)
  await expect(logIn(platform.deps, { email, password }, visit)).rejects.toMatchObject(refused)
})

it('a refresh goes on in no suspended org', async () => {
  const { deps } = platform
  const { member, email } = await newPerson(platform)
  const { refreshToken } = toSignedIn(await logIn(deps, { email, password }, visit))
  await suspend(member)
  await expect(refreshSession(deps, refreshToken.reveal(), visit)).rejects.toMatchObject(refused)
})

it('a session of a suspended org makes, rotates and changes no key', async () => {
  const { deps, clock, database } = platform
  const invalidations = await listenForInvalidations(database.url)
  const { db, tokens } = deps
  const verifier = createSessionVerifier({ db, tokens, invalidations, clock, findMembership })
  try {
    const { member, email } = await newPerson(platform)
    const { accessToken } = toSignedIn(await logIn(deps, { email, password }, visit))
    expect(await verifier.verify(accessToken)).toMatchObject({ accepted: true })
    await suspend(member)
    await expect.poll(() => verifier.verify(accessToken)).toMatchObject({ accepted: false })
  } finally {
    verifier.stop()
    await invalidations.stop()
  }
})

it('an invitation to a suspended org is worth nothing', async () => {
  const { deps } = platform
  const { member } = await newPerson(platform)
  const { token } = await invite(deps, member, { role: 'owner' })
  await suspend(member)
  const accepting = { token, email: 'late@example.com', password, name: 'Late' }
  await expect(acceptInvitation(deps, accepting, visit, 'en')).rejects.toMatchObject({
    code: 'EXPIRED_TOKEN',
  })
})

it('an invitation lets nobody in without the second factor that their account asks for', async () => {
  const { deps } = platform
  const [host, guest] = [await newPerson(platform), await newPerson(platform)]
  await withTotp(platform, guest)
  const { token } = await invite(deps, host.member, { role: 'viewer' })
  const joined = await acceptInvitation(deps, { token, email: guest.email, password }, visit, 'en')
  expect(joined).toMatchObject({ mfaRequired: true })
  expect(joined).not.toHaveProperty('accessToken')
})

it('a reset leaves the second factor as it is', async () => {
  const { deps } = platform
  const person = await newPerson(platform)
  await withTotp(platform, person)
  await forgotPassword(deps, person.email, visit)
  await runQueue(deps)
  const fresh = 'a fresh staple of 2026'
  await resetPassword(deps, { token: mailedToken(), password: fresh }, visit)
  expect(await logIn(deps, { email: person.email, password: fresh }, visit)).toMatchObject({
    mfaRequired: true,
  })
})

it('of ten who confirm a change of address at the same moment one does', async () => {
  const { deps } = platform
  const { member } = await newPerson(platform)
  await changeEmail(deps, member, { newEmail: 'moved@example.com', password })
  await runQueue(deps)
  const token = mailedToken()
  const confirmed = await Promise.allSettled(
    Array.from({ length: 10 }, () => confirmEmailChange(deps, token, visit)),
  )
  expect(confirmed.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

it('of ten who rotate a key at the same moment one gets its successor', async () => {
  const { deps } = platform
  const owner = await platform.found()
  const { record } = await createKey(deps, owner, wish)
  const rotated = await Promise.allSettled(
    Array.from({ length: 10 }, () => rotateKey(toKeyDeps(deps), owner, record.id, 0)),
  )
  expect(rotated.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await listKeys(deps, owner)).toHaveLength(1)
})

it('a key that was revoked is not changed back to life', async () => {
  const { deps } = platform
  const owner = await platform.found()
  const { record } = await createKey(deps, owner, wish)
  await revokeKey(toKeyDeps(deps), owner, record.id)
  await expect(updateKey(deps, owner, record.id, { name: 'back' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  await expect(rotateKey(toKeyDeps(deps), owner, record.id, 0)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
