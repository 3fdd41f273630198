import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { asGate, query, recordTelemetry } from '../db/index.ts'
import type { SystemPrincipal } from '../principal/index.ts'
import { fakeClock, testDatabase, type TestDatabase } from '../testing/index.ts'
import {
  type Attempt,
  deliverDue,
  type DeliveryQueue,
  type DestinationNotice,
  holdPending,
  insertDelivery,
  listDeliveriesInFull,
  toAttempt,
  withdrawDelivery,
} from './index.ts'
import { createSender } from './sender.ts'

let database: TestDatabase
let org: SystemPrincipal
const clock = fakeClock(Date.UTC(2026, 5, 1))
const sent: string[] = []
const notices: DestinationNotice[] = []
const errors: unknown[] = []
let answer: (id: string) => Attempt

const queue: DeliveryQueue<null> = {
  name: 'test',
  rules: {
    delaysSeconds: [0, 10, 60],
    jitter: 0,
    retryAfterSecondsMax: 600,
    timeoutMs: 1_000,
    leaseExtraMs: 9_000,
    places: { all: 16, perOrg: 8, perDestination: 4 },
    health: { givenUpMax: 2 },
    keepsBody: false,
  },
  prepare: async (_tx, claimed) =>
    claimed.map(({ body }) => {
      if (body === 'hold') return { kind: 'hold' }
      if (body === 'suppress') return { kind: 'suppress', because: 'nothing_to_say' }
      if (body === 'broken') return { kind: 'broken', because: 'unreadable', error: new Error('unreadable') }
      return { kind: 'send', to: null }
    }),
  attempt: async (_to, { id }) => {
    sent.push(id)
    return answer(id)
  },
  notice: async (_tx, notice) => void notices.push(notice),
}

beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(async () => {
  await database.db.pool.query('DELETE FROM gatehouse.delivery')
  org = await newOrg()
  for (const list of [sent, notices, errors]) list.length = 0
  answer = () => toAttempt('accepted')
})
afterAll(() => database.drop())

async function newOrg(): Promise<SystemPrincipal> {
  const orgId = randomUUID()
  await asGate({ db: database.db }, (tx) =>
    sql`INSERT INTO gatehouse.org (org_id, name, slug, created_at, updated_at)
        VALUES (${orgId}, 'Acme', ${orgId}, now(), now())`.execute(query(tx)),
  )
  return { kind: 'system', orgId, because: 'test' }
}

const deliver = () =>
  deliverDue(
    { db: database.db, clock, chance: () => 0.5, onError: (error) => void errors.push(error) },
    queue,
  )

const put = (
  id: string,
  { topic, to = 'a', body = id }: { topic?: string; to?: string; body?: string } = {},
) =>
  recordTelemetry({ db: database.db }, org, (tx) =>
    insertDelivery(
      tx,
      {
        orgId: org.orgId,
        queue: 'test',
        id,
        event: 'test',
        body,
        atMs: clock.now(),
        topic: topic === undefined ? undefined : { id: topic, occurrence: id },
      },
      { destinationId: to, state: 'pending' },
    ),
  )

const log = async (destinationId = 'a') => {
  const page = { destinationId, beforeId: undefined, limit: 100 }
  const found = await recordTelemetry({ db: database.db }, org, (tx) =>
    listDeliveriesInFull(tx, 'test', page),
  )
  return found.toReversed()
}

it('deliveries of one topic leave in their order, whatever the first has to wait for, and others pass', async () => {
  await put('1', { topic: 'incident' })
  await put('2', { topic: 'incident' })
  await put('3', { topic: 'other' })
  await put('4', { topic: 'incident', to: 'b' })
  answer = (id) => toAttempt(id === '1' ? 'again' : 'accepted', id === '1' ? 'connect_timeout' : null)
  await deliver()
  expect(sent.toSorted()).toEqual(['1', '3', '4'])
  answer = () => toAttempt('accepted')
  clock.advance(10_000)
  await deliver()
  expect(sent.slice(3)).toEqual(['1', '2'])
})

it('one that is given up lets the next of its topic go', async () => {
  await put('1', { topic: 'incident' })
  await put('2', { topic: 'incident' })
  answer = (id) => toAttempt(id === '1' ? 'refused' : 'accepted')
  await deliver()
  expect(sent).toEqual(['1', '2'])
  expect(await log()).toMatchObject([{ state: 'failed' }, { state: 'delivered' }])
})

it('the same occurrence of a topic is put out once', async () => {
  expect(await put('1', { topic: 'incident' })).toBe(1)
  const again = recordTelemetry({ db: database.db }, org, (tx) =>
    insertDelivery(
      tx,
      {
        orgId: org.orgId,
        queue: 'test',
        id: '2',
        event: 'test',
        body: '',
        atMs: clock.now(),
        topic: { id: 'incident', occurrence: '1' },
      },
      { destinationId: 'a', state: 'pending' },
    ),
  )
  expect(await again).toBe(0)
})

it('what is not to be sent is put aside with its reason, and what cannot be read is an error that is seen', async () => {
  for (const body of ['hold', 'suppress', 'broken']) await put(body, { body, to: body })
  await deliver()
  expect(sent).toEqual([])
  expect(await log('hold')).toMatchObject([{ state: 'held', attemptsMade: 0 }])
  expect(await log('suppress')).toMatchObject([{ state: 'suppressed', lastError: 'nothing_to_say' }])
  expect(await log('broken')).toMatchObject([{ state: 'failed', lastError: 'unreadable' }])
  expect(errors).toHaveLength(1)
  expect(notices).toMatchObject([{ destinationId: 'broken', because: 'given_up', result: 'unreadable' }])
})

it('a destination is closed by what it loses in a row, and a success starts the count anew', async () => {
  const lose = async (id: string) => {
    answer = () => toAttempt('refused', 'no')
    await put(id)
    await deliver()
  }
  await lose('1')
  answer = () => toAttempt('accepted')
  await put('2')
  await deliver()
  await lose('3')
  await lose('4')
  expect(notices.map(({ isClosed }) => isClosed)).toEqual([false, false, true])
})

it('what a queue does not keep is gone once it is done, and the log stays', async () => {
  await put('1', { body: 'ann@example.com' })
  answer = () => toAttempt('again', 'busy')
  await deliver()
  expect(await log()).toMatchObject([{ body: 'ann@example.com', state: 'pending' }])
  answer = () => toAttempt('accepted')
  clock.advance(10_000)
  await deliver()
  expect(await log()).toMatchObject([
    { body: '', state: 'delivered', attempts: [{ error: 'busy' }, { error: null }] },
  ])
})

it('what is being sent is not withdrawn, and what waits is', async () => {
  await put('1')
  const withdraw = () =>
    recordTelemetry({ db: database.db }, org, (tx) =>
      withdrawDelivery(tx, 'test', '1', { state: 'merged', because: 'over', nowMs: clock.now() }),
    )
  answer = () => toAttempt('again', 'busy')
  let during: boolean | undefined
  const slow = { ...queue, attempt: async () => ((during = await withdraw()), toAttempt('again', 'busy')) }
  await deliverDue({ db: database.db, clock, chance: () => 0.5, onError: () => undefined }, slow)
  expect(during).toBe(false)
  expect(await withdraw()).toBe(true)
  expect(await log()).toMatchObject([{ state: 'merged', lastError: 'over' }])
})

it('a fault of our own is logged, and the delivery goes out when its lease has lapsed', async () => {
  await put('1')
  answer = () => {
    throw new Error('a bug')
  }
  await deliver()
  expect(errors).toHaveLength(1)
  answer = () => toAttempt('accepted')
  clock.advance(9_999)
  await deliver()
  expect(sent).toHaveLength(1)
  clock.advance(1)
  await deliver()
  expect(sent).toEqual(['1', '1'])
})

it('what is held is not sent, and another org sees nothing of it', async () => {
  await put('1')
  await recordTelemetry({ db: database.db }, org, (tx) =>
    holdPending(tx, 'test', { orgId: org.orgId, destinationId: 'a' }),
  )
  await deliver()
  expect(sent).toEqual([])
  org = await newOrg()
  expect(await log()).toEqual([])
})

describe('waits-no-longer-for-a-clock-that-stepped-back', () => {
  const hourMs = 3_600_000
  const stepBack = (): void => clock.set(clock.now() - hourMs)

  it('a lease that a node took with it ends when one of this moment would', async () => {
    // A fault of our own leaves the lease as it is, like a node that dies.
    answer = () => {
      throw new Error('a fault of our own')
    }
    await put('1')
    await deliver()
    answer = () => toAttempt('accepted')
    stepBack()
    await deliver()
    clock.advance(queue.rules.timeoutMs + queue.rules.leaseExtraMs)
    await deliver()
    expect(sent).toEqual(['1'])
    clock.advance(1_000)
    await deliver()
    expect(sent).toEqual(['1', '1'])
  })

  it('a retry waits as long as it was to wait, and not a step longer', async () => {
    answer = () => toAttempt('again')
    await put('1')
    await deliver()
    stepBack()
    await deliver()
    clock.advance(9_999)
    await deliver()
    expect(sent).toEqual(['1'])
    clock.advance(1)
    await deliver()
    expect(sent).toEqual(['1', '1'])
  })

  it('what was put off is put off as long, and what was due stays due', async () => {
    await put('1')
    stepBack()
    await deliver()
    expect(sent).toEqual(['1'])
  })

  it('a sender that runs on sees the step, and leaves nobody alone for an hour', async () => {
    answer = () => ({ ...toAttempt('again'), isOverloaded: true })
    const sender = createSender(
      { db: database.db, clock, chance: () => 0.5, onError: (error) => void errors.push(error) },
      queue,
      new AbortController().signal,
      () => undefined,
    )
    const turn = async (): Promise<void> => {
      await sender.claim()
      await sender.idle()
      await sender.save()
    }
    await put('1')
    await turn()
    stepBack()
    await turn()
    clock.advance(10_000)
    answer = () => toAttempt('accepted')
    await turn()
    expect(sent).toEqual(['1', '1'])
  })
})
