import { afterAll, beforeAll, expect, it } from 'vitest'
import { createPageCache, type PageCache } from '../pages/page-cache.ts'
import { previewPage } from '../pages/preview-page.ts'
import { renderPage } from '../pages/render-page.ts'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { createMaintenanceWindow } from './maintenance-windows.ts'
import { createMonitor } from './create-monitor.ts'
import { createService } from './create-service.ts'
import { deleteMonitor } from './delete-monitor.ts'
import { deleteService } from './delete-service.ts'
import { getLayout } from './get-layout.ts'
import { getMonitor } from './get-monitor.ts'
import { getIncident, listIncidents } from './list-incidents.ts'
import { setLayout } from './set-layout.ts'
import { updateMonitor } from './update-monitor.ts'

let uptime: TestUptime
let cache: PageCache
let slugs = 0

beforeAll(async () => {
  uptime = await startTestUptime()
  cache = createPageCache(uptime.deps)
})
afterAll(() => uptime.database.drop())

const config = { url: 'https://example.com/' }
const read = async (slug: string) => {
  uptime.clock.advance(1_001)
  return (await cache.read({ slug, lang: 'en', acceptLanguage: undefined }))?.view
}

/** A public page of a new org with monitors of these names. */
async function publish(...names: readonly string[]) {
  const member = await uptime.found()
  const slug = `layout-${(slugs += 1)}`
  const { id } = await createService(uptime.deps, member, { name: 'Shop', slug })
  const monitors: string[] = []
  for (const name of names)
    monitors.push(
      (await createMonitor(uptime.deps, member, { type: 'http', name, config, serviceId: id })).id,
    )
  const layout = () => getLayout(uptime.deps, member, id)
  const arrange = (wanted: Parameters<typeof setLayout>[3]) => setLayout(uptime.deps, member, id, wanted)
  return { member, slug, id, monitors, layout, arrange }
}

it('a-page-is-arranged-as-a-whole: sections, components of monitors and by hand, in the order that was sent', async () => {
  const { slug, monitors, layout, arrange } = await publish('web-1', 'cards-1')
  const [web, cards] = monitors
  const stored = await arrange({
    sections: [{ name: 'Payments' }],
    components: [
      { state: 'degraded', displayName: 'Telephone', section: 0 },
      { monitorId: cards, displayName: 'Cards', description: 'Visa and others', section: 0 },
      { monitorId: web },
    ],
  })
  expect(await layout()).toEqual(stored)
  expect(stored.components).toMatchObject([
    { monitorId: web, section: null, monitorName: 'web-1', displayName: null, hidden: 0, state: 'unknown' },
    { monitorId: null, section: 0, displayName: 'Telephone', state: 'degraded' },
    { monitorId: cards, section: 0, displayName: 'Cards', description: 'Visa and others' },
  ])
  expect(await read(slug)).toMatchObject({
    sections: [{ name: 'Payments' }],
    components: [
      { name: 'web-1', sectionId: null },
      { name: 'Telephone', state: 'degraded', days: [] },
      { name: 'Cards', description: 'Visa and others', sectionId: stored.sections[0]?.id },
    ],
  })
  const byHand = stored.components[1]?.id
  const again = await arrange({
    sections: [],
    components: [{ id: byHand, state: 'up' }, { monitorId: cards, displayName: null }, { monitorId: web }],
  })
  expect(again.components).toMatchObject([
    { id: byHand, displayName: 'Telephone', state: 'up', section: null },
    { monitorId: cards, monitorName: 'cards-1', displayName: null, description: 'Visa and others' },
    { monitorId: web },
  ])
  expect((await read(slug))?.sections).toEqual([])
})

it('a-monitor-always-has-a-component: from its making, wherever it moves, and when no layout names it', async () => {
  const { member, id, monitors, layout, arrange } = await publish('a', 'b')
  const [a, b] = monitors
  const ids = async () => (await layout()).components.map(({ monitorId }) => monitorId)
  expect(await ids()).toEqual([a, b])
  await arrange({
    sections: [{ name: 'S' }],
    components: [{ monitorId: b, section: 0, hidden: true, displayName: 'B' }],
  })
  expect(await ids()).toEqual([a, b])
  const other = await createService(uptime.deps, member, { name: 'Other', slug: `layout-${(slugs += 1)}` })
  const elsewhere = () => getLayout(uptime.deps, member, other.id)
  await updateMonitor(uptime.deps, member, b ?? '', { serviceId: other.id })
  expect(await ids()).toEqual([a])
  const moved = { monitorId: b, section: null, displayName: 'B', hidden: 1 }
  expect((await elsewhere()).components).toMatchObject([moved])
  await setLayout(uptime.deps, member, other.id, {
    sections: [{ name: 'S' }],
    components: [
      { state: 'up', displayName: 'By hand' },
      { monitorId: b, section: 0 },
    ],
  })
  await deleteService(uptime.deps, member, other.id)
  const home = await getMonitor(uptime.deps, member, b ?? '')
  expect((await getLayout(uptime.deps, member, home.serviceId)).components).toMatchObject([moved])
  await updateMonitor(uptime.deps, member, b ?? '', { serviceId: id })
  expect(await ids()).toEqual([a, b])
})

it('an unknown name in a layout is refused at its place, and nothing is changed', async () => {
  const { member, monitors, layout, arrange } = await publish('a')
  const other = await publish('theirs')
  const elsewhere = await createMonitor(uptime.deps, member, { type: 'http', config })
  const first = { monitorId: monitors[0] }
  await arrange({ sections: [{ name: 'S' }], components: [first] })
  const before = await layout()
  const refused = [
    ...['01ARZ3NDEKTSV4RRFFQ69G5FAV', other.monitors[0]].map((monitorId) => [
      { sections: [], components: [first, { monitorId }] },
      { status: 404, detail: 'components[1].monitorId: is not on this status page' },
    ]),
    [
      { sections: [], components: [{ monitorId: elsewhere.id }, first] },
      {
        status: 400,
        detail: 'components[0].monitorId: is a monitor on another status page; set its serviceId first',
      },
    ],
    [
      { sections: [{ id: 'x', name: 'X' }], components: [] },
      { status: 404, detail: 'sections[0].id: is not on this status page' },
    ],
    [
      { sections: [], components: [first, first] },
      { status: 400, detail: 'components[1].monitorId: is named twice' },
    ],
  ] as [Parameters<typeof arrange>[0], object][]
  for (const [wanted, refusal] of refused) await expect(arrange(wanted)).rejects.toMatchObject(refusal)
  expect(await layout()).toEqual(before)
})

it("another org's layout is refused in the words of one that never existed", async () => {
  const [ann, eve] = [await publish('a'), await publish('b')]
  const calls = [
    (id: string) => getLayout(uptime.deps, eve.member, id),
    (id: string) => setLayout(uptime.deps, eve.member, id, { sections: [], components: [] }),
  ]
  for (const call of calls) {
    const refusalOf = (id: string): Promise<unknown> => call(id).catch((error: unknown) => error)
    expect(await refusalOf(ann.id)).toMatchObject({ code: 'NOT_FOUND', status: 404 })
    expect(await refusalOf(ann.id)).toEqual(await refusalOf('01ARZ3NDEKTSV4RRFFQ69G5FAV'))
  }
})

it('what-is-hidden-is-nowhere-public: neither state nor name, incident nor maintenance of it, nor once it is deleted', async () => {
  const { member, slug, monitors, arrange } = await publish('shop-1', 'secret-1')
  const [shop = '', secret = ''] = monitors
  for (const id of monitors)
    await uptime.observe(member.orgId, id, ['up', 'down', 'down', 'down', 'down', 'down'])
  await createMaintenanceWindow(uptime.deps, member, {
    title: 'New disks for secret-1',
    scope: 'monitors',
    monitorIds: [secret],
    startsAt: uptime.clock.now() + 3_600_000,
    endsAt: uptime.clock.now() + 7_200_000,
  })
  const seen = async () => JSON.stringify(await read(slug))
  expect(await seen()).toContain('secret-1')
  const hide = [
    { monitorId: shop, displayName: 'Our shop' },
    { monitorId: secret, hidden: true, displayName: 'Covert' },
  ]
  await arrange({ sections: [{ name: 'Inside' }], components: hide.map((one) => ({ ...one, section: 0 })) })
  expect(await seen()).toContain('Our shop: Down')
  expect(await seen()).not.toMatch(/secret-1|Covert|shop-1/)
  await uptime.observe(member.orgId, shop, ['up'])
  // Of what is shown nothing is down any more, so that nothing says how the hidden one is.
  expect(await read(slug)).toMatchObject({ indicator: 'none', affected: null, openIncidents: [] })
  const incidents = await listIncidents(uptime.deps, member, {})
  expect(incidents.incidents).toHaveLength(2)
  await deleteMonitor(uptime.deps, member, secret)
  await deleteMonitor(uptime.deps, member, shop)
  expect(await seen()).toContain('Our shop: Down')
  expect(await seen()).not.toMatch(/secret-1|Covert|shop-1/)
  const kept = incidents.incidents.find(({ monitorId }) => monitorId === secret)
  expect(await getIncident(uptime.deps, member, kept?.id ?? '')).toMatchObject({
    visibility: 'hidden',
    monitorName: 'secret-1',
  })
})

it('a preview shows an arrangement before it is saved, and saves nothing', async () => {
  const { member, id, slug, monitors, layout, arrange } = await publish('shop-1', 'other-1')
  const [shop, other] = monitors
  await arrange({ sections: [], components: [{ monitorId: shop, hidden: true }, { monitorId: other }] })
  const before = await layout()
  const seen = await previewPage(uptime.deps, member, id, {
    layout: {
      sections: [{ name: 'Core' }],
      components: [
        { monitorId: other, hidden: true },
        { monitorId: shop, hidden: false, displayName: 'Our shop', section: 0 },
        { state: 'up', displayName: 'Telephone' },
      ],
    },
  })
  expect([seen.sections, seen.components]).toEqual([['Core'], ['Telephone', 'Our shop']])
  expect(seen.html).toContain('Core')
  expect(await layout()).toEqual(before)
  expect((await read(slug))?.components.map(({ name }) => name)).toEqual(['other-1'])
  await expect(
    previewPage(uptime.deps, member, id, { layout: { sections: [], components: [{ monitorId: 'x' }] } }),
  ).rejects.toMatchObject({ status: 404 })
})

it('a page shows no more than what is shown of 500', async () => {
  const { slug, arrange } = await publish()
  const components = Array.from({ length: 500 }, (_, index) => ({
    state: 'up' as const,
    displayName: `By hand ${index}`,
    hidden: index % 2 === 0,
  }))
  expect((await arrange({ sections: [], components })).components).toHaveLength(500)
  const view = await read(slug)
  expect(view?.components).toHaveLength(250)
  expect(view && renderPage(view, 'en')).not.toContain('By hand 0<')
})
