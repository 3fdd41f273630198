import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { toPublicKeys, verifyExport } from '@gatehouse/kernel/audit'
import { decideWithin, query } from '@gatehouse/kernel/db'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import { fakeClock } from '@gatehouse/kernel/testing'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  type KeyName,
  type LocalInstance,
  retireSecret,
  rotateSecret,
  secretsStatus,
  withLocalInstance,
} from '../src/local/index.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, foundSecondOrg, password, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { programEnv } from './fixtures/program-env.ts'

const main = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url))
let server: ComposedServer
/** The same person in two organisations, in the order in which rotations come by. */
let visits: readonly [SignedIn, SignedIn]

beforeAll(async () => {
  server = await composeServer()
  const ann = await setUpOwner(server.client, server.ownerToken)
  const other = await foundSecondOrg(server.client, ann)
  visits = ann.user.teamId < other.user.teamId ? [ann, other] : [other, ann]
})
afterAll(() => server.stop())

const locally = <T>(work: (local: LocalInstance) => Promise<T>): Promise<T> =>
  withLocalInstance({ env: server.env, folder: '/', progress: () => undefined }, work)
const statusOf = async (name: KeyName) =>
  (await locally((local) => secretsStatus(local, server.env))).find((one) => one.name === name)
const secretFile = (name: string): string => join(server.env['GATEHOUSE_DATA'] ?? '', 'secrets', name)

type Ended = { readonly code: number | null; readonly out: string; readonly note: string }
type Command = { readonly child: ChildProcess; readonly ended: Promise<Ended> }

/** `gatehouse secrets rotate`, in a process of its own. */
function rotate(name: KeyName): Command {
  const child = spawn(process.execPath, [main, 'secrets', 'rotate', '--name', name], {
    env: { ...programEnv(), ...server.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]).then(
    ([[code], out, note]) => ({ code: code as number | null, out: out.trim(), note }),
  )
  return { child, ended }
}

/** Begins a rotation that comes as far as this row, which somebody else holds, and lets `look` see it before its end by kill. */
async function killAt(name: KeyName, table: string, orgId: string, look: () => Promise<void>): Promise<void> {
  const [held, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const holding = decideWithin(server, { kind: 'system', orgId, because: 'test' }, async (tx) => {
    await sql`SELECT FROM ${sql.table(table)} WHERE org_id = ${orgId} FOR UPDATE`.execute(query(tx))
    held.resolve()
    await released.promise
  })
  await held.promise
  const { child, ended } = rotate(name)
  try {
    await expect
      .poll(async () => {
        const { rows } = await server.db.pool.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        )
        return rows.length
      })
      .toBe(1)
    await look()
  } finally {
    child.kill('SIGKILL')
    expect(await ended).toMatchObject({ code: null })
    released.resolve()
    await holding
  }
}

const finish = async (name: KeyName): Promise<string> => {
  const ended = await rotate(name).ended
  expect(ended).toMatchObject({ code: 0 })
  return ended.out
}

const readKeys = () => server.client.send('/.well-known/gatehouse-keys.json')
const keyIds = async (): Promise<readonly string[]> =>
  [...toPublicKeys((await readKeys()).text).keys()].map((id) => id.replace(/-[0-9a-f]{12}$/, ''))

/** How often each chain announces a new key; whoever asks verifies it offline, with the keys that anybody can read. */
async function countAnnouncements(): Promise<readonly number[]> {
  const counts: number[] = []
  for (const { accessToken: credential } of visits) {
    expect(await server.client.ask('/dashboard/audit-logs/verify', { credential })).toMatchObject({
      faults: [],
    })
    const { text: lines } = await server.client.send('/dashboard/audit-logs/export', { credential })
    const verdict = await verifyExport(lines.trimEnd().split('\n'), toPublicKeys((await readKeys()).text))
    expect(verdict).toMatchObject({ intact: true, faults: [] })
    counts.push(lines.match(/"event_type":"SIGNING_KEY_ROTATED"/g)?.length ?? 0)
  }
  return counts
}

it('the signing key: chains verify with the published keys at every moment, and the rotation is finished', async () => {
  expect(await keyIds()).toEqual(['sig-1'])
  let announced = ''
  await killAt('signing-key', 'gatehouse.audit_head', visits[1].user.teamId, async () => {
    expect(await keyIds()).toEqual(['sig-1', 'sig-2'])
    announced = await readFile(secretFile('signing-key.next'), 'utf8')
    const { accessToken: credential } = visits[0]
    expect(await server.client.ask('/dashboard/audit-logs/verify', { credential })).toMatchObject({
      faults: [],
    })
  })
  expect(await countAnnouncements()).toEqual([1, 0])
  expect(await statusOf('signing-key')).toMatchObject({ current: 1 })
  expect(await finish('signing-key')).toBe('2')
  expect(await countAnnouncements()).toEqual([1, 1])
  expect(await statusOf('signing-key')).toMatchObject({ current: 2 })
  // As killed after the new key was taken into use, and before the rotation was over.
  await writeFile(secretFile('signing-key.next'), announced, { mode: 0o600 })
  expect(await finish('signing-key')).toBe('2')
  expect(await countAnnouncements()).toEqual([1, 1])
  expect(await keyIds()).toEqual(['sig-1', 'sig-2'])
  expect(await readdir(secretFile(''))).not.toContain('signing-key.next')
})

it('a signing key of the environment is refused before any chain announces another', async () => {
  const GATEHOUSE_SIGNING_KEY = await readFile(secretFile('signing-key'), 'utf8')
  const env = { ...server.env, GATEHOUSE_SIGNING_KEY }
  const work = (local: LocalInstance) => rotateSecret(local, env, 'signing-key')
  await expect(withLocalInstance({ env, folder: '/', progress: () => undefined }, work)).rejects.toThrow(
    'GATEHOUSE_SIGNING_KEY is set',
  )
  expect(await countAnnouncements()).toEqual([1, 1])
  expect(await readdir(secretFile(''))).not.toContain('signing-key.next')
})

it('the master key: what was sealed anew stays so, the rest follows, and the old version goes', async () => {
  const heartbeats: { credential: string; path: string; url: string }[] = []
  for (const visit of visits) {
    const credential = await createKey(server.client, visit)
    const { monitor } = await server.client.ask<{ monitor: { id: string } }>('/api/v1/monitors', {
      credential,
      body: { type: 'heartbeat', name: 'Nightly', config: {} },
    })
    const path = `/api/v1/monitors/${monitor.id}/heartbeat-url`
    heartbeats.push({ credential, path, ...(await server.client.ask<{ url: string }>(path, { credential })) })
  }
  const expectAllOpen = async () => {
    for (const { credential, path, url } of heartbeats)
      await expect.poll(async () => (await server.client.send(path, { credential })).text).toContain(url)
  }
  await killAt('master-key', 'uptime.heartbeat', visits[1].user.teamId, async () => {
    expect(await statusOf('master-key')).toMatchObject({ current: 2, behind: 1 })
    await expectAllOpen()
  })
  await expect(locally((local) => retireSecret(local, server.env, 'master-key', 1))).rejects.toThrow(
    '1 values are still sealed by older versions',
  )
  expect(await finish('master-key')).toBe('2')
  expect(await statusOf('master-key')).toMatchObject({ current: 2, behind: 0 })
  await locally((local) => retireSecret(local, server.env, 'master-key', 1))
  expect((await statusOf('master-key'))?.versions).toMatchObject([{ version: 2 }])
  await expectAllOpen()
})

it.each(['pepper', 'jwt-key'] as const)(
  '%s: killed once the new version is in its file, it is in use, and the next rotation is whole',
  async (name) => {
    await killAt(name, 'gatehouse.audit_head', instanceOrgId, async () => undefined)
    expect(await statusOf(name)).toMatchObject({ current: 2, versions: [{ version: 1 }, { version: 2 }] })
    expect(await finish(name)).toBe('3')
    expect((await readdir(secretFile(''))).toSorted()).toEqual([
      'jwt-key',
      'master-key',
      'pepper',
      'signing-key',
    ])
    const credential = visits[0].accessToken
    expect((await server.client.send('/dashboard/me', { credential })).status).toBe(200)
  },
  60_000,
)

it('the key of access tokens: an old version goes after fifteen minutes, and what it signed goes with it', async () => {
  const made = (await statusOf('jwt-key'))?.versions.find(({ version }) => version === 3)?.madeAt ?? ''
  const retireAt = (ms: number) =>
    locally((local) => retireSecret({ ...local, clock: fakeClock(ms) }, server.env, 'jwt-key', 1))
  const dueMs = Date.parse(made) + 15 * 60_000
  await expect(retireAt(dueMs - 1)).rejects.toThrow('15 minutes')
  await retireAt(dueMs)
  const credential = visits[0].accessToken
  await expect.poll(async () => (await server.client.send('/dashboard/me', { credential })).status).toBe(401)
  const { accessToken } = await server.client.ask<SignedIn>('/auth/login', {
    body: { email: 'ann@example.com', password },
  })
  expect((await server.client.send('/dashboard/me', { credential: accessToken })).status).toBe(200)
})
