import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { asGate } from '../db/index.ts'
import { ip, service, useKeys, wish } from './fixtures/use-keys.ts'
import { createKeyDigests } from './key-digest.ts'
import { createKey, rotateKey } from './manage-keys.ts'
import { countKeysByPepper } from './store/key-store.ts'

const keys = useKeys()

it('a key proven under an older pepper moves to the newest, and the rest are counted as left behind', async () => {
  const owner = await keys.newOwner()
  const [old, fresh] = [randomBytes(32), randomBytes(32)]
  const before = createKeyDigests({ current: 101, versions: new Map([[101, old]]) })
  const after = createKeyDigests({
    current: 102,
    versions: new Map([
      [101, old],
      [102, fresh],
    ]),
  })
  const underOld = { ...keys.deps, digests: before }
  const { secret } = await createKey(underOld, owner, wish)
  await createKey(underOld, owner, wish)
  const count = async () => {
    const counts = await asGate(keys.deps, (tx) => countKeysByPepper(tx, keys.clock.now()))
    return { old: counts.get(101) ?? 0, fresh: counts.get(102) ?? 0 }
  }
  expect(await count()).toEqual({ old: 2, fresh: 0 })
  const verifier = keys.newVerifier({ digests: after })
  expect(await verifier.verify(service, secret.reveal(), ip)).toMatchObject({ accepted: true })
  await expect.poll(count).toEqual({ old: 1, fresh: 1 })
  const withoutOld = keys.newVerifier({
    digests: createKeyDigests({ current: 102, versions: new Map([[102, fresh]]) }),
  })
  expect(await withoutOld.verify(service, secret.reveal(), ip)).toMatchObject({ accepted: true })
})

it('keys that have expired leave their place in the plan to others', async () => {
  const owner = await keys.newOwner()
  const brief = { ...wish, kind: 'expiring', expiresAtMs: keys.clock.now() + 1_000, keysMax: 1 } as const
  await createKey(keys.deps, owner, brief)
  const next = { ...wish, keysMax: 1 }
  keys.clock.advance(999)
  await expect(createKey(keys.deps, owner, next)).rejects.toMatchObject({ code: 'KEY_LIMIT_REACHED' })
  keys.clock.advance(1)
  await expect(createKey(keys.deps, owner, next)).resolves.toBeDefined()
})

it('a key that has expired cannot be rotated into another that never works', async () => {
  const owner = await keys.newOwner()
  const expiresAtMs = keys.clock.now() + 1_000
  const { record } = await createKey(keys.deps, owner, { ...wish, kind: 'expiring', expiresAtMs })
  keys.clock.advance(1_000)
  await expect(rotateKey(keys.deps, owner, record.id, 0)).rejects.toMatchObject({
    code: 'VALIDATION_ERROR',
    fields: [{ field: 'id' }],
  })
})

it.each([
  [-1, false],
  [0, true],
  [0.5, false],
  [86_400, true],
  [86_401, false],
])('an overlap of %d s is taken: %s', async (seconds, isTaken) => {
  const owner = await keys.newOwner()
  const { record } = await createKey(keys.deps, owner, wish)
  const asked = rotateKey(keys.deps, owner, record.id, seconds)
  if (isTaken) await expect(asked).resolves.toBeDefined()
  else await expect(asked).rejects.toMatchObject({ fields: [{ field: 'overlapSeconds' }] })
})

it.each([
  ['203.0.113.0/24', true],
  ['203.0.113.1/24', false],
  ['203.0.113.1/32', true],
  ['203.0.113.128/25', true],
  ['203.0.113.192/25', false],
  ['0.0.0.0/0', true],
  ['2001:db8::/32', true],
  ['2001:db8::1/32', false],
  ['::/0', true],
  ['203.0.113.0', false],
  ['203.0.113.0/33', false],
  ['203.0.113.0/024/1', false],
  ['203.0.113/24', false],
])('%s is a network that a key can be bound to: %s', async (cidr, isTaken) => {
  const owner = await keys.newOwner()
  const asked = createKey(keys.deps, owner, { ...wish, ipAllow: [cidr] })
  if (isTaken) await expect(asked).resolves.toBeDefined()
  else await expect(asked).rejects.toMatchObject({ fields: [{ field: 'ipAllow[0]' }] })
})
