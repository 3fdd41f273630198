import { asGate, recordTelemetry } from '@gatehouse/kernel/db'
import { deliverDue, listDeliveriesInFull, toAttempt } from '@gatehouse/kernel/delivery'
import { defineJob } from '@gatehouse/kernel/jobs'
import { fakeClock, testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { bindMail, createMailQueue, type MailContext, mailQueueName, queueMail, Unsent } from './index.ts'

const greeting = defineJob({
  name: 'test.greet',
  payload: z.strictObject({ orgId: z.uuid(), to: z.string() }),
})
const unknown = defineJob({ name: 'test.unknown', payload: greeting.payload })

/** The instance's own org, which is always there. */
const orgId = '00000000-0000-4000-8000-000000000000'
const clock = fakeClock(Date.now() + 60_000)
const errors: unknown[] = []
let database: TestDatabase
let write: (to: string, context: MailContext) => void

beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(async () => {
  await database.db.pool.query('DELETE FROM gatehouse.delivery')
  errors.length = 0
})
afterAll(() => database.drop())

const onError = (error: unknown): void => void errors.push(error)
const deliver = () => {
  const queue = createMailQueue([bindMail(greeting, async ({ to }, context) => write(to, context))], {
    publicUrl: () => 'https://gate.example.com/below',
    toSecret: (id) => Buffer.from(id),
    onError,
  })
  return deliverDue({ db: database.db, clock, chance: () => 0.5, onError }, queue)
}
const log = () =>
  recordTelemetry({ db: database.db }, { kind: 'system', orgId, because: 'test' }, (tx) =>
    listDeliveriesInFull(tx, mailQueueName, { destinationId: 'mail', beforeId: undefined, limit: 10 }),
  )
const queue = (job = greeting) =>
  asGate({ db: database.db }, (tx) => queueMail(tx, job, { orgId, to: 'ann@example.com' }))

it('a mail is logged in words of its own, and what it was about is forgotten once it has left', async () => {
  const busy = [toAttempt('again', 'mail_relay_unavailable')]
  write = () => {
    const attempt = busy.pop()
    if (attempt !== undefined) throw new Unsent(attempt)
  }
  await queue()
  await deliver()
  expect(await log()).toMatchObject([
    { event: 'test.greet', state: 'pending', lastStatus: null, lastError: 'mail_relay_unavailable' },
  ])
  expect((await log())[0]?.body).toContain('ann@example.com')
  clock.advance(20_000)
  await deliver()
  expect(await log()).toMatchObject([
    { state: 'delivered', body: '', attempts: [{ error: 'mail_relay_unavailable' }, { error: null }] },
  ])
})

it('a mail that the server refuses for good is not tried again', async () => {
  write = () => {
    throw new Unsent(toAttempt('refused', 'refused by the mail server'))
  }
  await queue()
  await deliver()
  expect(await log()).toMatchObject([
    { state: 'failed', body: '', attempts: [{ status: null, error: 'refused by the mail server' }] },
  ])
})

it('a fault in whoever writes a mail is an error in the log, and the mail is tried again', async () => {
  write = () => {
    throw new Error('a bug')
  }
  await queue()
  await deliver()
  expect(errors.map(String)).toEqual(['Error: a bug'])
  expect(await log()).toMatchObject([{ state: 'pending', lastError: 'internal_error' }])
})

it('a mail that nobody writes is an error that is seen', async () => {
  await queue(unknown)
  await deliver()
  expect(errors.map(String)).toEqual(['Error: Nobody writes the mail test.unknown'])
  expect(await log()).toMatchObject([{ state: 'failed', body: '', lastError: 'mail_unknown' }])
})

it('a mail leaves only if what it tells of is committed', async () => {
  await expect(
    asGate({ db: database.db }, async (tx) => {
      await queueMail(tx, greeting, { orgId, to: 'ann@example.com' })
      throw new Error('undone')
    }),
  ).rejects.toThrow('undone')
  expect(await log()).toEqual([])
})

it('a-mail-that-leaves-twice-is-one: each attempt has the same Message-ID and secret, each address and mail its own', async () => {
  const seen: string[][] = []
  let isBusy = true
  write = (to, { toMessageId, secret }) => {
    seen.push([toMessageId(to), toMessageId('bob@example.com'), secret.toString()])
    if (!isBusy) return
    isBusy = false
    throw new Unsent(toAttempt('again', 'mail_relay_unavailable'))
  }
  await queue()
  await deliver()
  clock.advance(20_000)
  await deliver()
  await queue()
  await deliver()
  const [first, again, other] = seen
  expect(again).toEqual(first)
  expect(first?.[0]).toMatch(/^<mail_\w+\.[0-9a-f]{16}@gate\.example\.com>$/)
  expect(new Set([...(first ?? []), ...(other ?? [])]).size).toBe(6)
})
