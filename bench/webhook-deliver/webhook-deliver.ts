import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { createAuditLog } from '@gatehouse/kernel/audit'
import { systemClock } from '@gatehouse/kernel/clock'
import { asGate, query, recordTelemetry } from '@gatehouse/kernel/db'
import { createEgress, parseEgressAllowance } from '@gatehouse/kernel/egress'
import type { Principal } from '@gatehouse/kernel/principal'
import { createSealer } from '@gatehouse/kernel/secrets'
import { createWebhookEndpoint, publishWebhook, startWebhookDelivery } from '@gatehouse/kernel/webhooks'
import { sql } from 'kysely'
import { alone, type Benchmark, type Measured } from '../figure.ts'
import { median, quantile } from '../statistics.ts'
import { startThrowAwayDatabase, type ThrowAwayDatabase } from '../throw-away-database.ts'
import { type Receiver, startReceiver } from './receiver.ts'

const service = 'bench'
const type = 'bench.event'
const crowds = [
  { name: 'webhook-deliver', orgs: 10 },
  { name: 'webhook-deliver-10x', orgs: 100 },
  { name: 'webhook-deliver-100x', orgs: 1_000 },
]
const eventsPerRound = 6_000
const rounds = 5
const goals = { perSecond: 1_500, p99Ms: 250 }
const halfLoad = { perSecond: goals.perSecond / 2, seconds: 10 }
const eventsPerCommit = 20
const committersAtOnce = 8

/** P7: from an event's commit to the receiver's socket on loopback, through the outbox in PostgreSQL. */
export const webhookDeliver: Benchmark = async ({ note }) => {
  note('webhook-deliver: starting a PostgreSQL and a receiver')
  const database = await startThrowAwayDatabase()
  const receiver = await startReceiver()
  const allow = parseEgressAllowance(`127.0.0.1:${receiver.port}`)
  const egress = createEgress({ allow })
  const sealer = createSealer({ current: 1, versions: new Map([[1, randomBytes(32)]]) })
  const delivery = startWebhookDelivery({
    db: database.db,
    clock: systemClock,
    invalidations: database.invalidations,
    sealer,
    egress,
    signingKey: generateKeyPairSync('ed25519'),
    ownSignatures: new Map(),
    chance: Math.random,
    tell: async () => undefined,
    onError: (error) => note(`webhook-deliver: ${String(error)}`),
  })
  try {
    const orgs: Principal[] = []
    const grow = async (count: number): Promise<void> => {
      while (orgs.length < count) orgs.push(await addOrg(database, { egress, sealer }, receiver.port))
    }
    const measured: Measured[] = []
    for (const { name, orgs: count } of crowds) {
      await grow(count)
      note(`webhook-deliver: ${count.toLocaleString('en')} organisations with an endpoint each`)
      measured.push(...(await measure(name, database, orgs, receiver, note)))
    }
    return measured
  } finally {
    await delivery.stop()
    egress.close()
    await receiver.stop()
    await database.stop()
  }
}

async function measure(
  name: string,
  database: ThrowAwayDatabase,
  orgs: readonly Principal[],
  receiver: Receiver,
  note: (text: string) => void,
): Promise<readonly Measured[]> {
  const rates: number[] = []
  while (rates.length < rounds) {
    const startedMs = performance.now()
    const seen = receiver.seen(eventsPerRound)
    await publish(database, orgs, eventsPerRound)
    await seen
    rates.push(eventsPerRound / ((performance.now() - startedMs) / 1_000))
    const { count, ids } = await receiver.report()
    if (count !== ids) note(`webhook-deliver: ${count - ids} deliveries came twice`)
  }
  const total = halfLoad.perSecond * halfLoad.seconds
  const seen = receiver.seen(total)
  await publishEvenly(database, orgs, total)
  await seen
  const { lagsMs } = await receiver.report()
  const p99 = quantile(lagsMs, 0.99)
  note(`webhook-deliver: lag at half load p50 ${quantile(lagsMs, 0.5)} ms, p99 ${p99} ms`)
  const rate = median(rates)
  return [
    alone({ name, unit: 'deliveries/s, event to receiver', goal: '≥ 1,500' }, rate, rate >= goals.perSecond),
    alone(
      { name: `${name}-lag`, unit: `ms, p99 lag at ${halfLoad.perSecond} events/s`, goal: '< 250 ms' },
      p99,
      p99 < goals.p99Ms,
    ),
  ]
}

async function addOrg(
  { db }: ThrowAwayDatabase,
  parts: {
    readonly egress: ReturnType<typeof createEgress>
    readonly sealer: ReturnType<typeof createSealer>
  },
  port: number,
): Promise<Principal> {
  const principal: Principal = { kind: 'system', orgId: randomUUID(), because: 'bench' }
  await asGate({ db }, (tx) =>
    sql`INSERT INTO gatehouse.org (org_id, name, slug, created_at, updated_at)
        VALUES (${principal.orgId}, 'Bench', ${principal.orgId}, now(), now())`.execute(query(tx)),
  )
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const audit = createAuditLog({ id: 'bench', privateKey, publicKey })
  const deps = { db, audit, clock: systemClock, randomBytes, service, endpointsMax: 1, ...parts }
  await createWebhookEndpoint(deps, principal, {
    url: `http://127.0.0.1:${port}/hook`,
    description: '',
    events: [type],
  })
  return principal
}

/** As many events as fast as they commit, spread over the organisations. */
async function publish({ db }: ThrowAwayDatabase, orgs: readonly Principal[], count: number): Promise<void> {
  let next = 0
  const commit = async (): Promise<void> => {
    while (next < count) {
      const org = orgs[(next / eventsPerCommit) % orgs.length]
      next += eventsPerCommit
      if (org === undefined) throw new Error('There is no organisation')
      await publishSome(db, org, eventsPerCommit)
    }
  }
  await Promise.all(Array.from({ length: committersAtOnce }, commit))
}

/** Events at a steady pace, each in a transaction of its own. */
async function publishEvenly(
  { db }: ThrowAwayDatabase,
  orgs: readonly Principal[],
  count: number,
): Promise<void> {
  const startedMs = performance.now()
  const open = new Set<Promise<void>>()
  for (let sent = 0; sent < count;) {
    const due = Math.min(count, Math.floor(((performance.now() - startedMs) / 1_000) * halfLoad.perSecond))
    for (; sent < due; sent += 1) {
      const org = orgs[sent % orgs.length]
      if (org === undefined) throw new Error('There is no organisation')
      const one = publishSome(db, org, 1).finally(() => open.delete(one))
      open.add(one)
    }
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  await Promise.all(open)
}

function publishSome(db: ThrowAwayDatabase['db'], org: Principal, count: number): Promise<void> {
  return recordTelemetry({ db }, org, async (tx) => {
    for (let index = 0; index < count; index += 1) {
      const at = Date.now()
      await publishWebhook(tx, { service, type, atMs: at, toBody: (id) => ({ id, type, at }) })
    }
  })
}
