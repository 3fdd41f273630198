import { once } from 'node:events'
import { createServer } from 'node:http'
import { asWriter, decideWithin, query } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createPageCache } from '../pages/page-cache.ts'
import { claimDue, listOverdueHeartbeats, listToWake, type MonitorKey } from '../store/claim-store.ts'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { createChannel } from '../usecases/create-channel.ts'
import { createMonitor } from '../usecases/create-monitor.ts'
import { listDeliveries } from '../usecases/list-channels.ts'
import { listIncidents } from '../usecases/list-incidents.ts'
import { listServices } from '../usecases/list-services.ts'
import { updateService } from '../usecases/update-service.ts'
import { remind } from './remind.ts'

let uptime: TestUptime
let calls = 0
const sink = createServer((_request, response) => {
  calls += 1
  response.end()
})

beforeAll(async () => {
  uptime = await startTestUptime()
  sink.listen(0, '127.0.0.1')
  await once(sink, 'listening')
})
afterAll(async () => {
  sink.close()
  await uptime.database.drop()
})
beforeEach(async () => {
  await uptime.forgetDeliveries()
  calls = 0
})

const change = (member: MemberPrincipal, statement: RawBuilder<unknown>) =>
  decideWithin(uptime.deps, member, async (tx) => void (await statement.execute(query(tx))))
const suspend = (member: MemberPrincipal) =>
  change(member, sql`UPDATE gatehouse.org SET suspended_at = now() WHERE org_id = ${member.orgId}`)
const restore = (member: MemberPrincipal) =>
  change(member, sql`UPDATE gatehouse.org SET suspended_at = NULL WHERE org_id = ${member.orgId}`)

const config = { url: 'https://example.com/' }
const isOf =
  ({ orgId }: MemberPrincipal) =>
  (key: Pick<MonitorKey, 'orgId'>) =>
    key.orgId === orgId

/** A monitor that has just been confirmed down, and a channel that is to be told. */
async function breakMonitor() {
  const member = await uptime.found()
  const address = sink.address()
  if (address === null || typeof address === 'string') throw new Error('The sink has a port')
  const { channel } = await createChannel(uptime.deps, member, {
    type: 'webhook',
    name: 'Sink',
    config: { url: `http://127.0.0.1:${address.port}/`, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
  })
  const monitor = await createMonitor(uptime.deps, member, { type: 'http', config, renotifyMinutes: 5 })
  await uptime.observe(member.orgId, monitor.id, ['up', 'down', 'down', 'down', 'down', 'down'])
  const log = async () => (await listDeliveries(uptime.deps, member, channel.id, {})).deliveries
  return { member, log }
}

it('the checks of a suspended org do not run, and run again once it is restored', async () => {
  const member = await uptime.found()
  await createMonitor(uptime.deps, member, { type: 'http', config })
  const claim = async (): Promise<number> => {
    await change(
      member,
      sql`UPDATE uptime.schedule SET next_due_at = now() - interval '1 minute', lease_until = NULL`,
    )
    const request = { nodeId: 'test', confirming: false, rowsMax: 500, leaseExtraMs: 30_000, exceptOrgs: [] }
    const claimed = await asWriter(uptime.deps, (tx) => claimDue(tx, request))
    return claimed.filter(isOf(member)).length
  }
  expect(await claim()).toBe(1)
  await suspend(member)
  expect(await claim()).toBe(0)
  await restore(member)
  expect(await claim()).toBe(1)
})

it('time passes no verdict on a suspended org, and does once it is restored', async () => {
  const member = await uptime.found()
  await createMonitor(uptime.deps, member, { type: 'heartbeat', config: {} })
  await change(member, sql`UPDATE uptime.heartbeat SET deadline_at = now() - interval '1 hour'`)
  await change(member, sql`UPDATE uptime.monitor_state SET wake_at = now() - interval '1 hour'`)
  const due = () =>
    asWriter(uptime.deps, async (tx) => [
      (await listOverdueHeartbeats(tx, 500)).filter(isOf(member)).length,
      (await listToWake(tx, 500)).filter(isOf(member)).length,
    ])
  expect(await due()).toEqual([1, 1])
  await suspend(member)
  expect(await due()).toEqual([0, 0])
  await restore(member)
  expect(await due()).toEqual([1, 1])
})

it('what a suspended org had still to tell is not sent, and its log says why', async () => {
  const { member, log } = await breakMonitor()
  await suspend(member)
  await uptime.deliver()
  expect(calls).toBe(0)
  expect(await log()).toMatchObject([{ state: 'suppressed', reason: 'org_suspended' }])
})

it('nobody is reminded of the incidents of a suspended org, and is again once it is restored', async () => {
  const { member, log } = await breakMonitor()
  const { incidents } = await listIncidents(uptime.deps, member, {})
  const [incident] = incidents
  await uptime.deliver()
  expect(calls).toBe(1)
  await suspend(member)
  await remind(uptime.deliverDeps, member.orgId, incident?.id ?? '')
  expect(await log()).toHaveLength(1)
  await restore(member)
  await remind(uptime.deliverDeps, member.orgId, incident?.id ?? '')
  const reminders = (await log()).filter(({ event }) => event === 'incident.reminder')
  expect(reminders).toHaveLength(1)
  await uptime.deliver()
  expect(calls).toBe(2)
})

it('the public page of a suspended org is not there, like one that nobody made, and is back once it is restored', async () => {
  const cache = createPageCache(uptime.deps)
  const member = await uptime.found()
  await createMonitor(uptime.deps, member, { type: 'http', config })
  const [page] = await listServices(uptime.deps, member)
  await updateService(uptime.deps, member, page?.id ?? '', { isPublic: true, slug: 'suspended' })
  const read = async (): Promise<boolean> => {
    uptime.clock.advance(1_001)
    const found = await cache.read({ slug: 'suspended', lang: 'en', acceptLanguage: undefined })
    return found !== undefined
  }
  expect(await read()).toBe(true)
  await suspend(member)
  expect(await read()).toBe(false)
  await restore(member)
  expect(await read()).toBe(true)
})
