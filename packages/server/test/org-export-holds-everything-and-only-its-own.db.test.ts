import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ensurePartitions } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestPlatform, type TestPlatform } from '../src/platform/testing/test-platform.ts'
import { exportTeam } from '../src/platform/usecases/export-team.ts'
import { schema } from '../src/schema.ts'
import { toSecret } from '../src/service/testing/canary.ts'
import { lookPastRowSecurity, releaseCanaries } from './fixtures/org-canaries.ts'
import { unpackArchive } from './fixtures/unpack-archive.ts'

const { orgs: orgTables, partitions } = schema

let platform: TestPlatform
let ann: MemberPrincipal
let bob: MemberPrincipal
const [acme, other] = ['canary-acme', 'canary-other']

beforeAll(async () => {
  platform = await startTestPlatform({ orgTables })
  const { db } = platform.deps
  await lookPastRowSecurity(db)
  await ensurePartitions(db, partitions, platform.clock.now())
  ann = await platform.found(acme)
  bob = await platform.found(other)
  await releaseCanaries(db, { ...ann, word: acme })
  await releaseCanaries(db, { ...bob, word: other })
  // More than are read at once.
  await db.pool.query(
    `INSERT INTO gatehouse.api_call (org_id, at, ip, method, route, status, duration_ms)
     SELECT $1, $2, '192.0.2.1', 'GET', '/' || n, 200, 1 FROM generate_series(1, 999) AS n`,
    [ann.orgId, new Date(platform.clock.now())],
  )
  await db.pool.query(`UPDATE uptime.monitor SET config = E'{"b": 1,\\n"a": "x"}' WHERE org_id = $1`, [
    ann.orgId,
  ])
  // The tables' owner looks past row security no more.
  const { rows } = await db.pool.query<{ statement: string }>(
    `SELECT format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', c.oid::regclass) AS statement
       FROM pg_class c WHERE c.relrowsecurity AND c.relkind IN ('r', 'p')`,
  )
  for (const { statement } of rows) await db.pool.query(statement)
})
afterAll(() => platform.database.drop())

type Manifest = {
  readonly orgId: string
  readonly files: readonly { name: string; lines: number; bytes: number; sha256: string }[]
}

it('holds a row of every table, and of no other org, and no secret', async () => {
  const files = await unpackArchive(await exportTeam(platform.deps, ann))
  for (const { table, columns, withheld } of orgTables) {
    const lines = files.get(`tables/${table}.ndjson`)?.toString('utf8').trimEnd().split('\n')
    expect({ table, isThere: lines !== undefined }).toEqual({ table, isThere: columns.length > 0 })
    if (lines === undefined) continue
    const rows = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    for (const row of rows)
      expect({ table, columns: Object.keys(row) }).toEqual({ table, columns: [...columns] })
    expect(Object.keys(rows[0] ?? {}).filter((column) => withheld?.[column] !== undefined)).toEqual([])
  }
  const all = [...files.values()].map((file) => file.toString('utf8')).join('\n')
  expect(all).toContain(acme)
  for (const hidden of [other, bob.orgId, bob.userId, toSecret({ word: acme })])
    expect(all).not.toContain(hidden)
  const calls = files.get('tables/gatehouse.api_call.ndjson')?.toString('utf8') ?? ''
  expect(new Set(calls.trimEnd().split('\n')).size).toBe(1_000)
  expect(files.get('tables/uptime.monitor.ndjson')?.toString('utf8')).toContain('"config":{"b": 1, "a": "x"}')
  const people = files.get('tables/platform.user.ndjson')?.toString('utf8').trimEnd()
  expect(JSON.parse(people ?? '')).toMatchObject({ id: ann.userId })
})

it('says of every file how long it is, and its SHA-256', async () => {
  const files = await unpackArchive(await exportTeam(platform.deps, ann))
  const manifest = JSON.parse(files.get('manifest.json')?.toString('utf8') ?? '') as Manifest
  expect(manifest).toMatchObject({ format: 'gatehouse-org-export', version: 1, orgId: ann.orgId })
  const facts = [...files].slice(0, -1).map(([name, file]) => ({
    name,
    lines: file.toString('utf8').split('\n').length - 1,
    bytes: file.length,
    sha256: createHash('sha256').update(file).digest('hex'),
  }))
  expect(manifest.files).toEqual(facts)
})

it('is verified by the file that comes with it, and a changed byte is found', async () => {
  const files = await unpackArchive(await exportTeam(platform.deps, ann))
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-unpacked-'))
  for (const name of ['audit.ndjson', 'verify-audit.mjs', 'keys.json'])
    await writeFile(join(folder, name), files.get(name) ?? '')
  const verify = () =>
    promisify(execFile)(process.execPath, ['verify-audit.mjs', 'audit.ndjson', 'keys.json', '--json'], {
      cwd: folder,
    })
  expect(JSON.parse((await verify()).stdout)).toMatchObject({ intact: true, faults: [] })
  const changed = files.get('audit.ndjson')?.toString('utf8').replace('org.create', 'org.creates')
  await writeFile(join(folder, 'audit.ndjson'), changed ?? '')
  await expect(verify()).rejects.toMatchObject({ code: 1 })
  await rm(folder, { recursive: true })
})

it('leaves nothing behind, even when its reader goes away', async () => {
  const spools = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('gatehouse-export-'))
  const before = await spools()
  const archive = await exportTeam(platform.deps, ann)
  const closed = new Promise((resolve) => void archive.once('close', resolve))
  archive.destroy()
  await closed
  await unpackArchive(await exportTeam(platform.deps, ann))
  expect((await spools()).filter((name) => !before.includes(name))).toEqual([])
})
