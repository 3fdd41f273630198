import { randomUUID } from 'node:crypto'
import { asGate, asWriter, query } from '@gatehouse/kernel/db'
import { deliverDue, type DeliveryQueue, toAttempt } from '@gatehouse/kernel/delivery'
import { fakeClock, testDatabase, type TestDatabase, watchStatements } from '@gatehouse/kernel/testing'
import { webhookRules } from '@gatehouse/kernel/webhooks'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { queueForSubscribers, subscriptionQueue } from '../store/subscription-store.ts'

let database: TestDatabase
const clock = fakeClock(Date.UTC(2026, 5, 1))
const sent: { readonly atMs: number; readonly entries: number; readonly more: number }[] = []
let count = 0

const queue: DeliveryQueue<null> = {
  name: subscriptionQueue,
  rules: webhookRules,
  prepare: async (_tx, claimed) => claimed.map(() => ({ kind: 'send', to: null })),
  attempt: async (_to, { body }) => {
    // Safe: what waits for a chat is written like this.
    const { events, more } = JSON.parse(body) as { readonly events: readonly object[]; readonly more: number }
    sent.push({ atMs: clock.now() - Date.UTC(2026, 5, 1), entries: events.length, more })
    return toAttempt('accepted')
  },
  notice: async () => undefined,
}

beforeAll(async () => {
  database = await testDatabase()
  const orgId = randomUUID()
  await asGate({ db: database.db }, (tx) =>
    sql`INSERT INTO gatehouse.org (org_id, name, slug, created_at, updated_at)
        VALUES (${orgId}, 'Acme', ${orgId}, now(), now())`.execute(query(tx)),
  )
  await database.db.pool.query(
    `INSERT INTO volatility.subscription (org_id, number, id, kind, shown, sealed_target, events, symbols, timeframes,
       to_regimes, preset, method, description, state, created_at)
     SELECT $1, number, id, kind, 'x', 'x', '{regime.transition}', '{}', '{1m}', '{high}', preset, 'published', '',
            'active', now()
       FROM (VALUES (1, 'chat', 'slack', 'balanced'), (2, 'receiver', 'https', 'sensitive'))
         AS given (number, id, kind, preset)`,
    [orgId],
  )
})
afterAll(() => database.drop())

/** Events of one minute. */
const tell = async (events: number, preset = 'balanced', db = database.db): Promise<void> => {
  const body = { symbol: 'btcusdt', timeframe: '1m', to: 'high', preset, method: 'published' }
  const told = Array.from({ length: events }, (_, index) => {
    const id = `evt_${String(count + index).padStart(26, '0')}`
    return { id, orgId: null, type: 'regime.transition', body }
  })
  count += events
  await asWriter({ db }, (tx) => queueForSubscribers(tx, told, clock.now()))
}
const errors: unknown[] = []
const deliver = () =>
  deliverDue(
    { db: database.db, clock, chance: () => 0.5, onError: (error) => void errors.push(error) },
    queue,
  )

it('a chat has at most one message in three seconds, and what waits comes in one', async () => {
  await tell(1)
  await deliver()
  expect(sent).toEqual([{ atMs: 0, entries: 1, more: 0 }])
  await tell(4)
  for (const ms of [0, 1_000, 1_999]) {
    clock.advance(ms)
    await deliver()
  }
  expect(sent.length).toBe(1)
  clock.advance(1)
  await deliver()
  expect(sent.slice(1)).toEqual([{ atMs: 3_000, entries: 4, more: 0 }])
  clock.advance(1_000)
  await tell(13)
  clock.advance(1_999)
  await deliver()
  expect(sent.length).toBe(2)
  clock.advance(1)
  await deliver()
  expect(sent.slice(2)).toEqual([{ atMs: 6_000, entries: 10, more: 3 }])
  clock.advance(60_000)
  await tell(1)
  await deliver()
  expect(sent.slice(3)).toEqual([{ atMs: 66_000, entries: 1, more: 0 }])
  expect(errors).toEqual([])
})

it('a-minute-of-many-changes-takes-as-many-statements-as-one: each change still has a delivery of its own', async () => {
  const countStatements = async (events: number): Promise<number> => {
    let statements = 0
    const db = watchStatements(database.db, () => {
      statements += 1
    })
    await tell(events, 'sensitive', db)
    return statements
  }
  expect(await countStatements(50)).toBe(await countStatements(1))
  const { rows } = await database.db.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM gatehouse.delivery WHERE destination_id = 'receiver' AND state = 'pending'`,
  )
  expect(rows).toEqual([{ count: 51 }])
})
