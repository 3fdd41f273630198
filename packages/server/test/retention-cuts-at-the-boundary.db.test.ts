import { generateKeyPairSync } from 'node:crypto'
import { createAuditLog } from '@gatehouse/kernel/audit'
import { ensurePartitions } from '@gatehouse/kernel/db'
import {
  applyRetention,
  type CutRow,
  isCutRow,
  listRetentionEvidence,
  type RetentionRow,
  toThroughMs,
} from '@gatehouse/kernel/retention'
import { fakeClock, testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '../src/schema.ts'
import { services } from '../src/services.ts'
import { readAgedRows } from './fixtures/aged-rows.ts'

const { partitions, retention } = schema
const agedRows = await readAgedRows(services)

const nowMs = Date.UTC(2026, 9, 15, 12, 34, 56, 789)
const dayMs = 86_400_000
const clock = fakeClock(nowMs)
const audit = createAuditLog({ id: 'test-1', ...generateKeyPairSync('ed25519') })
const cutRows = retention.filter(isCutRow)
let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
  // The test looks and writes as the owner of the tables; the job keeps to its roles, which stay confined.
  await database.db.pool.query(`
    DO $$ DECLARE target regclass; BEGIN
      FOR target IN SELECT oid FROM pg_class WHERE relforcerowsecurity LOOP
        EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', target);
      END LOOP;
    END $$`)
  for (const row of cutRows) await ensurePartitions(database.db, partitions, toThroughMs(row.kept, nowMs))
})
afterAll(() => database.drop())

const apply = (rows: readonly RetentionRow[] = retention, signal = new AbortController().signal) =>
  applyRetention({ db: database.db, audit, clock }, rows, signal)

async function insert({ what }: CutRow, atMs: number): Promise<void> {
  await database.db.pool.query(agedRows[what]?.insert ?? '', [new Date(atMs)])
}

async function isHeld({ what, table, time }: CutRow, atMs: number): Promise<boolean> {
  const { rowCount } = await database.db.pool.query(
    `SELECT FROM ${table} WHERE ${time} = $1 AND ${agedRows[what]?.holds ?? 'true'}`,
    [new Date(atMs)],
  )
  return rowCount === 1
}

async function evidenceOf(row: CutRow) {
  const [evidence] = await listRetentionEvidence(database, [row])
  return evidence
}

async function partitionsOf({ table }: CutRow): Promise<number> {
  const { rowCount } = await database.db.pool.query(
    'SELECT FROM pg_inherits WHERE inhparent = $1::regclass',
    [table],
  )
  return rowCount ?? 0
}

function cutRow(what: string): CutRow {
  const row = cutRows.find((one) => one.what === what)
  if (row === undefined) throw new Error(`There is no retention of ${what}`)
  return row
}

describe('retention-cuts-at-the-boundary', () => {
  it('every kind of data has a case here, and no case is left over', () => {
    expect(Object.keys(agedRows).toSorted()).toEqual(cutRows.map(({ what }) => what).toSorted())
  })

  it.each(cutRows.map((row) => [row.what, row] as const))('%s', async (_what, row) => {
    const throughMs = nowMs - (agedRows[row.what]?.keptMs ?? Number.NaN)
    await insert(row, throughMs + 1)
    await apply()
    expect(await isHeld(row, throughMs + 1), 'a millisecond younger stays').toBe(true)
    expect(await evidenceOf(row)).toMatchObject({ cutRows: 0, oldestRemainingMs: throughMs + 1, error: null })
    await insert(row, throughMs)
    await apply()
    expect(await isHeld(row, throughMs), 'exactly as old goes').toBe(false)
    expect(await evidenceOf(row)).toMatchObject({ what: row.what, throughMs, cutRows: 1, error: null })
  })

  it('every table in which time passes is cut, or is said to last', async () => {
    const { rows } = await database.db.pool.query<{ name: string }>(`
      SELECT DISTINCT format('%s.%s', space.nspname, class.relname) AS name
        FROM pg_class AS class
        JOIN pg_namespace AS space ON space.oid = class.relnamespace
        JOIN pg_attribute AS field ON field.attrelid = class.oid AND field.attnum > 0 AND NOT field.attisdropped
       WHERE class.relkind IN ('r', 'p') AND NOT class.relispartition
         AND space.nspname NOT IN ('pg_catalog', 'information_schema')
         AND (field.atttypid = ANY ('{timestamptz,timestamp,date}'::regtype[])
              OR field.atttypid = 'bigint'::regtype AND field.attname LIKE '%\\_ms')
       ORDER BY name`)
    const named = new Set(retention.flatMap((row) => ('table' in row ? [row.table] : [])))
    expect(rows.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([])
    const found = new Set(rows.map(({ name }) => name))
    expect([...named].filter((name) => !found.has(name))).toEqual([])
  })
})

it.each(cutRows.filter(({ how }) => how.by === 'partition').map((row) => [row.what, row] as const))(
  'partitions of %s that are wholly old are dropped, and the rows in them counted',
  async (_what, row) => {
    const throughMs = toThroughMs(row.kept, nowMs) - 100 * dayMs
    await apply()
    const before = await partitionsOf(row)
    await ensurePartitions(database.db, partitions, throughMs)
    expect(await partitionsOf(row)).toBeGreaterThan(before)
    await insert(row, throughMs)
    await insert(row, throughMs - 1)
    await apply()
    expect(await partitionsOf(row)).toBe(before)
    expect(await evidenceOf(row)).toMatchObject({ cutRows: 2, error: null })
  },
)

it('a delivery that was held for 30 days ends as failed, for it expired, and is then kept like any other', async () => {
  const row = cutRow('webhook deliveries that are held')
  const throughMs = toThroughMs(row.kept, nowMs)
  await database.db.pool.query(`DELETE FROM gatehouse.delivery WHERE state = 'held'`)
  await insert(row, throughMs)
  await insert(row, throughMs + 1)
  await apply()
  const { rows } = await database.db.pool.query(
    `SELECT state, last_error, finished_at, next_attempt_at FROM gatehouse.delivery
      WHERE created_at >= $1 AND created_at <= $2 ORDER BY created_at DESC LIMIT 2`,
    [new Date(throughMs), new Date(throughMs + 1)],
  )
  expect(rows).toEqual([
    { state: 'held', last_error: null, finished_at: null, next_attempt_at: null },
    { state: 'failed', last_error: 'expired', finished_at: new Date(nowMs), next_attempt_at: null },
  ])
  await database.db.pool.query(`DELETE FROM gatehouse.delivery WHERE state = 'held'`)
})

it('more than a batch goes in one run, however many rows share a moment', async () => {
  const row = cutRow('API calls')
  const { pool } = database.db
  await pool.query(
    `INSERT INTO gatehouse.api_call (org_id, at, ip, method, route, status, duration_ms)
     SELECT '00000000-0000-4000-8000-000000000000', $1::timestamptz - make_interval(secs => n / 3000),
            '192.0.2.1', 'GET', '/', 200, 1 FROM generate_series(1, 12000) AS n`,
    [new Date(toThroughMs(row.kept, nowMs))],
  )
  await apply([row])
  expect(await evidenceOf(row)).toMatchObject({
    cutRows: 12_000,
    oldestRemainingMs: toThroughMs(row.kept, nowMs) + 1,
  })
})

it('one node at a time: while one is at it, another leaves everything alone', async () => {
  const row = cutRow('API calls')
  const entered = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const slow: CutRow = {
    ...row,
    what: 'something slow',
    as: 'writer',
    how: {
      by: 'call',
      cut: async () => {
        entered.resolve()
        await held.promise
        return 0
      },
      findOldest: async () => null,
    },
  }
  const first = apply([slow])
  await entered.promise
  expect(await apply()).toBe(false)
  held.resolve()
  expect(await first).toBe(true)
  expect(await apply()).toBe(true)
})

it('a kind that fails leaves its error as evidence, and the others are cut', async () => {
  const row = cutRow('API calls')
  await insert(row, toThroughMs(row.kept, nowMs))
  const broken: CutRow = {
    ...row,
    what: 'something broken',
    table: 'gatehouse.nothing',
    as: 'writer',
    how: { by: 'delete' },
  }
  await expect(apply([broken, row])).rejects.toThrow('something broken')
  expect((await evidenceOf(broken))?.error).toContain('does not exist')
  expect(await evidenceOf(row)).toMatchObject({ cutRows: 1, error: null })
})

it('a node that stops cuts no more than the batch that it is at', async () => {
  const stopping = new AbortController()
  const row = cutRow('API calls')
  let batches = 0
  const endless: CutRow = {
    ...row,
    what: 'something endless',
    as: 'writer',
    how: {
      by: 'call',
      cut: async (_tx, _throughMs, limit) => {
        batches += 1
        stopping.abort()
        return limit
      },
      findOldest: async () => 5,
    },
  }
  const before = await evidenceOf(row)
  await apply([endless, row], stopping.signal)
  expect(batches).toBe(1)
  expect(await evidenceOf(endless)).toMatchObject({ oldestRemainingMs: 5, error: null })
  expect(await evidenceOf(row)).toEqual(before)
})

it('a kind with no end of data leaves time for the others', async () => {
  const row = cutRow('API calls')
  const endless: CutRow = {
    ...row,
    what: 'something endless',
    as: 'writer',
    how: {
      by: 'call',
      cut: async (_tx, _throughMs, limit) => {
        clock.advance(10_000)
        return limit
      },
      findOldest: async () => 5,
    },
  }
  await apply([endless, row])
  expect(await evidenceOf(endless)).toMatchObject({ startedAtMs: nowMs, endedAtMs: nowMs + 60_000 })
  expect((await evidenceOf(row))?.startedAtMs).toBe(nowMs + 60_000)
})
