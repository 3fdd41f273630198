import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../db/index.ts'
import { testDatabase, type TestDatabase } from '../testing/index.ts'
import { type CallLog, createCallLog } from './call-log.ts'
import { type ApiCall, batchRowsMax } from './store/call-store.ts'

const orgId = randomUUID()
let database: TestDatabase
let errors: string[]
let calls: CallLog

beforeEach(async () => {
  database = await testDatabase()
  errors = []
})
afterEach(() => database.drop())

function open(queueBatchesMax?: number, db = database.db): void {
  calls = createCallLog(db, (error) => errors.push(String(error)), queueBatchesMax)
}

function toCall(n: number, other: Partial<ApiCall> = {}): ApiCall {
  return {
    orgId,
    atMs: Date.now(),
    keyPrefix: `mk_${n % 7}`,
    userId: null,
    ip: `198.51.100.${n % 250}`,
    method: 'GET',
    route: '/api/v1/monitors/{id}',
    status: 200,
    durationMs: 1.4,
    ...other,
  }
}

async function countRows(): Promise<number> {
  const { rows } = await database.db.pool.query<{ count: string }>('SELECT count(*) FROM gatehouse.api_call')
  return Number(rows[0]?.count)
}

describe('no-call-is-lost-while-the-database-answers', () => {
  it('a full queue lets callers wait, says so at once, and everything is written', async () => {
    open(1)
    const count = 3 * batchRowsMax + 5
    const recorded = Array.from({ length: count }, (_, n) => calls.record(toCall(n)))
    const waiting = recorded.filter((one) => one !== undefined)
    expect(waiting).toHaveLength(count - batchRowsMax)
    expect(errors).toEqual(['Error: The queue of api_call is full, so callers wait'])
    expect(calls.counts()).toEqual({ queued: batchRowsMax, waited: count - batchRowsMax, lost: 0 })
    await Promise.all(waiting)
    await calls.stop()
    expect(await countRows()).toBe(count)
    expect(calls.counts()).toMatchObject({ queued: 0, lost: 0 })
  })

  it('each call is kept as it was, whatever is in it', async () => {
    open()
    const atMs = Date.now()
    const odd = {
      keyPrefix: null,
      userId: 'a"b\\c,{}',
      ip: '2001:db8::1',
      method: 'POST',
      route: 'NULL',
      status: 429,
    }
    void calls.record(toCall(1, { atMs, durationMs: 12.6 }))
    void calls.record(toCall(2, { ...odd, atMs: atMs + 1 }))
    await calls.stop()
    const { rows } = await database.db.pool.query(
      `SELECT org_id, at, key_prefix, user_id, host(ip) AS ip, method, route, status, duration_ms
         FROM gatehouse.api_call ORDER BY at`,
    )
    expect(rows).toEqual([
      {
        org_id: orgId,
        at: new Date(atMs),
        key_prefix: 'mk_1',
        user_id: null,
        ip: '198.51.100.1',
        method: 'GET',
        route: '/api/v1/monitors/{id}',
        status: 200,
        duration_ms: 13,
      },
      {
        org_id: orgId,
        at: new Date(atMs + 1),
        key_prefix: null,
        user_id: 'a"b\\c,{}',
        ip: '2001:db8::1',
        method: 'POST',
        route: 'NULL',
        status: 429,
        duration_ms: 1,
      },
    ])
  })

  it('without a database, callers are let go, and what is lost is counted and said at once', async () => {
    const gone = openDatabase({ url: database.url })
    await gone.end()
    open(1, gone)
    const waiting = Array.from({ length: batchRowsMax + 3 }, (_, n) => calls.record(toCall(n))).filter(
      (one) => one !== undefined,
    )
    expect(waiting).toHaveLength(3)
    await Promise.all(waiting)
    expect(calls.counts()).toEqual({ queued: batchRowsMax, waited: 3, lost: 3 })
    expect(errors.at(-1)).toBe('Error: 3 calls could not be written to api_call; 3 so far')
    await calls.stop()
    expect(calls.counts()).toMatchObject({ lost: batchRowsMax + 3 })
  })

  it('a row that the database refuses keeps no other from being written', async () => {
    open()
    void calls.record(toCall(1, { ip: 'nowhere' }))
    for (let n = 1; n < batchRowsMax + 10; n += 1) void calls.record(toCall(n))
    await calls.stop()
    expect(await countRows()).toBe(10)
    expect(calls.counts()).toMatchObject({ lost: batchRowsMax })
  })
})
