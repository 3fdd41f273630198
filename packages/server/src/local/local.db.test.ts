import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyChain } from '@gatehouse/kernel/audit'
import { systemClock } from '@gatehouse/kernel/clock'
import { asWriter, listenForInvalidations, query } from '@gatehouse/kernel/db'
import { createKeyDigests, createKeyVerifier } from '@gatehouse/kernel/keys'
import { testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { toKeyedServices } from '../keyed-services.ts'
import { services } from '../services.ts'
import { createLocalKey } from './create-local-key.ts'
import { createLocalOwner } from './create-local-owner.ts'
import { createLocalOwnerLink } from './create-local-owner-link.ts'
import { examineInstance } from './examine-instance.ts'
import { listLocalTeams } from './find-local-team.ts'
import { listLocalAddresses } from './list-local-addresses.ts'
import { makeInstance } from './fixtures/make-instance.ts'
import { type LocalOptions, withLocalInstance } from './local-instance.ts'

let database: TestDatabase
let folder: string
let options: LocalOptions
const ann = { email: 'Ann@Example.com', orgName: 'Acme', password: 'correct horse battery' }
const wish = { service: 'uptime', scopes: ['read', 'write'], name: 'ci' }

beforeAll(async () => {
  database = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-local-'))
  await makeInstance(join(folder, 'data'))
  options = {
    env: {
      DATABASE_URL: database.url.reveal(),
      GATEHOUSE_DATA: join(folder, 'data'),
      GATEHOUSE_FEEDS: 'off',
      GATEHOUSE_PROBES: 'off',
      GATEHOUSE_PORT: '4281',
    },
    folder,
    progress: () => undefined,
  }
})
afterAll(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

it('while nobody has an account a link can be made, and no key', async () => {
  const { url } = await withLocalInstance(options, createLocalOwnerLink)
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:4281\/app\/setup\?token=[\w-]{43}$/)
  await expect(withLocalInstance(options, (local) => createLocalKey(local, wish))).rejects.toThrow(
    'There is no organisation yet',
  )
})

it('an owner is made by the rules that hold over HTTP', async () => {
  const make = (request: typeof ann) =>
    withLocalInstance(options, (local) => createLocalOwner(local, request))
  await expect(make({ ...ann, email: 'ann' })).rejects.toMatchObject({ fields: [{ field: 'email' }] })
  await expect(make({ ...ann, password: 'short' })).rejects.toMatchObject({ fields: [{ field: 'password' }] })
  expect(await make(ann)).toMatchObject({
    user: { email: 'ann@example.com', name: 'Ann' },
    team: { name: 'Acme' },
  })
  await expect(make(ann)).rejects.toMatchObject({
    fields: [{ field: 'email', message: 'has an account already' }],
  })
  await expect(withLocalInstance(options, createLocalOwnerLink)).rejects.toThrow(
    'There is an account already',
  )
})

it('a key is named by the rules that hold over HTTP', async () => {
  const make = (name: string) =>
    withLocalInstance(options, (local) => createLocalKey(local, { ...wish, name }))
  for (const name of ['', ' ', '\u200b', 'a\u202eb', 'a\nb', 'n'.repeat(101)])
    await expect(make(name)).rejects.toMatchObject({ fields: [{ field: 'name' }] })
})

it('a key opens the service at once, and its making is in the chain as the system\u2019s act', async () => {
  const { apiKey, team } = await withLocalInstance(options, (local) => createLocalKey(local, wish))
  const system = { kind: 'system', orgId: team.id, because: 'test' } as const
  await withLocalInstance(options, async ({ db, keys }) => {
    const invalidations = await listenForInvalidations(database.url)
    const verifier = createKeyVerifier({
      db,
      digests: createKeyDigests(keys.pepper),
      shapes: Object.fromEntries(
        [...toKeyedServices(services)].map(([name, { keyShape }]) => [name, keyShape]),
      ),
      invalidations,
      clock: systemClock,
      findMembership: async () => undefined,
      onError: (error) => {
        throw error
      },
    })
    expect(await verifier.verify('uptime', apiKey.key, '192.0.2.1')).toMatchObject({
      accepted: true,
      orgId: team.id,
    })
    await verifier.stop()
    await invalidations.stop()
    const report = await verifyChain({ db }, system, new Map([[keys.signing.id, keys.signing.publicKey]]))
    expect(report).toMatchObject({ intact: true, entries: 4 })
  })
  expect(apiKey.createdBy).toBe('system:command')
})

it('a key that names no scopes gets those that its service gives by default', async () => {
  const { scopes: _none, ...plain } = wish
  const [uptime] = services
  const { apiKey } = await withLocalInstance(options, (local) => createLocalKey(local, plain))
  expect(uptime?.policy.defaultScopes).toEqual(['read', 'write'])
  expect(apiKey.scopes).toEqual(
    uptime?.policy.scopes.filter((scope) => /:(?:read|write)$/.test(scope)).toSorted(),
  )
})

it('new-addresses-of-a-key-are-listed, and none that it called from in the 30 days before', async () => {
  await withLocalInstance(options, async (local) => {
    // Also where this test runs alone.
    if ((await listLocalTeams(local)).length === 0) await createLocalOwner(local, ann)
    const [{ apiKey, team }, other] = [await createLocalKey(local, wish), await createLocalKey(local, wish)]
    const dayMs = 86_400_000
    // The months of then and of now are both there.
    const knownFromMs = Date.now() - 60_000
    const sinceMs = knownFromMs + 30 * dayMs
    const called = (ip: string, atMs: number, key_prefix = apiKey.keyPrefix) => ({
      org_id: team.id,
      at: new Date(atMs),
      key_prefix,
      ip,
      method: 'GET',
      route: '/v1/me',
      status: 200,
      duration_ms: 1,
    })
    const calls = [
      called('192.0.2.1', knownFromMs),
      called('192.0.2.1', sinceMs),
      called('192.0.2.2', knownFromMs - 1),
      called('192.0.2.2', sinceMs + 2),
      called('2001:db8::3', sinceMs),
      called('2001:db8::3', sinceMs + 1),
      called('192.0.2.4', sinceMs, other.apiKey.keyPrefix),
      called('192.0.2.5', sinceMs - 1),
    ]
    await asWriter(local, (tx) =>
      query<{ 'gatehouse.api_call': (typeof calls)[number] }>(tx)
        .insertInto('gatehouse.api_call')
        .values(calls)
        .execute(),
    )
    const at = (ms: number): string => new Date(ms).toISOString()
    expect(await listLocalAddresses(local, { prefix: apiKey.keyPrefix, sinceMs })).toEqual([
      { orgId: team.id, ip: '2001:db8::3', first: at(sinceMs), last: at(sinceMs + 1), calls: 2 },
      { orgId: team.id, ip: '192.0.2.2', first: at(sinceMs + 2), last: at(sinceMs + 2), calls: 1 },
    ])
    await expect(listLocalAddresses(local, { prefix: 'mk_nobody', sinceMs })).rejects.toThrow(
      'No organisation has a key that begins with mk_nobody',
    )
  })
})

it('doctor-warns-of-keys-in-urls where the settings of this instance let them in', async () => {
  const examine = (more: Readonly<Record<string, string>>) => {
    const own = { ...options, env: { ...options.env, ...more } }
    return withLocalInstance(own, (local) => examineInstance(local, own))
  }
  const of = async (more: Readonly<Record<string, string>>) =>
    (await examine(more)).find(({ about }) => about === 'keys in URLs')?.state
  expect(await of({})).toBe('ok')
  expect(await of({ GATEHOUSE_STREAM_QUERY_KEY: 'on' })).toBe('warning')
  // The database of this test is on this machine.
  expect((await examine({})).find(({ about }) => about === 'clock')?.state).toBe('ok')
})

it('an org is found by id, slug or name, and must be named once there are several', async () => {
  const again = { ...ann, email: 'bob@example.com' }
  const { team } = await withLocalInstance(options, (local) => createLocalOwner(local, again))
  const make = (org?: string) =>
    withLocalInstance(options, (local) => createLocalKey(local, { ...wish, org }))
  await expect(make()).rejects.toThrow('name one with --org')
  await expect(make('acme')).rejects.toThrow(`Several organisations are called acme; give the id of one: `)
  await expect(make('acme')).rejects.toThrow(team.id)
  await expect(make('Nobody')).rejects.toThrow('There is no organisation called Nobody')
  expect((await make(team.id.toUpperCase())).team).toEqual(team)
  const listed = await withLocalInstance(options, listLocalTeams)
  expect(listed.map(({ name }) => name)).toEqual(['Acme', 'Acme'])
  expect((await make(listed.find(({ id }) => id === team.id)?.slug)).team).toEqual(team)
})

it.each([
  ['does not exist', 'nowhere', 'is not the data folder of a Gatehouse server. Set GATEHOUSE_DATA'],
  ['is that of something else', '', 'is not the data folder of a Gatehouse server. Set GATEHOUSE_DATA'],
])('a folder that %s is refused, and nothing is made in it', async (_what, name, sentence) => {
  const before = await readdir(folder, { recursive: true })
  for (const url of [database.url.reveal(), undefined]) {
    const env = { ...options.env, DATABASE_URL: url, GATEHOUSE_DATA: join(folder, name) }
    await expect(withLocalInstance({ ...options, env }, createLocalOwnerLink)).rejects.toThrow(sentence)
  }
  expect(await readdir(folder, { recursive: true })).toEqual(before)
})

it('without DATABASE_URL, a folder that holds no database is refused, and none is made', async () => {
  const before = await readdir(folder, { recursive: true })
  const env = { ...options.env, DATABASE_URL: undefined }
  await expect(withLocalInstance({ ...options, env }, createLocalOwnerLink)).rejects.toThrow(
    'Set DATABASE_URL as the server has it',
  )
  expect(await readdir(folder, { recursive: true })).toEqual(before)
})

it("a folder with other keys than the server's is refused, since its API keys would open nothing", async () => {
  await makeInstance(join(folder, 'elsewhere'))
  const elsewhere = { ...options, env: { ...options.env, GATEHOUSE_DATA: join(folder, 'elsewhere') } }
  await expect(withLocalInstance(elsewhere, (local) => createLocalKey(local, wish))).rejects.toThrow(
    "Set GATEHOUSE_DATA to the server's data folder",
  )
})
