import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { createAuditLog } from '@gatehouse/kernel/audit'
import { systemClock } from '@gatehouse/kernel/clock'
import { asGate, query } from '@gatehouse/kernel/db'
import { createKey, createKeyDigests } from '@gatehouse/kernel/keys'
import { parseVersionedKeys } from '@gatehouse/kernel/secrets'
import { testDatabase } from '@gatehouse/kernel/testing'
import { sql } from 'kysely'
import { publint } from 'publint'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { packKernel } from './pack-kernel.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
let folder: string
let packed: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-kernel-'))
  packed = join(folder, 'kernel')
  await packKernel(packed)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('what is published passes publint and has types that every resolver finds', async () => {
  const [tarball] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', folder], {
      cwd: packed,
      encoding: 'utf8',
    }),
  ) as [{ readonly filename: string }]
  const bytes = await readFile(join(folder, tarball.filename))
  const { messages } = await publint({ pack: { tarball: toArrayBuffer(bytes) } })
  expect(messages).toEqual([])
  const judge = join(root, 'tools/judge-published-types.ts')
  const problems = execFileSync(process.execPath, [judge, join(folder, tarball.filename)], {
    encoding: 'utf8',
  })
  expect(JSON.parse(problems)).toEqual([])
})

it('no test, fixture or TypeScript source is published, and every migration is', async () => {
  const files = execFileSync('find', [packed, '-type', 'f'], { encoding: 'utf8' }).trim().split('\n')
  expect(files.filter((file) => /(?:\.test\.|\/fixtures\/|\/testing\/)/.test(file))).toEqual([])
  expect(files.filter((file) => /(?<!\.d)\.ts$/.test(file))).toEqual([])
  const sources = execFileSync('find', [join(root, 'packages/kernel/src'), '-name', '*.sql'], {
    encoding: 'utf8',
  })
  expect(files.filter((file) => file.endsWith('.sql'))).toHaveLength(sources.trim().split('\n').length)
})

it('the README’s server lets a key in until its limit, and nobody else', async () => {
  // The kernel alone knows no migration of a service, and refuses what it takes for a newer database.
  const database = await testDatabase('nothing')
  const app = join(folder, 'app')
  await mkdir(join(app, 'node_modules/@gatehouse'), { recursive: true })
  await cp(packed, join(app, 'node_modules/@gatehouse/kernel'), { recursive: true })
  await symlink(join(root, 'node_modules/fastify'), join(app, 'node_modules/fastify'))
  // What npm would install beside it.
  await symlink(join(root, 'node_modules'), join(app, 'node_modules/@gatehouse/kernel/node_modules'))
  const readme = await readFile(join(packed, 'README.md'), 'utf8')
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
  await writeFile(join(app, 'server.ts'), example)
  await writeFile(join(app, 'package.json'), '{"type":"module"}')
  const pepper = `1:${randomBytes(32).toString('base64')}`
  const server = spawn(process.execPath, ['server.ts'], {
    cwd: app,
    env: { DATABASE_URL: database.url.reveal(), PEPPER: pepper, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const [origin] = (await once(createInterface({ input: server.stdout }), 'line')) as [string]
    const key = await makeKey(database.db, pepper)
    const ask = async (text: string) =>
      (await fetch(`${origin}/hello`, { headers: { authorization: `Bearer ${text}` } })).status
    expect(await ask(`sk_${'0'.repeat(64)}`)).toBe(401)
    const answers = []
    while (answers.length < 61) answers.push(await ask(key))
    expect(answers.slice(0, 60)).toEqual(Array.from({ length: 60 }, () => 200))
    expect(answers[60]).toBe(429)
  } finally {
    const gone = once(server, 'exit')
    server.kill()
    await gone
    await database.drop()
  }
})

async function makeKey(db: Parameters<typeof asGate>[0]['db'], pepper: string): Promise<string> {
  const orgId = randomUUID()
  await asGate({ db }, (tx) =>
    sql`INSERT INTO gatehouse.org (org_id, name, slug, created_at, updated_at)
        VALUES (${orgId}, 'Acme', ${orgId}, now(), now())`.execute(query(tx)),
  )
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const hex = { alphabet: '0123456789abcdef', bodyLength: 64, visibleLength: 11, check: null }
  const { secret } = await createKey(
    {
      db,
      audit: createAuditLog({ id: 'test-1', privateKey, publicKey }),
      clock: systemClock,
      digests: createKeyDigests(parseVersionedKeys(pepper, 'PEPPER', 32)),
      shapes: { api: { ...hex, prefixes: ['sk_'] } },
    },
    { kind: 'system', orgId, because: 'test' },
    {
      service: 'api',
      name: 'test',
      scopes: ['hello:read'],
      kind: 'persistent',
      expiresAtMs: null,
      ipAllow: [],
      requestsPerWindow: null,
      keysMax: null,
    },
  )
  return secret.reveal()
}

function toArrayBuffer(bytes: Buffer): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.length)
  new Uint8Array(copy).set(bytes)
  return copy
}
