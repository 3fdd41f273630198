import { afterAll, beforeAll, expect, it } from 'vitest'
import { previewPage } from '../pages/preview-page.ts'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { createMonitor } from './create-monitor.ts'
import { getMonitor } from './get-monitor.ts'
import { listIncidents } from './list-incidents.ts'
import { listServices } from './list-services.ts'
import {
  beginMaintenance,
  createMaintenanceWindow,
  deleteMaintenanceWindow,
  listMaintenanceWindows,
  updateMaintenanceWindow,
} from './maintenance-windows.ts'
import { updateMonitor } from './update-monitor.ts'

const hourMs = 3_600_000
let uptime: TestUptime

beforeAll(async () => {
  uptime = await startTestUptime()
})
afterAll(() => uptime.database.drop())

const inHours = (hours: number): number => uptime.clock.now() + hours * hourMs

async function plan() {
  const member = await uptime.found()
  const config = { url: 'https://example.com' }
  const { id: monitorId } = await createMonitor(uptime.deps, member, {
    type: 'http',
    name: 'Shop',
    config,
    downThreshold: 1,
  })
  await uptime.observe(member.orgId, monitorId, ['up'])
  const window = await createMaintenanceWindow(uptime.deps, member, {
    title: 'New disks',
    scope: 'monitors',
    monitorIds: [monitorId],
    startsAt: inHours(1),
    endsAt: inHours(2),
  })
  return { member, monitorId, window }
}

it('planned-maintenance-begins-by-itself: until then outages count, from then on none opens an incident', async () => {
  const { member, monitorId, window } = await plan()
  expect(window).toMatchObject({ state: 'planned', title: 'New disks', autoResolve: true, notify: false })
  expect((await getMonitor(uptime.deps, member, monitorId)).maintenanceUntil).toBeNull()
  // Its job comes too soon: nothing begins.
  await beginMaintenance(uptime.deps, member.orgId, window.id)
  await uptime.observe(member.orgId, monitorId, ['down', 'up'])
  expect((await listIncidents(uptime.deps, member, {})).incidents).toHaveLength(1)
  uptime.clock.advance(hourMs)
  await beginMaintenance(uptime.deps, member.orgId, window.id)
  expect((await getMonitor(uptime.deps, member, monitorId)).maintenanceUntil).toBe(window.endsAt)
  await uptime.observe(member.orgId, monitorId, ['down', 'down'])
  expect((await listIncidents(uptime.deps, member, {})).incidents).toHaveLength(1)
  expect(await listMaintenanceWindows(uptime.deps, member)).toMatchObject([{ state: 'active' }])
  await deleteMaintenanceWindow(uptime.deps, member, window.id)
  expect((await getMonitor(uptime.deps, member, monitorId)).maintenanceUntil).toBeNull()
  expect(await listMaintenanceWindows(uptime.deps, member)).toMatchObject([{ state: 'over' }])
  await expect(deleteMaintenanceWindow(uptime.deps, member, window.id)).rejects.toMatchObject({
    code: 'INVALID_STATE',
  })
})

it('planned maintenance is put off or cancelled, and then does not begin at its old time', async () => {
  const { member, monitorId, window } = await plan()
  const later = await updateMaintenanceWindow(uptime.deps, member, window.id, {
    startsAt: inHours(3),
    endsAt: inHours(4),
  })
  expect(later).toMatchObject({ state: 'planned', title: 'New disks' })
  uptime.clock.advance(hourMs)
  await beginMaintenance(uptime.deps, member.orgId, window.id)
  expect((await getMonitor(uptime.deps, member, monitorId)).maintenanceUntil).toBeNull()
  await deleteMaintenanceWindow(uptime.deps, member, window.id)
  expect(await listMaintenanceWindows(uptime.deps, member)).toEqual([])
  uptime.clock.advance(3 * hourMs)
  await beginMaintenance(uptime.deps, member.orgId, window.id)
  expect((await getMonitor(uptime.deps, member, monitorId)).maintenanceUntil).toBeNull()
})

it('what is on can be made longer, and keeps its beginning', async () => {
  const { member, monitorId, window } = await plan()
  uptime.clock.advance(hourMs)
  await beginMaintenance(uptime.deps, member.orgId, window.id)
  const endsAt = inHours(5)
  const longer = await updateMaintenanceWindow(uptime.deps, member, window.id, { endsAt })
  expect(longer).toMatchObject({ state: 'active', startsAt: window.startsAt })
  expect((await getMonitor(uptime.deps, member, monitorId)).maintenanceUntil).toBe(
    new Date(endsAt).toISOString(),
  )
  await expect(
    updateMaintenanceWindow(uptime.deps, member, window.id, { startsAt: inHours(1) }),
  ).rejects.toMatchObject({ code: 'INVALID_STATE' })
})

it.each([
  ['in the past', -1, 1, 'startsAt'],
  ['that ends before it starts', 2, 1, 'endsAt'],
  ['over a year ahead', 24 * 400, 24 * 400 + 1, 'startsAt'],
  ['of over seven days', 1, 24 * 8, 'endsAt'],
] as const)('maintenance %s is refused with the name of the field', async (_what, from, until, field) => {
  const member = await uptime.found()
  await expect(
    createMaintenanceWindow(uptime.deps, member, {
      scope: 'all',
      startsAt: inHours(from),
      endsAt: inHours(until),
    }),
  ).rejects.toMatchObject({ status: 400, detail: expect.stringContaining(`${field}: `) })
})

it('a-window-names-its-monitors: as they are called now, in the list and after each change', async () => {
  const { member, monitorId, window } = await plan()
  expect(window.monitors).toEqual([{ id: monitorId, name: 'Shop' }])
  await updateMonitor(uptime.deps, member, monitorId, { name: 'Till' })
  const all = { scope: 'all', startsAt: inHours(3), endsAt: inHours(4) } as const
  expect((await createMaintenanceWindow(uptime.deps, member, all)).monitors).toEqual([])
  const listed = await listMaintenanceWindows(uptime.deps, member)
  expect(listed.map(({ monitors }) => monitors)).toEqual([[], [{ id: monitorId, name: 'Till' }]])
})

it('maintenance of another org, or over its monitors, is not there', async () => {
  const { window, monitorId } = await plan()
  const eve = await uptime.found()
  expect(await listMaintenanceWindows(uptime.deps, eve)).toEqual([])
  const missing = { status: 404 }
  await expect(deleteMaintenanceWindow(uptime.deps, eve, window.id)).rejects.toMatchObject(missing)
  await expect(updateMaintenanceWindow(uptime.deps, eve, window.id, { title: 'Mine' })).rejects.toMatchObject(
    missing,
  )
  await expect(
    createMaintenanceWindow(uptime.deps, eve, {
      scope: 'monitors',
      monitorIds: [monitorId],
      startsAt: inHours(1),
      endsAt: inHours(2),
    }),
  ).rejects.toMatchObject(missing)
})

it('readers of a status page are told of maintenance ahead and under way, by its title, where a monitor of the page is in it', async () => {
  const { member, window } = await plan()
  const [page] = await listServices(uptime.deps, member)
  const read = async () => previewPage(uptime.deps, member, page?.id ?? '', { language: 'en' })
  expect(await read()).toMatchObject({ maintenance: ['New disks: Shop'] })
  uptime.clock.advance(hourMs)
  await beginMaintenance(uptime.deps, member.orgId, window.id)
  expect(await read()).toMatchObject({ maintenance: ['New disks: Shop'] })
  await deleteMaintenanceWindow(uptime.deps, member, window.id)
  expect(await read()).toMatchObject({ maintenance: [] })
})
