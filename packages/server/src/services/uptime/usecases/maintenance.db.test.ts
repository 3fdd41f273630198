import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { query, recordTelemetry } from '@gatehouse/kernel/db'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UptimeTables } from '../store/tables.ts'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { createChannel } from './create-channel.ts'
import { listChannels, listDeliveries } from './list-channels.ts'
import { createMonitor } from './create-monitor.ts'
import { createService } from './create-service.ts'
import { deleteService } from './delete-service.ts'
import { endMaintenance } from './end-maintenance.ts'
import { getMonitor } from './get-monitor.ts'
import { getUptime } from './get-uptime.ts'
import { getService } from './list-services.ts'
import { listMaintenanceWindows, tellEnd } from './maintenance-windows.ts'
import { startMaintenance, toStartBody } from './start-maintenance.ts'
import { updateMonitor } from './update-monitor.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

let uptime: TestUptime

beforeAll(async () => {
  uptime = await startTestUptime()
})
afterAll(() => uptime.database.drop())

const inHours = (hours: number): number => uptime.clock.now() + hours * hourMs
const iso = (ms: number): string => new Date(ms).toISOString()
const one = (id: string) => ({ kind: 'monitors', monitorIds: [id] }) as const

async function create(member: MemberPrincipal, serviceId?: string): Promise<string> {
  const config = { url: 'https://example.com' }
  const { id } = await createMonitor(uptime.deps, member, {
    type: 'http',
    config,
    ...(serviceId && { serviceId }),
  })
  return id
}

async function untilOf(member: MemberPrincipal, id: string): Promise<string | null> {
  return (await getMonitor(uptime.deps, member, id)).maintenanceUntil
}

describe('one monitor', () => {
  it('goes under maintenance until the end given last, and comes out of it', async () => {
    const member = await uptime.found()
    const id = await create(member)
    await uptime.observe(member.orgId, id, ['up'])
    await startMaintenance(uptime.deps, member, one(id), { maintenanceUntil: inHours(4) })
    await startMaintenance(uptime.deps, member, one(id), { maintenanceUntil: inHours(2) })
    expect(await untilOf(member, id)).toBe(iso(inHours(2)))
    uptime.clock.advance(1_000)
    const during = await getUptime(uptime.deps, member, id, { from: inHours(-1) })
    expect(during.intervals?.at(-1)).toMatchObject({ state: 'maintenance', to: null })
    await endMaintenance(uptime.deps, member, one(id), {})
    expect(await untilOf(member, id)).toBeNull()
    const after = await getUptime(uptime.deps, member, id, { from: inHours(-1) })
    expect(after.totals.maintenanceMs).toBe(1_000)
  })

  it('without an end of its own stays under it past the announced one', async () => {
    const member = await uptime.found()
    const id = await create(member)
    const maintenanceUntil = inHours(24 * 8)
    await startMaintenance(uptime.deps, member, one(id), { maintenanceUntil, autoResolve: false })
    expect(await getMonitor(uptime.deps, member, id)).toMatchObject({
      maintenanceUntil: iso(maintenanceUntil),
      autoResolveMaintenance: 0,
    })
  })

  it.each<[promise: string, end: (now: number) => number, message: string | undefined]>([
    ['now is not in the future', (now) => now, 'maintenanceUntil: must lie in the future'],
    ['a millisecond later is', (now) => now + 1, undefined],
    ['seven days are allowed', (now) => now + 7 * dayMs, undefined],
    [
      'a millisecond more is not',
      (now) => now + 7 * dayMs + 1,
      'maintenanceUntil: must be at most 7 days away, unless autoResolve is false',
    ],
  ])('%s', async (_promise, end, detail) => {
    const member = await uptime.found()
    const id = await create(member)
    const started = startMaintenance(uptime.deps, member, one(id), {
      maintenanceUntil: end(uptime.clock.now()),
    })
    if (detail === undefined) await started
    else await expect(started).rejects.toMatchObject({ code: 'VALIDATION_ERROR', detail })
  })

  it('people may say for how long instead', () => {
    expect(toStartBody(uptime.deps, { durationSeconds: 90, notify: true })).toEqual({
      maintenanceUntil: uptime.clock.now() + 90_000,
      notify: true,
    })
  })

  it('ending what does not exist succeeds', async () => {
    const member = await uptime.found()
    expect(await endMaintenance(uptime.deps, member, one(await create(member)), {})).toBe(1)
  })
})

describe('several monitors', () => {
  it('one unknown id refuses the call and changes nothing', async () => {
    const [member, eve] = [await uptime.found(), await uptime.found()]
    const [mine, foreign] = [await create(member), await create(eve)]
    const scope = { kind: 'monitors', monitorIds: [mine, foreign] } as const
    await expect(
      startMaintenance(uptime.deps, member, scope, { maintenanceUntil: inHours(1) }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect([await untilOf(member, mine), await untilOf(eve, foreign)]).toEqual([null, null])
  })

  it('one of them leaves and the others stay', async () => {
    const member = await uptime.found()
    const [a, b] = [await create(member), await create(member)]
    const scope = { kind: 'monitors', monitorIds: [a, b, a] } as const
    expect(await startMaintenance(uptime.deps, member, scope, { maintenanceUntil: inHours(1) })).toBe(2)
    await endMaintenance(uptime.deps, member, one(a), {})
    expect([await untilOf(member, a), await untilOf(member, b)]).toEqual([null, iso(inHours(1))])
    await endMaintenance(uptime.deps, member, one(b), {})
    expect(await untilOf(member, b)).toBeNull()
  })

  it('all of them, those created meanwhile too, until all of it ends', async () => {
    const member = await uptime.found()
    const first = await create(member)
    expect(
      await startMaintenance(uptime.deps, member, { kind: 'all' }, { maintenanceUntil: inHours(1) }),
    ).toBe(1)
    const second = await create(member)
    const until = iso(inHours(1))
    expect([await untilOf(member, first), await untilOf(member, second)]).toEqual([until, until])
    uptime.clock.advance(1_000)
    const { totals } = await getUptime(uptime.deps, member, second, { from: inHours(-1) })
    expect(totals).toMatchObject({ maintenanceMs: 1_000, unknownMs: 0 })
    await endMaintenance(uptime.deps, member, one(first), {})
    expect([await untilOf(member, first), await untilOf(member, second)]).toEqual([null, until])
    expect(await endMaintenance(uptime.deps, member, { kind: 'all' }, {})).toBe(2)
    expect(await untilOf(member, second)).toBeNull()
  })
})

describe('a status page', () => {
  it('takes its monitors along, those that move to it too, and its own maintenance is what it shows', async () => {
    const member = await uptime.found()
    const page = await createService(uptime.deps, member, { name: 'Shop', slug: `shop-${Date.now()}` })
    const [inside, outside] = [await create(member, page.id), await create(member)]
    await startMaintenance(
      uptime.deps,
      member,
      { kind: 'service', serviceId: page.id },
      { maintenanceUntil: inHours(1) },
    )
    expect(await getService(uptime.deps, member, page.id)).toMatchObject({
      maintenanceUntil: iso(inHours(1)),
    })
    expect([await untilOf(member, inside), await untilOf(member, outside)]).toEqual([iso(inHours(1)), null])
    await updateMonitor(uptime.deps, member, outside, { serviceId: page.id })
    expect(await untilOf(member, outside)).toBe(iso(inHours(1)))
    await endMaintenance(uptime.deps, member, { kind: 'service', serviceId: page.id }, {})
    expect([await untilOf(member, inside), await untilOf(member, outside)]).toEqual([null, null])
    expect(await getService(uptime.deps, member, page.id)).toMatchObject({ maintenanceUntil: null })
  })

  it('answers for its own monitors only', async () => {
    const member = await uptime.found()
    const page = await createService(uptime.deps, member, { name: 'Shop', slug: `own-${Date.now()}` })
    const [inside, outside] = [await create(member, page.id), await create(member)]
    const scopeOf = (monitorId: string) =>
      ({ kind: 'monitor_of_service', monitorId, serviceId: page.id }) as const
    await startMaintenance(uptime.deps, member, scopeOf(inside), { maintenanceUntil: inHours(1) })
    expect(await untilOf(member, inside)).toBe(iso(inHours(1)))
    await expect(
      startMaintenance(uptime.deps, member, scopeOf(outside), { maintenanceUntil: inHours(1) }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('deleted, it hands its monitors to the default page and its maintenance ends', async () => {
    const member = await uptime.found()
    const page = await createService(uptime.deps, member, { name: 'Shop', slug: `gone-${Date.now()}` })
    const id = await create(member, page.id)
    await startMaintenance(
      uptime.deps,
      member,
      { kind: 'service', serviceId: page.id },
      { maintenanceUntil: inHours(1) },
    )
    await deleteService(uptime.deps, member, page.id)
    const monitor = await getMonitor(uptime.deps, member, id)
    expect(monitor.maintenanceUntil).toBeNull()
    expect(await getService(uptime.deps, member, monitor.serviceId)).toMatchObject({ isDefault: 1 })
  })
})

describe('notices', () => {
  const eventsOf = async (member: MemberPrincipal): Promise<string[]> => {
    const channels = await listChannels(uptime.deps, member)
    const logs = await Promise.all(channels.map(({ id }) => listDeliveries(uptime.deps, member, id, {})))
    return logs.flatMap(({ deliveries }) => deliveries.map(({ event }) => event).toReversed())
  }
  const createHook = (member: MemberPrincipal) =>
    createChannel(uptime.deps, member, {
      type: 'webhook',
      name: 'Hook',
      config: { url: 'https://example.com/hook', secret: 'a secret of sixteen' },
    })

  it('one at the start and one at the end, for the whole window, if it asked for them', async () => {
    const member = await uptime.found()
    await createHook(member)
    const monitorIds = [await create(member), await create(member)]
    const scope = { kind: 'monitors', monitorIds } as const
    await startMaintenance(uptime.deps, member, scope, { maintenanceUntil: inHours(1), notify: true })
    await endMaintenance(uptime.deps, member, scope, {})
    expect(await eventsOf(member)).toEqual(['maintenance.started', 'maintenance.ended'])
  })

  it('the-end-of-maintenance-is-told: also of one that ends by itself, then and once', async () => {
    const member = await uptime.found()
    await createHook(member)
    const id = await create(member)
    await startMaintenance(uptime.deps, member, one(id), { maintenanceUntil: inHours(1), notify: true })
    const [window] = await listMaintenanceWindows(uptime.deps, member)
    await tellEnd(uptime.deps, member.orgId, window?.id ?? '')
    expect(await eventsOf(member)).toEqual(['maintenance.started'])
    uptime.clock.advance(hourMs)
    await tellEnd(uptime.deps, member.orgId, window?.id ?? '')
    await tellEnd(uptime.deps, member.orgId, window?.id ?? '')
    expect(await eventsOf(member)).toEqual(['maintenance.started', 'maintenance.ended'])
    const { rows } = await uptime.database.db.pool.query(
      "SELECT 1 FROM graphile_worker._private_jobs WHERE key = 'end-maintenance:' || $1",
      [window?.id ?? ''],
    )
    expect(rows).toHaveLength(1)
  })

  it('none unless asked, and none for what was not under maintenance', async () => {
    const member = await uptime.found()
    await createHook(member)
    const id = await create(member)
    await startMaintenance(uptime.deps, member, one(id), { maintenanceUntil: inHours(1) })
    await endMaintenance(uptime.deps, member, one(id), {})
    await endMaintenance(uptime.deps, member, one(id), { notify: true })
    expect(await eventsOf(member)).toEqual([])
  })
})

it('a job that was not waited for during maintenance has its whole grace again', async () => {
  const member = await uptime.found()
  const { id } = await createMonitor(uptime.deps, member, {
    type: 'heartbeat',
    config: { graceSeconds: 600 },
  })
  const now = uptime.clock.now()
  await recordTelemetry(uptime.deps, member, (tx) =>
    query<UptimeTables>(tx)
      .updateTable('uptime.heartbeat')
      .set({ last_ping_at: new Date(now - hourMs), deadline_at: new Date(now - hourMs + 600_000) })
      .where('monitor_id', '=', id)
      .execute(),
  )
  await startMaintenance(uptime.deps, member, one(id), { maintenanceUntil: inHours(1) })
  uptime.clock.advance(60_000)
  await endMaintenance(uptime.deps, member, one(id), {})
  expect((await getMonitor(uptime.deps, member, id)).nextCheckAt).toBe(iso(uptime.clock.now() + 600_000))
})
