import { afterAll, beforeAll, expect, it } from 'vitest'
import type { NewWindowBody } from '../contract/maintenance-windows.ts'
import { previewPage } from '../pages/preview-page.ts'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { createMonitor } from './create-monitor.ts'
import { createService } from './create-service.ts'
import { deleteService } from './delete-service.ts'
import { getMonitor } from './get-monitor.ts'
import { listIncidents } from './list-incidents.ts'
import { listServices } from './list-services.ts'
import { listMaintenanceTimes } from './list-maintenance-times.ts'
import { planAhead } from './maintenance-series.ts'
import {
  beginMaintenance,
  createMaintenanceWindow,
  deleteMaintenanceWindow,
  listMaintenanceWindows,
  updateMaintenanceWindow,
} from './maintenance-windows.ts'

const dayMs = 86_400_000
let uptime: TestUptime

beforeAll(async () => {
  uptime = await startTestUptime()
})
afterAll(() => uptime.database.drop())

async function plan(changed: Partial<NewWindowBody> = {}) {
  const member = await uptime.found()
  const { id: monitorId } = await createMonitor(uptime.deps, member, {
    type: 'http',
    name: 'Shop',
    config: { url: 'https://example.com' },
    downThreshold: 1,
  })
  await uptime.observe(member.orgId, monitorId, ['up'])
  const window = await createMaintenanceWindow(uptime.deps, member, {
    title: 'Patches',
    scope: 'monitors',
    monitorIds: [monitorId],
    startsAt: uptime.clock.now() + dayMs,
    rrule: 'FREQ=DAILY',
    durationMinutes: 60,
    timeZone: 'Asia/Tokyo',
    ...changed,
  })
  return { member, monitorId, window, orgId: member.orgId }
}

const list = (member: Awaited<ReturnType<TestUptime['found']>>) => listMaintenanceWindows(uptime.deps, member)
const toTime = (ms: number): string => new Date(ms).toISOString()

it('maintenance-recurs-like-any-other: each of its times begins by itself, opens no incident, and is over', async () => {
  const { member, monitorId, window, orgId } = await plan()
  expect(window).toMatchObject({ state: 'planned', rrule: 'FREQ=DAILY', timeZone: 'Asia/Tokyo' })
  expect(window.nextOccurrences).toHaveLength(5)
  const [first, second] = window.nextOccurrences
  expect(first?.startsAt).toBe(toTime(uptime.clock.now() + dayMs))
  uptime.clock.advance(dayMs)
  await beginMaintenance(uptime.deps, orgId, first?.id ?? '')
  expect((await getMonitor(uptime.deps, member, monitorId)).maintenanceUntil).toBe(first?.endsAt)
  await uptime.observe(orgId, monitorId, ['down', 'down'])
  expect((await listIncidents(uptime.deps, member, {})).incidents).toEqual([])
  const [series, on, ...others] = await list(member)
  expect(series).toMatchObject({ id: window.id, state: 'active', nextOccurrences: [second, {}, {}, {}, {}] })
  expect(on).toMatchObject({ id: first?.id, seriesId: window.id, state: 'active', nextOccurrences: [] })
  expect(others).toEqual([])
  uptime.clock.advance(61 * 60_000)
  expect((await list(member)).map(({ state }) => state)).toEqual(['planned', 'over'])
})

it('recurring maintenance is planned 35 days ahead, night after night, and never twice', async () => {
  const { member, window, orgId } = await plan()
  const planned = async () => {
    const { rows } = await uptime.database.db.pool.query(
      'SELECT starts_at FROM uptime.maintenance_window WHERE series_id = $1',
      [window.id],
    )
    return rows
  }
  expect(await planned()).toHaveLength(35)
  uptime.clock.advance(3 * dayMs)
  await planAhead(uptime.deps, orgId, window.id)
  await planAhead(uptime.deps, orgId, window.id)
  expect(await planned()).toHaveLength(38)
  const monthly = await createMaintenanceWindow(uptime.deps, member, {
    scope: 'all',
    startsAt: uptime.clock.now() + dayMs,
    rrule: 'FREQ=MONTHLY;BYMONTHDAY=1',
    durationMinutes: 60,
    timeZone: 'America/St_Johns',
  })
  expect(monthly.nextOccurrences).toHaveLength(5)
})

it('one time of recurring maintenance is cancelled or moved alone, and does not come back', async () => {
  const { member, window, orgId } = await plan()
  const [first, second, third] = window.nextOccurrences
  await deleteMaintenanceWindow(uptime.deps, member, first?.id ?? '')
  const later = { startsAt: uptime.clock.now() + 2.5 * dayMs, endsAt: uptime.clock.now() + 2.6 * dayMs }
  await updateMaintenanceWindow(uptime.deps, member, second?.id ?? '', later)
  uptime.clock.advance(60_000)
  await planAhead(uptime.deps, orgId, window.id)
  const [series] = await list(member)
  expect(series?.nextOccurrences.slice(0, 2)).toEqual([
    { id: second?.id, startsAt: toTime(later.startsAt), endsAt: toTime(later.endsAt) },
    third,
  ])
})

it('recurring maintenance is changed as a whole: its name in place, its rule from now on', async () => {
  const { member, window } = await plan()
  const renamed = await updateMaintenanceWindow(uptime.deps, member, window.id, { title: 'More patches' })
  expect(renamed).toMatchObject({ title: 'More patches', nextOccurrences: window.nextOccurrences })
  const weekly = await updateMaintenanceWindow(uptime.deps, member, window.id, {
    cron: '0 3 * * 0',
    durationMinutes: 90,
  })
  expect(weekly).toMatchObject({ rrule: null, cron: '0 3 * * 0', durationMinutes: 90 })
  const tokyo = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Asia/Tokyo',
    weekday: 'short',
    hour: 'numeric',
    minute: 'numeric',
  })
  for (const { startsAt, endsAt } of weekly.nextOccurrences) {
    expect(tokyo.format(Date.parse(startsAt))).toBe('Sun 03:00')
    expect(Date.parse(endsAt) - Date.parse(startsAt)).toBe(90 * 60_000)
  }
  await expect(
    updateMaintenanceWindow(uptime.deps, member, window.id, { endsAt: uptime.clock.now() + dayMs }),
  ).rejects.toMatchObject({ status: 400, detail: expect.stringContaining('endsAt: ') })
})

it('recurring maintenance that is cancelled ends what is on and leaves nothing ahead', async () => {
  const { member, monitorId, window, orgId } = await plan()
  uptime.clock.advance(dayMs)
  await beginMaintenance(uptime.deps, orgId, window.nextOccurrences[0]?.id ?? '')
  await deleteMaintenanceWindow(uptime.deps, member, window.id)
  expect((await getMonitor(uptime.deps, member, monitorId)).maintenanceUntil).toBeNull()
  expect(await list(member)).toMatchObject([{ state: 'over', seriesId: window.id }])
  await planAhead(uptime.deps, orgId, window.id)
  expect(await list(member)).toHaveLength(1)
})

it('maintenance that recurs for a status page goes with it', async () => {
  const { member } = await plan()
  const page = await createService(uptime.deps, member, { name: 'Shop', slug: `shop-${Date.now()}` })
  await createMaintenanceWindow(uptime.deps, member, {
    scope: 'service',
    serviceId: page.id,
    startsAt: uptime.clock.now() + dayMs,
    cron: '0 3 * * *',
    durationMinutes: 10,
    timeZone: 'UTC',
  })
  expect(await list(member)).toHaveLength(2)
  await deleteService(uptime.deps, member, page.id)
  expect(await list(member)).toHaveLength(1)
})

it.each<[what: string, changed: Partial<NewWindowBody>, field: string]>([
  ['begins in the past', { startsAt: 1 }, 'startsAt'],
  ['begins in over a year', { startsAt: Date.now() + 400 * dayMs }, 'startsAt'],
  ['never comes', { rrule: 'FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31;UNTIL=20200101' }, 'rrule'],
  ['has a rule that nobody can read', { rrule: 'FREQ=HOURLY' }, 'rrule'],
  ['comes all the time', { rrule: undefined, cron: '*/5 * * * *', durationMinutes: 1 }, 'cron'],
  ['is on when it comes again', { durationMinutes: 1_441 }, 'durationMinutes'],
])('recurring maintenance that %s is refused with the name of the field', async (_what, changed, field) => {
  await expect(plan(changed)).rejects.toMatchObject({
    status: 400,
    detail: expect.stringContaining(`${field}: `),
  })
})

it('recurring maintenance of another org is not there', async () => {
  const { window } = await plan()
  const eve = await uptime.found()
  expect(await list(eve)).toEqual([])
  const missing = { status: 404 }
  await expect(deleteMaintenanceWindow(uptime.deps, eve, window.id)).rejects.toMatchObject(missing)
  await expect(updateMaintenanceWindow(uptime.deps, eve, window.id, { title: 'x' })).rejects.toMatchObject(
    missing,
  )
})

it('readers of a status page see recurring maintenance once', async () => {
  const { member } = await plan()
  const [page] = await listServices(uptime.deps, member)
  const view = await previewPage(uptime.deps, member, page?.id ?? '', { language: 'en' })
  expect(view).toMatchObject({ maintenance: ['Patches: Shop'] })
})

it('each-time-of-maintenance-is-in-its-month: planned, skipped, and further ahead than is planned', async () => {
  const { member, window } = await plan()
  const [first, second] = window.nextOccurrences
  await deleteMaintenanceWindow(uptime.deps, member, second?.id ?? '')
  const firstMs = Date.parse(first?.startsAt ?? '')
  const timesFrom = (from: number, days: number) =>
    listMaintenanceTimes(uptime.deps, member, { from, to: from + days * dayMs })
  const near = await timesFrom(firstMs, 4)
  expect(near.map(({ startsAt }) => startsAt)).toEqual([0, 2, 3].map((day) => toTime(firstMs + day * dayMs)))
  expect(near[0]).toEqual({
    windowId: first?.id,
    seriesId: window.id,
    title: 'Patches',
    state: 'planned',
    startsAt: toTime(firstMs),
    endsAt: toTime(firstMs + 3_600_000),
  })
  // Planned are 35 days: each day has one, whether it is planned or only follows from the rule.
  const far = await timesFrom(firstMs + 30 * dayMs, 10)
  expect(far.map(({ startsAt }) => startsAt)).toEqual(
    Array.from({ length: 10 }, (_, day) => toTime(firstMs + (30 + day) * dayMs)),
  )
  expect(new Set(far.map(({ windowId }) => windowId === null))).toEqual(new Set([false, true]))
})

it('each-time-of-maintenance-is-in-its-month: by the time that it is on, from its first moment to its last', async () => {
  const { member, window } = await plan({
    rrule: undefined,
    durationMinutes: undefined,
    timeZone: undefined,
    endsAt: uptime.clock.now() + 2 * dayMs,
  })
  const [startMs, endMs] = [Date.parse(window.startsAt), Date.parse(window.endsAt)]
  const count = async (from: number, to: number) =>
    (await listMaintenanceTimes(uptime.deps, member, { from, to })).length
  expect(await count(startMs - dayMs, startMs)).toBe(0)
  expect(await count(startMs - dayMs, startMs + 1)).toBe(1)
  expect(await count(endMs - 1, endMs + dayMs)).toBe(1)
  expect(await count(endMs, endMs + dayMs)).toBe(0)
  await expect(count(startMs, startMs)).rejects.toMatchObject({ detail: 'to: must lie after from' })
  expect(await count(startMs, startMs + 62 * dayMs)).toBe(1)
  await expect(count(startMs, startMs + 62 * dayMs + 1)).rejects.toMatchObject({ status: 400 })
  const other = await uptime.found()
  const all = { from: startMs - dayMs, to: startMs + 2 * dayMs }
  expect(await listMaintenanceTimes(uptime.deps, other, all)).toEqual([])
})
