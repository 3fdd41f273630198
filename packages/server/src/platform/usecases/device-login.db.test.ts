import { mutate } from '@gatehouse/kernel/audit'
import { asGate, decideWithin, type Invalidations, listenForInvalidations, query } from '@gatehouse/kernel/db'
import { createKeyDigests, createKeyVerifier, type KeyVerifier, listKeys } from '@gatehouse/kernel/keys'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { Problem } from '@gatehouse/kernel/problem'
import { sql } from 'kysely'
import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { policy } from '../policy.ts'
import type { PlatformTables } from '../store/platform-tables.ts'
import { deleteMembership, findMembership, insertMembership } from '../store/membership-store.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { suspendOrg } from './administer-org.ts'
import { changeRole } from './change-role.ts'
import { collectDeviceKey } from './collect-device-key.ts'
import { createOwner } from './create-owner.ts'
import { approveDevice, denyDevice, findDevice } from './decide-device.ts'
import { deleteDuePeople } from './delete-due-people.ts'
import { listAuditLogs } from './list-audit-logs.ts'
import { removeMember } from './remove-member.ts'
import { startDeviceLogin } from './start-device-login.ts'

let platform: TestPlatform
let invalidations: Invalidations
const device = { ip: '198.51.100.7', userAgent: 'gatehouse-cli' }
const expired = { code: 'EXPIRED_TOKEN', status: 400 }

beforeAll(async () => {
  platform = await startTestPlatform()
  invalidations = await listenForInvalidations(platform.database.url)
})
afterAll(async () => {
  await invalidations.stop()
  await platform.database.drop()
})
beforeEach(() => {
  platform.refusals.length = 0
})

const start = (callbackUrl?: string) =>
  startDeviceLogin(platform.deps, { client: 'cli', callbackUrl }, device)

/** Collects the key after the interval that the device was given. */
function collect(deviceCode: { reveal: () => string }) {
  platform.clock.advance(policy.devicePollSeconds * 1000)
  return collectDeviceKey(platform.deps, deviceCode.reveal(), device)
}

const listLogins = () =>
  asGate(platform.deps, (tx) =>
    query<PlatformTables>(tx).selectFrom('platform.device_login').selectAll().execute(),
  )

const toText = (value: unknown): string => (Buffer.isBuffer(value) ? value.toString('latin1') : String(value))

it('a device that a member lets in collects one key of the org, and the log-in is over', async () => {
  const { deps, clock } = platform
  const owner = await platform.found()
  const member = await platform.join(owner.orgId, 'member')
  const { userCode, deviceCode } = await start('http://localhost:8123')
  expect(userCode).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/)
  await expect(collect(deviceCode)).rejects.toMatchObject({ code: 'AUTHORIZATION_PENDING', status: 400 })
  expect(await findDevice(deps, member, userCode)).toMatchObject({ client: 'cli', ...device })
  const approved = await approveDevice(deps, member, userCode)
  expect(approved.callbackUrl).toBe('http://localhost:8123')
  expect(await listKeys({ ...deps, clock }, owner)).toEqual([])
  const key = await collect(deviceCode)
  expect(key.reveal()).toMatch(/^mk_[0-9a-f]{64}$/)
  expect(await listKeys({ ...deps, clock }, owner)).toMatchObject([
    {
      name: 'CLI log-in of 2026-06-01',
      createdBy: member.userId,
      scopes: ['monitors:read', 'monitors:write'],
      kind: 'expiring',
      standsFor: member.userId,
      expiresAtMs: clock.now() + 90 * 86_400_000,
    },
  ])
  await expect(collect(deviceCode)).rejects.toMatchObject(expired)
  const { auditLogs } = await listAuditLogs(deps, owner, { limit: 2 })
  expect(auditLogs).toMatchObject([
    { eventType: 'key.create', userId: member.userId, ipAddress: device.ip },
    { action: 'device.approve', userId: member.userId, details: { client: 'cli', deviceIp: device.ip } },
  ])
  expect(JSON.stringify(auditLogs)).not.toContain(key.reveal())
})

it('of ten who collect at the same moment, one gets the key', async () => {
  const { deps } = platform
  const owner = await platform.found()
  const { userCode, deviceCode } = await start()
  await approveDevice(deps, owner, userCode)
  const attempts = await Promise.allSettled(
    Array.from({ length: 10 }, () => collectDeviceKey(deps, deviceCode.reveal(), device)),
  )
  expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await listKeys(deps, owner)).toHaveLength(1)
})

it('device-login-cannot-be-approved-by-an-unverified-member', async () => {
  const { deps } = platform
  const { userId, belonging } = await createOwner(deps, {
    email: 'unverified@example.com',
    password: 'correct horse battery',
    name: 'Una',
    orgName: 'Unas',
  })
  const una: MemberPrincipal = {
    kind: 'member',
    userId,
    orgId: belonging.orgId,
    role: 'owner',
    sessionId: '',
    ip: '192.0.2.1',
  }
  const { userCode, deviceCode } = await start()
  const refusal = { code: 'EMAIL_UNVERIFIED', status: 403 }
  await expect(approveDevice(deps, una, userCode)).rejects.toMatchObject(refusal)
  await expect(denyDevice(deps, una, userCode)).rejects.toMatchObject(refusal)
  await expect(findDevice(deps, una, userCode)).rejects.toMatchObject(refusal)
  const reasons = platform.refusals.map(({ reason }) => reason)
  expect(reasons).toEqual(['email_unverified', 'email_unverified', 'email_unverified'])
  await expect(collect(deviceCode)).rejects.toMatchObject({ code: 'AUTHORIZATION_PENDING' })
  await approveDevice(deps, await platform.found(), userCode)
  await collect(deviceCode)
})

it('a device that is turned away hears so once, and never gets a key', async () => {
  const { deps } = platform
  const owner = await platform.found()
  const { userCode, deviceCode } = await start()
  await denyDevice(deps, owner, userCode)
  await expect(approveDevice(deps, owner, userCode)).rejects.toMatchObject(expired)
  await expect(collect(deviceCode)).rejects.toMatchObject({ code: 'ACCESS_DENIED', status: 400 })
  await expect(collect(deviceCode)).rejects.toMatchObject(expired)
  expect(await listKeys(deps, owner)).toEqual([])
})

it('a device that asks too early waits longer each time, and gets its key whatever its pace', async () => {
  const { deps, clock } = platform
  const { deviceCode, userCode } = await start()
  const ask = () => collectDeviceKey(deps, deviceCode.reveal(), device)
  await expect(ask()).rejects.toMatchObject({ code: 'AUTHORIZATION_PENDING' })
  clock.advance(4_999)
  const tooEarly = { code: 'AUTHORIZATION_PENDING', status: 400 }
  await expect(ask()).rejects.toMatchObject({ ...tooEarly, retryAfterSeconds: 10 })
  clock.advance(9_999)
  await expect(ask()).rejects.toMatchObject({ ...tooEarly, retryAfterSeconds: 15 })
  clock.advance(15_000)
  await expect(ask()).rejects.toMatchObject({ ...tooEarly, retryAfterSeconds: undefined })
  await approveDevice(deps, await platform.found(), userCode)
  expect((await ask()).reveal()).toMatch(/^mk_/)
})

it('without a mail server nobody can verify an address, and the proof that the approval asks for is enough', async () => {
  const { userId, belonging } = await createOwner(platform.deps, {
    email: 'mailless@example.com',
    password: 'correct horse battery',
    name: 'Mo',
    orgName: 'Mailless',
  })
  const { orgId } = belonging
  const mo = { kind: 'member', userId, orgId, role: 'owner', sessionId: '', ip: '192.0.2.1' } as const
  const { userCode, deviceCode } = await start()
  const deps = { ...platform.deps, mailer: { ...platform.deps.mailer, isConfigured: false } }
  await approveDevice(deps, mo, userCode)
  expect((await collect(deviceCode)).reveal()).toMatch(/^mk_/)
})

async function letIn(member: MemberPrincipal): Promise<string> {
  const { userCode, deviceCode } = await start()
  await approveDevice(platform.deps, member, userCode)
  return (await collect(deviceCode)).reveal()
}

function verifierOf(): KeyVerifier {
  const { deps, clock } = platform
  const { db, digests, services } = deps
  const shapes = Object.fromEntries([...services].map(([name, { keyShape }]) => [name, keyShape]))
  const onError = (error: unknown): void => {
    throw error
  }
  return createKeyVerifier({ db, digests, shapes, invalidations, clock, onError, findMembership })
}

it('device-keys-die-with-their-approver: removed, left, suspended or deleted, on a node that remembers the key', async () => {
  const { deps, clock } = platform
  const verifier = verifierOf()
  const ends: readonly [string, (owner: MemberPrincipal, member: MemberPrincipal) => Promise<unknown>][] = [
    ['revoked', (owner, { userId }) => removeMember(deps, owner, userId)],
    ['revoked', (_owner, member) => removeMember(deps, member, member.userId)],
    [
      'org_suspended',
      (owner) => suspendOrg(deps, { ...owner, orgId: randomUUID() }, owner.orgId, 'for a test'),
    ],
    [
      'revoked',
      async (_owner, { userId }) => {
        const due = new Date(clock.now())
        await asGate(deps, (tx) =>
          sql`UPDATE platform."user" SET deletion_scheduled_at = ${due} WHERE id = ${userId}`.execute(
            query(tx),
          ),
        )
        await deleteDuePeople(deps)
      },
    ],
  ]
  for (const [reason, end] of ends) {
    const owner = await platform.found()
    const member = await platform.join(owner.orgId, 'member')
    const [key, owners] = [await letIn(member), await letIn(owner)]
    expect(await verifier.verify('uptime', key, device.ip)).toMatchObject({ accepted: true })
    await end(owner, member)
    await expect
      .poll(() => verifier.verify('uptime', key, device.ip))
      .toMatchObject({ accepted: false, reason })
    const others = await verifier.verify('uptime', owners, device.ip)
    expect(others.accepted).toBe(reason !== 'org_suspended')
  }
  await verifier.stop()
})

it('device-keys-die-with-their-approver: someone who comes back does not bring the old key back', async () => {
  const { deps } = platform
  const verifier = verifierOf()
  const owner = await platform.found()
  const member = await platform.join(owner.orgId, 'member')
  const key = await letIn(member)
  await removeMember(deps, owner, member.userId)
  await mutate(deps, owner, async (tx) => {
    await insertMembership(tx, member.userId, 'owner', deps.clock.now())
    const entry = { action: 'member.join', resourceId: member.userId, at: deps.clock.now() }
    return { result: undefined, entry }
  })
  expect(await verifier.verify('uptime', key, device.ip)).toMatchObject({ reason: 'revoked' })
  const { auditLogs } = await listAuditLogs(deps, owner, { action: 'key.revoke', limit: 5 })
  expect(auditLogs).toMatchObject([{ details: { name: 'CLI log-in of 2026-06-01' } }])
  await verifier.stop()
})

it('device-keys-die-with-their-approver: a role that is lowered cuts the scopes, and none comes back with it', async () => {
  const { deps } = platform
  const verifier = verifierOf()
  const owner = await platform.found()
  const second = await platform.join(owner.orgId, 'owner')
  const key = await letIn(second)
  const scopes = async () => {
    const verdict = await verifier.verify('uptime', key, device.ip)
    return verdict.accepted ? verdict.scopes : verdict.reason
  }
  expect(await scopes()).toEqual(['monitors:read', 'monitors:write'])
  await changeRole(deps, owner, second.userId, 'member')
  expect(await scopes()).toEqual(['monitors:read', 'monitors:write'])
  await changeRole(deps, owner, second.userId, 'viewer')
  await expect.poll(scopes).toEqual(['monitors:read'])
  await changeRole(deps, owner, second.userId, 'owner')
  expect(await scopes()).toEqual(['monitors:read'])
  expect(await listKeys(deps, owner)).toMatchObject([{ scopes: ['monitors:read'] }])
  await verifier.stop()
})

it('a device gets what was shown, and of that no more than the role still gives when it collects', async () => {
  const { deps } = platform
  const owner = await platform.found()
  const second = await platform.join(owner.orgId, 'owner')
  const { userCode, deviceCode } = await start()
  await approveDevice(deps, second, userCode)
  const uptime = deps.services.get('uptime')
  if (uptime === undefined) throw new Error('The test platform has a service')
  // A later version that offers more: nobody was shown it.
  const scopes = [...uptime.scopes, 'billing:write' as const]
  const later = { ...deps, services: new Map([['uptime', { ...uptime, scopes }]]) }
  await collectDeviceKey(later, deviceCode.reveal(), device)
  expect(await listKeys(deps, owner)).toMatchObject([{ scopes: ['monitors:read', 'monitors:write'] }])
})

it('a log-in lasts 15 minutes to the millisecond', async () => {
  const { deps, clock } = platform
  const owner = await platform.found()
  const startedMs = clock.now()
  const [first, second] = [await start(), await start()]
  clock.set(startedMs + policy.deviceLoginMinutes * 60_000 - 1)
  await approveDevice(deps, owner, first.userCode)
  clock.advance(1)
  await expect(approveDevice(deps, owner, second.userCode)).rejects.toMatchObject(expired)
  await expect(collectDeviceKey(deps, first.deviceCode.reveal(), device)).rejects.toMatchObject(expired)
})

it('after ten wrong codes an hour no code is taken, the right one neither', async () => {
  const { deps, clock } = platform
  const owner = await platform.found()
  for (let n = 0; n < policy.deviceGuessesMax; n += 1)
    await expect(findDevice(deps, owner, 'AAAAAAAA')).rejects.toMatchObject(expired)
  const { userCode } = await start()
  const refused = { code: 'TOO_MANY_ATTEMPTS', status: 400 }
  await expect(approveDevice(deps, owner, userCode)).rejects.toMatchObject(refused)
  await approveDevice(deps, await platform.found(), (await start()).userCode)
  clock.advance(3_600_000)
  const later = await start()
  await approveDevice(deps, owner, later.userCode)
})

it('codes that devices do show are no guesses', async () => {
  const { deps } = platform
  const owner = await platform.found()
  for (let n = 0; n < policy.deviceGuessesMax; n += 1) await findDevice(deps, owner, (await start()).userCode)
  const { userCode } = await start()
  expect(await findDevice(deps, owner, userCode)).toMatchObject({ client: 'cli' })
})

it('the ten guesses of a person are ten, also at the same moment', async () => {
  const { deps } = platform
  const owner = await platform.found()
  const guesses = await Promise.allSettled(
    Array.from({ length: 25 }, () => findDevice(deps, owner, 'AAAAAAAA')),
  )
  const codes = guesses.map((guess) => {
    const reason: unknown = guess.status === 'rejected' ? guess.reason : undefined
    return reason instanceof Problem ? reason.code : 'found'
  })
  expect(codes.filter((code) => code === 'EXPIRED_TOKEN')).toHaveLength(policy.deviceGuessesMax)
})

it('someone who left after approving gives no key any more', async () => {
  const { deps } = platform
  const owner = await platform.found()
  const member = await platform.join(owner.orgId, 'member')
  const { userCode, deviceCode } = await start()
  await approveDevice(deps, member, userCode)
  await decideWithin(deps, owner, async (tx) => {
    // Safe: only the brand of an audited transaction is missing.
    await deleteMembership(tx as Parameters<typeof deleteMembership>[0], member.userId)
  })
  await expect(collect(deviceCode)).rejects.toMatchObject({ code: 'ACCESS_DENIED' })
  expect(await listKeys(deps, owner)).toEqual([])
})

it('neither code is in the database as it is, and a short one cannot be tried without the pepper', async () => {
  const { deps } = platform
  const { userCode, deviceCode } = await start()
  const stored = (await listLogins()).flatMap(Object.values).map(toText).join()
  expect(stored).toContain(device.userAgent)
  for (const code of [deviceCode.reveal(), userCode, userCode.replace('-', '')])
    expect(stored).not.toContain(code)
  const pepperless = createKeyDigests({ current: 1, versions: new Map([[1, randomBytes(32)]]) })
  const owner = await platform.found()
  await expect(findDevice({ ...deps, digests: pepperless }, owner, userCode)).rejects.toMatchObject(expired)
})
