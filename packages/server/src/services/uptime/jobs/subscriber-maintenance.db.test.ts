import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { subscribeConfirmed } from '../testing/subscribe-confirmed.ts'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { createMonitor } from '../usecases/create-monitor.ts'
import { createService } from '../usecases/create-service.ts'
import { endMaintenance } from '../usecases/end-maintenance.ts'
import {
  announceMaintenance,
  beginMaintenance,
  createMaintenanceWindow,
  deleteMaintenanceWindow,
  tellEnd,
  updateMaintenanceWindow,
} from '../usecases/maintenance-windows.ts'
import { startMaintenance } from '../usecases/start-maintenance.ts'

const hourMs = 3_600_000
let uptime: TestUptime
let made = 0

beforeAll(async () => {
  uptime = await startTestUptime()
})
afterAll(() => uptime.database.drop())
beforeEach(async () => {
  await uptime.forgetDeliveries()
  uptime.mails.length = 0
})

const inHours = (hours: number): number => uptime.clock.now() + hours * hourMs

/** A page with two components, of which one is to be maintained, and a subscriber to all, to each, and to another page. */
async function furnish() {
  const member = await uptime.found()
  const { orgId } = member
  const publish = (name: string) =>
    createService(uptime.deps, member, { name, slug: `care-${(made += 1)}`, language: 'en' })
  const [page, other] = [await publish('Shop'), await publish('Other')]
  const watch = (name: string, serviceId: string) =>
    createMonitor(uptime.deps, member, { type: 'heartbeat', name, config: {}, serviceId })
  const [desk, till] = [await watch('Desk', page.id), await watch('Till', page.id)]
  await watch('Elsewhere', other.id)
  const told = { orgId, serviceId: page.id }
  await subscribeConfirmed(uptime, told, 'all@example.com')
  await subscribeConfirmed(uptime, told, 'desk@example.com', { componentIds: [desk.id] })
  await subscribeConfirmed(uptime, told, 'till@example.com', { componentIds: [till.id] })
  await subscribeConfirmed(uptime, { orgId, serviceId: other.id }, 'other@example.com')
  return { member, orgId, page, desk }
}

type Furnished = Awaited<ReturnType<typeof furnish>>

const plan = ({ member, desk }: Furnished, hours: number, notify = true) =>
  createMaintenanceWindow(uptime.deps, member, {
    title: 'New disks',
    scope: 'monitors',
    monitorIds: [desk.id],
    startsAt: inHours(hours),
    endsAt: inHours(hours + 1),
    notify,
  })

/** Sends what is due, and gives who got what. */
async function deliver() {
  uptime.mails.length = 0
  await uptime.deliverToSubscribers()
  return uptime.mails.map(({ to, subject }) => `${to}: ${subject}`).toSorted()
}

const toBoth = (state: string) =>
  ['all', 'desk'].map((name) => `${name}@example.com: [Shop] ${state}: New disks`)

/** When a job is to run, in hours from now. */
async function hoursUntil(key: string): Promise<number | undefined> {
  const { rows } = await uptime.database.db.pool.query<{ run_at: Date }>(
    'SELECT run_at FROM graphile_worker.jobs WHERE key = $1',
    [key],
  )
  const [job] = rows
  return job && (job.run_at.getTime() - uptime.clock.now()) / hourMs
}

it('maintenance-is-told-ahead-at-its-start-and-its-end: a day before, each once, to those whose components it covers', async () => {
  const furnished = await furnish()
  const { orgId } = furnished
  const { id } = await plan(furnished, 30)
  expect(await hoursUntil(`announce-maintenance:${id}`)).toBe(6)
  // The job comes too soon, then twice.
  await announceMaintenance(uptime.deps, orgId, id)
  expect(await deliver()).toEqual([])
  uptime.clock.advance(6 * hourMs)
  await Promise.all([1, 2].map(() => announceMaintenance(uptime.deps, orgId, id)))
  expect(await deliver()).toEqual(toBoth('Planned maintenance'))
  expect(uptime.mails[0]?.text).toMatch(/Affects: Desk\nFrom: .+ UTC.*\nUntil: /)
  uptime.clock.advance(24 * hourMs)
  await beginMaintenance(uptime.deps, orgId, id)
  expect(await deliver()).toEqual(toBoth('Maintenance has begun'))
  uptime.clock.advance(hourMs)
  await tellEnd(uptime.deps, orgId, id)
  await tellEnd(uptime.deps, orgId, id)
  expect(await deliver()).toEqual(toBoth('Maintenance is over'))
})

it('what is planned for today is told at once, and what is not to be told never', async () => {
  const furnished = await furnish()
  const { orgId } = furnished
  const soon = await plan(furnished, 2)
  expect(await hoursUntil(`announce-maintenance:${soon.id}`)).toBe(0)
  const silent = await plan(furnished, 2, false)
  for (const { id } of [soon, silent]) await announceMaintenance(uptime.deps, orgId, id)
  expect(await deliver()).toEqual(toBoth('Planned maintenance'))
})

it('who-knows-of-maintenance-learns-what-becomes-of-it: that it moved, and that it will not be', async () => {
  const furnished = await furnish()
  const { member, orgId } = furnished
  const { id } = await plan(furnished, 20)
  await announceMaintenance(uptime.deps, orgId, id)
  expect(await deliver()).toHaveLength(2)
  await updateMaintenanceWindow(uptime.deps, member, id, { startsAt: inHours(50), endsAt: inHours(51) })
  expect(await hoursUntil(`announce-maintenance:${id}`)).toBe(0)
  await announceMaintenance(uptime.deps, orgId, id)
  expect(await deliver()).toEqual(toBoth('Planned maintenance'))
  await deleteMaintenanceWindow(uptime.deps, member, id)
  expect(await deliver()).toEqual(toBoth('Maintenance is cancelled'))
  // Of what nobody knows, nobody is told that it will not be.
  const { id: unknown } = await plan(furnished, 50)
  await deleteMaintenanceWindow(uptime.deps, member, unknown)
  expect(await deliver()).toEqual([])
})

it('recurring maintenance that is cancelled is told for the time that was announced', async () => {
  const furnished = await furnish()
  const { member, orgId, desk } = furnished
  const series = await createMaintenanceWindow(uptime.deps, member, {
    title: 'New disks',
    scope: 'monitors',
    monitorIds: [desk.id],
    startsAt: inHours(10),
    rrule: 'FREQ=DAILY;INTERVAL=7',
    durationMinutes: 60,
    timeZone: 'UTC',
    notify: true,
  })
  const [next] = series.nextOccurrences
  await announceMaintenance(uptime.deps, orgId, next?.id ?? '')
  expect(await deliver()).toEqual(toBoth('Planned maintenance'))
  await deleteMaintenanceWindow(uptime.deps, member, series.id)
  expect(await deliver()).toEqual(toBoth('Maintenance is cancelled'))
})

it('maintenance that begins at once is told by its start and its end', async () => {
  const { member, desk } = await furnish()
  const scope = { kind: 'monitors', monitorIds: [desk.id] } as const
  await startMaintenance(uptime.deps, member, scope, { maintenanceUntil: inHours(1), notify: true })
  expect(await deliver()).toEqual(
    ['all', 'desk'].map((name) => `${name}@example.com: [Shop] Maintenance has begun: Maintenance`),
  )
  await endMaintenance(uptime.deps, member, scope, {})
  expect(await deliver()).toHaveLength(2)
})
