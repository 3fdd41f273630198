import { randomUUID } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import {
  connectOnce,
  type Database,
  migrate,
  type MigrationSet,
  openDatabase,
  within,
} from '@gatehouse/kernel/db'
import { findDelivery, listDeliveriesInFull } from '@gatehouse/kernel/delivery'
import { prepareJobs } from '@gatehouse/kernel/jobs'
import { Secret } from '@gatehouse/kernel/secrets'
import { listWebhookEndpoints, webhookQueueName } from '@gatehouse/kernel/webhooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { schema } from '../src/schema.ts'
import { channelQueueName } from '../src/services/uptime/store/channel-queue-name.ts'

const { migrations } = schema
/** What the schema was before the kernel had one outbox for everything. */
const since = new Set([
  'kernel/delivery/0001_delivery.sql',
  'kernel/delivery/0002_telemetry.sql',
  'platform/0010_old_outbox.sql',
  'platform/0011_mails.sql',
  'uptime/0004_deliveries.sql',
  'uptime/0005_mails.sql',
])

const server = new Secret(process.env['GATEHOUSE_TEST_DATABASE_URL'] ?? '')
const name = `carried_${randomUUID().replaceAll('-', '')}`
const orgId = randomUUID()
const principal = { kind: 'system', orgId, because: 'test' } as const
const at = new Date('2026-03-01T00:00:00.000Z')
let folder: string
let db: Database

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-old-'))
  await connectOnce(server, (run) => run(`CREATE DATABASE ${name}`))
  const url = new URL(server.reveal())
  url.pathname = `/${name}`
  db = openDatabase({ url: new Secret(url.href) })
  await prepareJobs(db)
  await migrate(db, await Promise.all(migrations.map(toOld)))
  await fill()
  await migrate(db, migrations)
})
afterAll(async () => {
  await db.end()
  await connectOnce(server, (run) => run(`DROP DATABASE ${name} WITH (FORCE)`))
  await rm(folder, { recursive: true })
})

async function toOld({ module, folder: from }: MigrationSet): Promise<MigrationSet> {
  const to = join(folder, module)
  await mkdir(to, { recursive: true })
  const source = fileURLToPath(from)
  for (const file of await readdir(source))
    if (!since.has(`${module}/${file}`)) await cp(join(source, file), join(to, file))
  return { module, folder: pathToFileURL(`${to}/`) }
}

async function fill(): Promise<void> {
  const insert = (table: string, row: Readonly<Record<string, unknown>>) =>
    db.pool.query(
      `INSERT INTO ${table} (${Object.keys(row).join(', ')})
       VALUES (${Object.keys(row)
         .map((_, index) => `$${index + 1}`)
         .join(', ')})`,
      Object.values(row),
    )
  const times = { created_at: at, updated_at: at }
  await insert('gatehouse.org', { org_id: orgId, name: 'Acme', slug: orgId, ...times })
  await insert('gatehouse.webhook_endpoint', {
    org_id: orgId,
    id: 'whe_1',
    service: 'platform',
    url: 'https://example.com/',
    description: '',
    events: ['key.created'],
    sealed_secret: 'sealed',
    state: 'enabled',
    failing_since: at,
    told_percent: 50,
    ...times,
  })
  await db.pool.query(`CREATE TABLE gatehouse.attempts_of_march PARTITION OF gatehouse.webhook_attempt
                       FOR VALUES FROM ('2026-03-01Z') TO ('2026-04-01Z')`)
  const message = {
    org_id: orgId,
    id: 'evt_1',
    service: 'platform',
    type: 'key.created',
    body: '{"id":"evt_1"}',
  }
  await insert('gatehouse.webhook_message', { ...message, created_at: at })
  const delivery = { org_id: orgId, endpoint_id: 'whe_1', message_id: 'evt_1' }
  await insert('gatehouse.webhook_delivery', {
    ...delivery,
    state: 'pending',
    attempts_made: 1,
    next_attempt_at: at,
    last_status: 503,
    created_at: at,
  })
  const tables = ['uptime.channel', 'uptime.delivery']
  for (const table of tables) await db.pool.query(`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`)
  await insert('uptime.channel', {
    org_id: orgId,
    id: 'ch_1',
    type: 'webhook',
    name: 'Hook',
    sealed_config: 'sealed',
    summary: 'example.com',
    verified: true,
    events: ['incident.created'],
    consecutive_dead: 3,
    ...times,
  })
  const notice = { org_id: orgId, channel_id: 'ch_1', incident_id: 'inc_1', occurrence: 'x', ...times }
  const attempts = (...of: object[]) =>
    JSON.stringify(of.map((one) => ({ atMs: at.getTime(), durationMs: 5, ...one })))
  await insert('uptime.delivery', {
    ...notice,
    id: 'n_1',
    event: 'incident.created',
    seq: 1,
    payload: '{}',
    state: 'sent',
    attempts: attempts({ result: 'accepted' }),
  })
  await insert('uptime.delivery', {
    ...notice,
    id: 'n_2',
    event: 'incident.resolved',
    seq: 2,
    payload: '{"b":1,"a":2}',
    state: 'retrying',
    reason: 'answered 5xx',
    next_attempt_at: at,
    attempts: attempts({ result: 'connect_timeout' }, { result: 'answered 5xx', atMs: at.getTime() + 1 }),
  })
  for (const table of tables) await db.pool.query(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`)
  await insert('gatehouse.webhook_attempt', {
    ...delivery,
    at,
    status: 503,
    duration_ms: 7,
    next_attempt_at: at,
  })
  for (const registrationId of ['waits', 'given up'])
    await db.pool.query(`SELECT graphile_worker.add_job('platform.send-verification', $1)`, [
      JSON.stringify({ orgId, registrationId }),
    ])
  await db.pool.query(`SELECT graphile_worker.add_job('uptime.verify-channel', $1)`, [
    JSON.stringify({ orgId, verificationId: 'waits' }),
  ])
  for (const deactivates of [true, false])
    await db.pool.query(`SELECT graphile_worker.add_job('uptime.channel-failed', $1)`, [
      JSON.stringify({ orgId, channelId: 'ch_1', event: 'test', result: 'answered 5xx', deactivates }),
    ])
  await db.pool.query(
    `UPDATE graphile_worker._private_jobs SET attempts = max_attempts
      WHERE payload ->> 'registrationId' = 'given up'`,
  )
}

it('a webhook that waits keeps its id, its body and what was tried, when the outbox moves', async () => {
  const found = await within({ db }, principal, (tx) => findDelivery(tx, webhookQueueName, 'whe_1', 'evt_1'))
  expect(found).toMatchObject({
    event: 'key.created',
    body: '{"id":"evt_1"}',
    state: 'pending',
    attemptsMade: 1,
    nextAttemptAtMs: at.getTime(),
    lastStatus: 503,
    attempts: [{ atMs: at.getTime(), status: 503, error: null, durationMs: 7 }],
  })
})

it('a notice that waits keeps its place in the order of its incident', async () => {
  const found = await within({ db }, principal, (tx) =>
    listDeliveriesInFull(tx, channelQueueName, { topic: 'inc_1' }),
  )
  expect(found).toMatchObject([
    { id: 'n_1', state: 'delivered', attempts: [{ atMs: at.getTime(), error: null, durationMs: 5 }] },
    {
      id: 'n_2',
      event: 'incident.resolved',
      body: '{"b":1,"a":2}',
      state: 'pending',
      attemptsMade: 2,
      lastError: 'answered 5xx',
      attempts: [{ error: 'connect_timeout' }, { error: 'answered 5xx' }],
    },
  ])
})

it('a mail that waits will be sent, and one that was given up stays so', async () => {
  const { rows: mails } = await db.pool.query(
    `SELECT event, body::json AS body, state FROM gatehouse.delivery WHERE queue = 'mail'
      ORDER BY event, body::json ->> 'deactivates'`,
  )
  const failure = { orgId, channelId: 'ch_1', event: 'test', result: 'answered 5xx' }
  const state = 'pending'
  expect(mails).toEqual([
    { event: 'platform.send-verification', body: { orgId, registrationId: 'waits' }, state },
    { event: 'uptime.tell-channel-failed', body: { ...failure, deactivates: false }, state },
    { event: 'uptime.tell-channel-failed', body: { ...failure, deactivates: true }, state },
    { event: 'uptime.verify-channel', body: { orgId, verificationId: 'waits' }, state },
  ])
  const { rows: jobs } = await db.pool.query('SELECT payload FROM graphile_worker._private_jobs')
  expect(jobs).toEqual([{ payload: { orgId, channelId: 'ch_1', result: 'answered 5xx' } }])
})

it('an endpoint that fails goes on failing since then', async () => {
  expect(await listWebhookEndpoints({ db, service: 'platform' }, principal)).toMatchObject([
    { id: 'whe_1', failingSinceMs: at.getTime() },
  ])
})

it('nothing is left of the old outboxes', async () => {
  const { rows } = await db.pool.query(
    `SELECT name FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS NOT NULL`,
    [
      [
        'gatehouse.webhook_delivery',
        'gatehouse.webhook_message',
        'gatehouse.webhook_attempt',
        'uptime.delivery',
      ],
    ],
  )
  expect(rows).toEqual([])
})
