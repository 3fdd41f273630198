import { ensurePartitions, kernelPartitions } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { createWebhookEndpoint, getWebhookDelivery } from '@gatehouse/kernel/webhooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { policy } from '../policy.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { listWebhookDeliveries } from './list-webhook-deliveries.ts'
import { tellUsageAnomalies } from './tell-usage-anomalies.ts'
import { toWebhookDeps } from './webhook-deps.ts'

let platform: TestPlatform
const hourMs = 3_600_000
const dayMs = 24 * hourMs
const settleMs = policy.usageSettleMinutes * 60_000
const nineMs = Date.UTC(2026, 5, 20, 9)
const foundedMs = nineMs - 14 * dayMs
const url = 'https://receiver.example.com/hook'

beforeAll(async () => {
  platform = await startTestPlatform()
  const { db } = platform.database
  for (const atMs of [foundedMs - 30 * dayMs, nineMs]) await ensurePartitions(db, kernelPartitions, atMs)
})
afterAll(() => platform.database.drop())

async function call(orgId: string, count: number, fromMs: number): Promise<void> {
  const client = await platform.database.db.pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('SET LOCAL ROLE gatehouse_writer')
    await client.query(
      `INSERT INTO gatehouse.api_call (org_id, at, ip, method, route, status, duration_ms)
       SELECT $1, $2, '192.0.2.1', 'GET', '/api/v1/monitors', 200, 1 FROM generate_series(1, $3)`,
      [orgId, new Date(fromMs), count],
    )
    await client.query('COMMIT')
  } finally {
    client.release()
  }
}

async function foundWithHook(atMs = foundedMs) {
  platform.clock.set(atMs)
  const owner = await platform.found()
  const own = toWebhookDeps(platform.deps)
  const { endpoint } = await createWebhookEndpoint(own, owner, {
    url,
    description: '',
    events: ['usage.anomaly'],
  })
  return { owner, endpointId: endpoint.id }
}

async function foundCalling(usual: number, daysOfHistory = 14) {
  const subscriber = await foundWithHook(nineMs - daysOfHistory * dayMs)
  for (let ago = 1; ago <= 14; ago += 1)
    await call(subscriber.owner.orgId, usual, nineMs - ago * dayMs + 60_000)
  return subscriber
}

const judgeAt = (atMs: number) => {
  platform.clock.set(atMs)
  return tellUsageAnomalies(platform.deps, { signal: new AbortController().signal })
}
const judgeNine = () => judgeAt(nineMs + hourMs + settleMs)

async function heard({ owner, endpointId }: { owner: MemberPrincipal; endpointId: string }) {
  const { deps } = platform
  const { deliveries } = await listWebhookDeliveries(deps, owner, endpointId, { limit: 10 })
  const bodies: { type: string; data: object }[] = []
  for (const { id } of deliveries) {
    const { body } = await getWebhookDelivery(toWebhookDeps(deps), owner, endpointId, id)
    bodies.push(JSON.parse(body))
  }
  return bodies
}

it('an hour at the edge of what is usual is quiet, and one call more is told to that org alone', async () => {
  const [quiet, loud] = [await foundCalling(1_000), await foundCalling(1_000)]
  await call(quiet.owner.orgId, 1_600, nineMs)
  await call(loud.owner.orgId, 1_601, nineMs + hourMs - 1)
  await judgeNine()
  expect(await heard(quiet)).toEqual([])
  expect(await heard(loud)).toMatchObject([
    {
      type: 'usage.anomaly',
      org_id: loud.owner.orgId,
      data: { hour: '2026-06-20T09:00:00.000Z', calls: 1_601, usual_calls: 1_000, threshold_calls: 1_600 },
    },
  ])
})

it('calls on either side of the hour do not count for it', async () => {
  const org = await foundCalling(0)
  await call(org.owner.orgId, 2_000, nineMs - 1)
  await call(org.owner.orgId, 2_000, nineMs + hourMs)
  await call(org.owner.orgId, policy.usageAnomaly.callsMin - 1, nineMs)
  await judgeNine()
  expect(await heard(org)).toEqual([])
})

it('an hour is judged when every node has written it, and not a millisecond before', async () => {
  const org = await foundCalling(0)
  await call(org.owner.orgId, 5_000, nineMs)
  await judgeAt(nineMs + hourMs + settleMs - 1)
  expect(await heard(org)).toEqual([])
  await judgeNine()
  expect(await heard(org)).toHaveLength(1)
})

it('an org hears once a day, whoever judges and how often, and again the next day', async () => {
  const org = await foundCalling(0)
  const tenDaysOnMs = nineMs + 10 * dayMs
  await ensurePartitions(platform.database.db, kernelPartitions, tenDaysOnMs)
  const lastHourMs = Math.floor(tenDaysOnMs / dayMs) * dayMs + 23 * hourMs
  for (const fromMs of [tenDaysOnMs, lastHourMs, lastHourMs + hourMs])
    await call(org.owner.orgId, 5_000, fromMs)
  await Promise.all([1, 2, 3].map(() => judgeAt(tenDaysOnMs + hourMs + settleMs)))
  await judgeAt(lastHourMs + hourMs + settleMs)
  expect(await heard(org)).toHaveLength(1)
  await judgeAt(lastHourMs + 2 * hourMs + settleMs)
  expect(await heard(org)).toHaveLength(2)
})

it('an org that is a week old is judged, and a younger one is not', async () => {
  const { historyDaysMin } = policy.usageAnomaly
  const young = await foundWithHook(nineMs - historyDaysMin * dayMs + 1)
  const old = await foundWithHook(nineMs - historyDaysMin * dayMs)
  for (const { owner } of [young, old]) await call(owner.orgId, 5_000, nineMs)
  await judgeNine()
  expect(await heard(young)).toEqual([])
  expect(await heard(old)).toHaveLength(1)
})
