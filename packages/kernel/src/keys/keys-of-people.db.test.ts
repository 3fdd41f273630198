import { expect, it } from 'vitest'
import { mutate } from '../audit/index.ts'
import type { MemberPrincipal, Role } from '../principal/index.ts'
import { handChannel, ip, service, useKeys, wish } from './fixtures/use-keys.ts'
import { boundKeysOf, createKey, listKeys, rotateKey, updateKey } from './manage-keys.ts'

const keys = useKeys()
const dayMs = 86_400_000
const write = { accepted: true, scopes: ['monitors:read', 'monitors:write'] }

async function newKeyOf(owner: MemberPrincipal, person: string, renewDays = 90) {
  const { secret, record } = await createKey(keys.deps, owner, {
    ...wish,
    scopes: ['monitors:read', 'monitors:write'],
    kind: 'expiring',
    expiresAtMs: keys.clock.now() + renewDays * dayMs,
    standsFor: person,
    renewDays,
  })
  return { text: secret.reveal(), record }
}

it('a key that stands for a person may do what their role may do at the moment, and nothing once they have left', async () => {
  const owner = await keys.newOwner()
  const { text } = await newKeyOf(owner, 'ann')
  const roles = new Map<string, Role>([['ann', 'member']])
  const { invalidations, tell } = handChannel()
  const verifier = keys.newVerifier({ roles, invalidations })
  expect(await verifier.verify(service, text, ip)).toMatchObject(write)
  roles.set('ann', 'viewer')
  tell('user:ann')
  expect(await verifier.verify(service, text, ip)).toMatchObject({
    accepted: true,
    scopes: ['monitors:read'],
  })
  roles.delete('ann')
  tell('user:ann')
  expect(await verifier.verify(service, text, ip)).toMatchObject({ accepted: false, reason: 'not_a_member' })
})

it('what others stand for, and the keys of the org itself, are untouched by it', async () => {
  const owner = await keys.newOwner()
  const { secret } = await createKey(keys.deps, owner, wish)
  const bob = await newKeyOf(owner, 'bob')
  const verifier = keys.newVerifier({ roles: new Map([['bob', 'owner']]) })
  await bound(owner, 'ann', undefined)
  expect(await verifier.verify(service, secret.reveal(), ip)).toMatchObject({ accepted: true })
  expect(await verifier.verify(service, bob.text, ip)).toMatchObject(write)
})

const bound = (owner: MemberPrincipal, person: string, role: Role | undefined) =>
  mutate(keys.deps, owner, async (tx) => {
    const entries = await boundKeysOf(keys.deps, tx, person, role, owner.userId, keys.clock.now())
    const entry = { action: 'test.bound', resourceId: person, at: keys.clock.now() }
    return { result: entries.map(({ action }) => action), entry: [entry, ...entries] }
  })

it('its successor and its new scopes are bound in the same way', async () => {
  const owner = await keys.newOwner()
  const { record } = await newKeyOf(owner, 'ann')
  const { secret, record: next } = await rotateKey(keys.deps, owner, record.id, 0)
  await updateKey(keys.deps, owner, next.id, { scopes: ['monitors:write'] })
  const verifier = keys.newVerifier({ roles: new Map([['ann', 'viewer']]) })
  expect(await verifier.verify(service, secret.reveal(), ip)).toMatchObject({ accepted: true, scopes: [] })
})

it('a role that is lowered cuts its scopes for good, and leaving revokes it for good', async () => {
  const owner = await keys.newOwner()
  const { text } = await newKeyOf(owner, 'ann')
  expect(await bound(owner, 'ann', 'member')).toEqual([])
  expect(await bound(owner, 'ann', 'viewer')).toEqual(['key.update'])
  const verifier = keys.newVerifier({ roles: new Map([['ann', 'owner']]) })
  expect(await verifier.verify(service, text, ip)).toMatchObject({
    accepted: true,
    scopes: ['monitors:read'],
  })
  expect(await bound(owner, 'ann', undefined)).toEqual(['key.revoke'])
  expect(await listKeys(keys.deps, owner)).toEqual([])
  const later = keys.newVerifier({ roles: new Map([['ann', 'owner']]) })
  expect(await later.verify(service, text, ip)).toMatchObject({ accepted: false, reason: 'revoked' })
})

it('each use moves its end, on every node; unused it ends to the millisecond', async () => {
  const owner = await keys.newOwner()
  const { text, record } = await newKeyOf(owner, 'ann', 30)
  const roles = new Map<string, Role>([['ann', 'member']])
  const [one, other] = [keys.newVerifier({ roles }), keys.newVerifier({ roles })]
  expect(await other.verify(service, text, ip)).toMatchObject(write)
  await other.stop()
  keys.clock.advance(29 * dayMs)
  expect(await one.verify(service, text, ip)).toMatchObject(write)
  await one.stop()
  keys.clock.advance(30 * dayMs - 1)
  // The other verifier has cached the earlier expiry, and reads the key again.
  expect(await other.verify(service, text, ip)).toMatchObject(write)
  keys.clock.advance(1)
  const unused = keys.newVerifier({ roles })
  expect(await unused.verify(service, text, ip)).toMatchObject({ accepted: false, reason: 'expired' })
  expect(record.expiresAtMs).toBeLessThan(keys.clock.now())
})

it('a key that is not renewed ends when it was to end, however often it is used', async () => {
  const owner = await keys.newOwner()
  const expiresAtMs = keys.clock.now() + dayMs
  const { secret } = await createKey(keys.deps, owner, { ...wish, kind: 'expiring', expiresAtMs })
  const verifier = keys.newVerifier()
  expect(await verifier.verify(service, secret.reveal(), ip)).toMatchObject({ accepted: true })
  await verifier.stop()
  keys.clock.advance(dayMs)
  expect(await verifier.verify(service, secret.reveal(), ip)).toMatchObject({ reason: 'expired' })
})
