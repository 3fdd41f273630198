import { query, within } from '@gatehouse/kernel/db'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { UptimeTables } from '../store/tables.ts'
import { previewPage } from '../pages/preview-page.ts'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { createIncident } from './create-incident.ts'
import { createMonitor } from './create-monitor.ts'
import { createService } from './create-service.ts'
import { deleteService } from './delete-service.ts'
import { getMonitor } from './get-monitor.ts'
import { getIncident } from './list-incidents.ts'
import { listServices } from './list-services.ts'
import { updateService } from './update-service.ts'

let uptime: TestUptime
let slugs = 0

beforeAll(async () => {
  uptime = await startTestUptime()
})
afterAll(() => uptime.database.drop())

const newSlug = (): string => `page-${(slugs += 1)}`

it('a page is public unless it is made otherwise, and what is public follows what is set', async () => {
  const member = await uptime.found()
  const page = await createService(uptime.deps, member, { name: 'Shop', slug: newSlug() })
  expect(page).toMatchObject({
    isPublic: 1,
    access: 'public',
    isDefault: 0,
    description: null,
    timeZone: 'UTC',
  })
  expect(await updateService(uptime.deps, member, page.id, { isPublic: false })).toMatchObject({
    isPublic: 0,
    access: 'members',
  })
  const described = await updateService(uptime.deps, member, page.id, {
    description: 'How we are',
    isPublic: true,
  })
  expect(described).toMatchObject({ isPublic: 1, description: 'How we are' })
  expect(await updateService(uptime.deps, member, page.id, { description: null })).toMatchObject({
    description: null,
    isPublic: 1,
    name: 'Shop',
  })
})

it('a slug belongs to one page of the instance, whichever org has it', async () => {
  const [ann, eve] = [await uptime.found(), await uptime.found()]
  const slug = newSlug()
  await createService(uptime.deps, ann, { name: 'Shop', slug })
  const taken = { code: 'CONFLICT', status: 409, detail: 'slug: is taken' }
  await expect(createService(uptime.deps, eve, { name: 'Shop', slug })).rejects.toMatchObject(taken)
  const other = await createService(uptime.deps, eve, { name: 'Shop', slug: newSlug() })
  await expect(updateService(uptime.deps, eve, other.id, { slug })).rejects.toMatchObject(taken)
})

it('the default page cannot be deleted', async () => {
  const member = await uptime.found()
  const { serviceId } = await createMonitor(uptime.deps, member, { type: 'heartbeat', config: {} })
  await expect(deleteService(uptime.deps, member, serviceId)).rejects.toMatchObject({
    status: 400,
    code: 'INVALID_STATE',
  })
})

it('a deleted page hands monitors and incidents to the default one, which is born if need be', async () => {
  const member = await uptime.found()
  const page = await createService(uptime.deps, member, { name: 'Shop', slug: newSlug() })
  const monitor = await createMonitor(uptime.deps, member, {
    type: 'heartbeat',
    config: {},
    serviceId: page.id,
  })
  const incident = await createIncident(uptime.deps, member, { title: 'Slow', serviceId: page.id })
  await deleteService(uptime.deps, member, page.id)
  const [home, ...others] = await listServices(uptime.deps, member)
  expect([home?.isDefault, others]).toEqual([1, []])
  expect((await getMonitor(uptime.deps, member, monitor.id)).serviceId).toBe(home?.id)
  expect((await getIncident(uptime.deps, member, incident.id)).serviceId).toBe(home?.id)
})

it('whatever changes what a page shows raises its version', async () => {
  const member = await uptime.found()
  const page = await createService(uptime.deps, member, { name: 'Shop', slug: newSlug() })
  const versionNow = async (): Promise<number> => {
    const rows = await within(uptime.deps, member, (tx) =>
      query<UptimeTables>(tx)
        .selectFrom('uptime.service')
        .select('version')
        .where('id', '=', page.id)
        .execute(),
    )
    return Number(rows[0]?.version)
  }
  const changes: (() => Promise<unknown>)[] = [
    () => updateService(uptime.deps, member, page.id, { name: 'Shop 2' }),
    () => createMonitor(uptime.deps, member, { type: 'heartbeat', config: {}, serviceId: page.id }),
    () => createIncident(uptime.deps, member, { title: 'Slow', serviceId: page.id }),
  ]
  for (const change of changes) {
    const before = await versionNow()
    await change()
    expect(await versionNow()).toBeGreaterThan(before)
  }
})

it('the free plan has one page', async () => {
  const member = await uptime.found('free')
  await createService(uptime.deps, member, { name: 'Shop', slug: newSlug() })
  await expect(createService(uptime.deps, member, { name: 'Shop', slug: newSlug() })).rejects.toMatchObject({
    code: 'PLAN_REQUIRED',
    status: 402,
  })
})

it("another org's page is refused in the words of one that never existed", async () => {
  const [ann, eve] = [await uptime.found(), await uptime.found()]
  const { id } = await createService(uptime.deps, ann, { name: 'Shop', slug: newSlug() })
  const calls = [
    (target: string) => updateService(uptime.deps, eve, target, { name: 'Mine' }),
    (target: string) => deleteService(uptime.deps, eve, target),
    (target: string) => createMonitor(uptime.deps, eve, { type: 'heartbeat', config: {}, serviceId: target }),
  ]
  for (const call of calls) {
    const refusalOf = (target: string): Promise<unknown> => call(target).catch((error: unknown) => error)
    expect(await refusalOf(id)).toMatchObject({ code: 'NOT_FOUND', status: 404 })
    expect(await refusalOf(id)).toEqual(await refusalOf('01ARZ3NDEKTSV4RRFFQ69G5FAV'))
  }
  expect(await listServices(uptime.deps, eve)).toEqual([])
})

it('a preview is the page with what is typed, changes nothing, and is for its org alone', async () => {
  const [ann, eve] = [await uptime.found(), await uptime.found()]
  const page = await createService(uptime.deps, ann, { name: 'Shop', slug: newSlug(), isPublic: false })
  await createMonitor(uptime.deps, ann, { type: 'heartbeat', name: 'Till', config: {}, serviceId: page.id })
  await createIncident(uptime.deps, ann, { title: 'Tills are slow', serviceId: page.id })
  const seen = await previewPage(uptime.deps, ann, page.id, { name: 'Our <shop>', language: 'ja' })
  expect(seen).toMatchObject({ components: ['Till'], incidents: ['Tills are slow'], maintenance: [] })
  expect(seen.html).toContain('<html lang="ja">')
  expect(seen.html).toContain('Our &lt;shop&gt;')
  const stored = (await listServices(uptime.deps, ann)).find(({ id }) => id === page.id)
  expect(stored).toEqual(page)
  await expect(previewPage(uptime.deps, eve, page.id, {})).rejects.toMatchObject({ status: 404 })
})
