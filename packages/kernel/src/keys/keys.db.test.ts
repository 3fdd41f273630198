import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { expect, it, onTestFinished } from 'vitest'
import { asGate, decideWithin, listenForInvalidations, query, toTestOrgId, within } from '../db/index.ts'
import { handChannel, ip, service, useKeys, wish } from './fixtures/use-keys.ts'
import { createKeyDigests } from './key-digest.ts'
import { createKey, listKeys, revokeKey, rotateKey, updateKey } from './manage-keys.ts'

const keys = useKeys()

it('a key opens its own service and no other, and says whose it is', async () => {
  const owner = await keys.newOwner()
  const { secret, record } = await createKey(keys.deps, owner, { ...wish, requestsPerWindow: 7 })
  const verifier = keys.newVerifier()
  const accepted = { accepted: true, orgId: owner.orgId, keyId: record.id, requestsPerWindow: 7 }
  expect(await verifier.verify(service, secret.reveal(), ip)).toMatchObject(accepted)
  expect(await verifier.verify('other', secret.reveal(), ip)).toMatchObject({
    accepted: false,
    reason: 'other_service',
  })
})

it('a key that only shows the same first characters is unknown', async () => {
  const { secret } = await createKey(keys.deps, await keys.newOwner(), wish)
  const text = secret.reveal()
  const twin = text.slice(0, -1) + (text.endsWith('0') ? '1' : '0')
  expect(await keys.newVerifier().verify(service, twin, ip)).toMatchObject({
    accepted: false,
    reason: 'unknown',
  })
})

it('of two keys that show the same first characters each opens its own', async () => {
  const owner = await keys.newOwner()
  const first = await createKey(keys.deps, owner, wish)
  const second = await createKey(keys.deps, owner, wish)
  const text = first.record.prefix + second.secret.reveal().slice(11)
  await keys.database.db.pool.query('ALTER TABLE gatehouse.api_key NO FORCE ROW LEVEL SECURITY')
  await keys.database.db.pool.query('UPDATE gatehouse.api_key SET prefix = $1, digest = $2 WHERE id = $3', [
    first.record.prefix,
    keys.deps.digests.digest(text, 1),
    second.record.id,
  ])
  await keys.database.db.pool.query('ALTER TABLE gatehouse.api_key FORCE ROW LEVEL SECURITY')
  const verifier = keys.newVerifier()
  expect(await verifier.verify(service, first.secret.reveal(), ip)).toMatchObject({ keyId: first.record.id })
  expect(await verifier.verify(service, text, ip)).toMatchObject({ keyId: second.record.id })
})

it('rotation-kills-the-old-key-at-once', async () => {
  const owner = await keys.newOwner()
  const old = await createKey(keys.deps, owner, wish)
  const successor = await rotateKey(keys.deps, owner, old.record.id, 0)
  const verifier = keys.newVerifier()
  expect(await verifier.verify(service, old.secret.reveal(), ip)).toMatchObject({
    accepted: false,
    reason: 'rotated',
  })
  expect(await verifier.verify(service, successor.secret.reveal(), ip)).toMatchObject({ accepted: true })
})

it('with an overlap the old key works to its last millisecond, and no longer', async () => {
  const owner = await keys.newOwner()
  const old = await createKey(keys.deps, owner, wish)
  await rotateKey(keys.deps, owner, old.record.id, 60)
  const verifier = keys.newVerifier()
  keys.clock.advance(59_999)
  expect(await verifier.verify(service, old.secret.reveal(), ip)).toMatchObject({ accepted: true })
  keys.clock.advance(1)
  expect(await verifier.verify(service, old.secret.reveal(), ip)).toMatchObject({
    accepted: false,
    reason: 'rotated',
  })
})

it('a key in the overlap of its rotation is listed, and can be revoked before its time', async () => {
  const owner = await keys.newOwner()
  const old = await createKey(keys.deps, owner, wish)
  const successor = await rotateKey(keys.deps, owner, old.record.id, 60)
  const listed = (await listKeys(keys.deps, owner)).map(({ id }) => id)
  expect(listed).toEqual([old.record.id, successor.record.id])
  await revokeKey(keys.deps, owner, old.record.id)
  expect(await keys.newVerifier().verify(service, old.secret.reveal(), ip)).toMatchObject({
    accepted: false,
    reason: 'revoked',
  })
})

it('a key of a pepper that is no longer held is refused like any other', async () => {
  const { secret } = await createKey(keys.deps, await keys.newOwner(), wish)
  const digests = createKeyDigests({ current: 2, versions: new Map([[2, randomBytes(32)]]) })
  const verifier = keys.newVerifier({ digests })
  expect(await verifier.verify(service, secret.reveal(), ip)).toMatchObject({
    accepted: false,
    reason: 'unknown',
  })
})

it('an expiring key is dead from the very millisecond, remembered or not', async () => {
  const { secret } = await createKey(keys.deps, await keys.newOwner(), {
    ...wish,
    kind: 'expiring',
    expiresAtMs: keys.clock.now() + 1_000,
  })
  const verifier = keys.newVerifier()
  keys.clock.advance(999)
  expect(await verifier.verify(service, secret.reveal(), ip)).toMatchObject({ accepted: true })
  keys.clock.advance(1)
  expect(await verifier.verify(service, secret.reveal(), ip)).toMatchObject({
    accepted: false,
    reason: 'expired',
  })
})

it.each([
  ['a session key lives 24 hours at most', 'session', 86_400_001],
  ['an expiring key ends in the future', 'expiring', 0],
] as const)('%s', async (_promise, kind, inMs) => {
  const owner = await keys.newOwner()
  const refused = createKey(keys.deps, owner, { ...wish, kind, expiresAtMs: keys.clock.now() + inMs })
  await expect(refused).rejects.toMatchObject({ code: 'VALIDATION_ERROR', fields: [{ field: 'expiresAt' }] })
  const edge = kind === 'session' ? 86_400_000 : 1
  expect(
    await createKey(keys.deps, owner, { ...wish, kind, expiresAtMs: keys.clock.now() + edge }),
  ).toBeDefined()
})

it.each([
  ['192.0.2.127', true],
  ['192.0.2.128', false],
  ['191.255.255.255', false],
  ['2001:db8::ffff', true],
  ['2001:db8:0:1::', false],
  ['::ffff:192.0.2.1', true],
  ['not an address', false],
])('an IP allow-list is matched as ranges: %s', async (from, accepted) => {
  const ipAllow = ['192.0.2.0/25', '2001:db8::/64']
  const { secret } = await createKey(keys.deps, await keys.newOwner(), { ...wish, ipAllow })
  expect(await keys.newVerifier().verify(service, secret.reveal(), from)).toMatchObject({ accepted })
})

it('revoked-keys-die: a remembered key is refused as soon as its revocation is told', async () => {
  const owner = await keys.newOwner()
  const { secret, record } = await createKey(keys.deps, owner, wish)
  const invalidations = await listenForInvalidations(keys.database.url)
  onTestFinished(invalidations.stop)
  const verifier = keys.newVerifier({ invalidations })
  expect(await verifier.verify(service, secret.reveal(), ip)).toMatchObject({ accepted: true })
  const told = new Promise<void>((resolve) => {
    invalidations.subscribe((subject) => subject === `key:${record.id}` && resolve())
  })
  await revokeKey(keys.deps, owner, record.id)
  await told
  expect(await verifier.verify(service, secret.reveal(), ip)).toMatchObject({
    accepted: false,
    reason: 'revoked',
  })
})

it('a remembered key dies when its org is suspended', async () => {
  const owner = await keys.newOwner()
  const { secret } = await createKey(keys.deps, owner, wish)
  const { tell, invalidations } = handChannel()
  const verifier = keys.newVerifier({ invalidations })
  await verifier.verify(service, secret.reveal(), ip)
  await decideWithin(keys.deps, owner, (tx) =>
    sql`UPDATE gatehouse.org SET suspended_at = now()`.execute(query(tx)),
  )
  tell(`org:${owner.orgId}`)
  expect(await verifier.verify(service, secret.reveal(), ip)).toMatchObject({
    accepted: false,
    reason: 'org_suspended',
  })
})

it('while the channel is down nothing remembered is trusted', async () => {
  const owner = await keys.newOwner()
  const { secret, record } = await createKey(keys.deps, owner, wish)
  const { channel, invalidations } = handChannel()
  const verifier = keys.newVerifier({ invalidations })
  await verifier.verify(service, secret.reveal(), ip)
  await revokeKey(keys.deps, owner, record.id)
  // The hand-held channel has said nothing, so a remembered key would still pass.
  expect(await verifier.verify(service, secret.reveal(), ip)).toMatchObject({ accepted: true })
  channel.isUp = false
  expect(await verifier.verify(service, secret.reveal(), ip)).toMatchObject({
    accepted: false,
    reason: 'revoked',
  })
})

it('a key is shown once: its text is in no table', async () => {
  const owner = await keys.newOwner()
  const { secret, record } = await createKey(keys.deps, owner, wish)
  const successor = await rotateKey(keys.deps, owner, record.id, 0)
  await updateKey(keys.deps, owner, successor.record.id, { name: 'Renamed' })
  await keys.newVerifier().verify(service, successor.secret.reveal(), ip)
  const { pool } = keys.database.db
  const { rows } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'gatehouse'`,
  )
  let rowsRead = 0
  for (const { name } of rows) {
    await pool.query(`ALTER TABLE ${name} NO FORCE ROW LEVEL SECURITY`)
    const held = await pool.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)
    await pool.query(`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`)
    rowsRead += held.rows.length
    for (const { row } of held.rows)
      for (const { prefix, text } of [
        { prefix: record.prefix, text: secret.reveal() },
        { prefix: successor.record.prefix, text: successor.secret.reveal() },
      ])
        expect(row).not.toContain(text.slice(prefix.length, prefix.length + 20))
  }
  expect(rowsRead).toBeGreaterThan(4)
  expect(JSON.stringify({ secret })).not.toContain(secret.reveal())
})

it("another org's key is not found, whatever is done to it", async () => {
  const { record } = await createKey(keys.deps, await keys.newOwner(), wish)
  const stranger = await keys.newOwner()
  const missing = { code: 'NOT_FOUND', status: 404 }
  await expect(revokeKey(keys.deps, stranger, record.id)).rejects.toMatchObject(missing)
  await expect(rotateKey(keys.deps, stranger, record.id, 0)).rejects.toMatchObject(missing)
  await expect(updateKey(keys.deps, stranger, record.id, { name: 'Mine' })).rejects.toMatchObject(missing)
  expect(await listKeys(keys.deps, stranger)).toEqual([])
})

it('of parallel requests for the last key that the plan allows, one gets it', async () => {
  const owner = await keys.newOwner()
  const asked = await Promise.allSettled(
    Array.from({ length: 8 }, () => createKey(keys.deps, owner, { ...wish, keysMax: 1 })),
  )
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

it('every event of a key is in key_audit with the address it came from', async () => {
  const owner = await keys.newOwner()
  const { record } = await createKey(keys.deps, owner, wish)
  const { record: next } = await rotateKey(keys.deps, owner, record.id, 0)
  await updateKey(keys.deps, owner, next.id, { name: 'Renamed' })
  await revokeKey(keys.deps, owner, next.id)
  const { rows } = await within(keys.deps, owner, (tx) =>
    sql`SELECT event, host(ip) AS ip FROM gatehouse.key_audit ORDER BY seq`.execute(query(tx)),
  )
  expect(rows).toEqual(['create', 'rotate', 'update', 'revoke'].map((verb) => ({ event: `key.${verb}`, ip })))
})

it('the time of the last use is written when the verifier stops', async () => {
  const owner = await keys.newOwner()
  const { secret } = await createKey(keys.deps, owner, wish)
  const verifier = keys.newVerifier()
  await verifier.verify(service, secret.reveal(), ip)
  await verifier.stop()
  expect(await listKeys(keys.deps, owner)).toMatchObject([{ lastUsedAtMs: keys.clock.now() }])
})

async function newTestOrg() {
  const owner = await keys.newOwner()
  const testOrgId = toTestOrgId(owner.orgId)
  await asGate(keys.deps, (tx) =>
    sql`INSERT INTO gatehouse.org (org_id, name, slug, test_of, created_at, updated_at)
        VALUES (${testOrgId}, 'Acme (test)', ${testOrgId}, ${owner.orgId}, now(), now())`.execute(query(tx)),
  )
  return { owner, testOrgId }
}

it('a test key opens the test org of its org, and is used, rotated and listed in its org', async () => {
  const { owner, testOrgId } = await newTestOrg()
  const old = await createKey(keys.deps, owner, { ...wish, testOrgId })
  const { secret, record } = await rotateKey(keys.deps, owner, old.record.id, 0)
  expect(secret.reveal()).toMatch(/^mk_test_[0-9a-f]{64}$/)
  const verifier = keys.newVerifier()
  expect(await verifier.verify(service, secret.reveal(), ip)).toMatchObject({
    accepted: true,
    orgId: testOrgId,
    keyId: record.id,
  })
  await verifier.stop()
  expect(await listKeys(keys.deps, owner)).toEqual([{ ...record, lastUsedAtMs: keys.clock.now() }])
  expect(await listKeys(keys.deps, { ...owner, orgId: testOrgId })).toEqual([])
})

it('a key of a suspended org is refused in its test org as well', async () => {
  const { owner, testOrgId } = await newTestOrg()
  const { secret } = await createKey(keys.deps, owner, { ...wish, testOrgId })
  await decideWithin(keys.deps, owner, (tx) =>
    sql`UPDATE gatehouse.org SET suspended_at = now() WHERE org_id = ${tx.orgId}`.execute(query(tx)),
  )
  expect(await keys.newVerifier().verify(service, secret.reveal(), ip)).toMatchObject({
    accepted: false,
    reason: 'org_suspended',
    orgId: owner.orgId,
  })
})
