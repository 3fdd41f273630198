import type { Database } from '@gatehouse/kernel/db'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { claims } from '../src/posture/claims/index.ts'
import { defineClaim, isVerified, type Probe } from '../src/posture/define-claim.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'

let server: ComposedServer
beforeAll(async () => {
  server = await composeServer()
})
afterAll(() => server.stop())

/** How many rows each table holds. */
async function countRows({ pool }: Database): Promise<ReadonlyMap<string, number>> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'graphile_worker')`,
  )
  const counts = new Map<string, number>()
  for (const { name } of tables) {
    const { rows } = await pool.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${name}`)
    counts.set(name, rows[0]?.count ?? 0)
  }
  return counts
}

/** Tables that are left with another number of rows. What the instance says in its own chain is of no org. */
async function listLeft(run: () => Promise<unknown>): Promise<readonly string[]> {
  const before = await countRows(server.db)
  await run()
  const after = await countRows(server.db)
  return [...after].flatMap(([name, rows]) =>
    rows === before.get(name) || name === 'gatehouse.audit_entry'
      ? []
      : [`${name}: ${before.get(name)} → ${rows}`],
  )
}

async function countForeignEntries(): Promise<number> {
  const { rows } = await server.db.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM gatehouse.audit_entry
      WHERE org_id <> '00000000-0000-4000-8000-000000000000'`,
  )
  return rows[0]?.count ?? 0
}

function ownClaim(probe: Probe) {
  const nothing = { en: '', ja: '' }
  return defineClaim({
    id: 'test.probe',
    control: 'T7',
    sources: [],
    sentence: () => nothing,
    why: nothing,
    owner: 'test',
    probe,
    method: nothing,
    everyMinutes: 60,
    orgs: 'own',
  })
}

it('probes-leave-nothing-behind: after a run every table holds what it held', async () => {
  expect(await listLeft(() => server.probe({ claims: claims.filter(isVerified) }))).toEqual([])
  expect(await countForeignEntries()).toBe(0)
})

it('probes-leave-nothing-behind: nor does a probe that breaks off in the middle', async () => {
  const made: number[] = []
  const breaking = ownClaim({
    kind: 'inside',
    run: async ({ db, target }) => {
      const { rows } = await db.pool.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM gatehouse.org',
      )
      made.push(rows[0]?.count ?? 0)
      await target.send('/api/v1/monitors', { credential: target.orgs[0]?.keys['uptime'] ?? '' })
      throw new Error('it broke')
    },
  })
  const left = await listLeft(async () => {
    const [result] = await server.probe({ claims: [breaking] })
    expect(result?.finding).toMatchObject({
      verdict: 'unknown',
      because: expect.stringContaining('it broke'),
    })
  })
  expect(left).toEqual([])
  // The instance's own org, and the two that the probe acted in.
  expect(made).toEqual([3])
})
