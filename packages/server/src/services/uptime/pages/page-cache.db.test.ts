import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { createMonitor } from '../usecases/create-monitor.ts'
import { getUptime } from '../usecases/get-uptime.ts'
import { listServices } from '../usecases/list-services.ts'
import { updateService } from '../usecases/update-service.ts'
import { createPageCache, type PageCache } from './page-cache.ts'

const dayMs = 86_400_000
let uptime: TestUptime
let cache: PageCache
let dropped = false

beforeAll(async () => {
  uptime = await startTestUptime()
  cache = createPageCache({ ...uptime.deps, db: uptime.database.db })
})
afterAll(async () => {
  if (!dropped) await uptime.database.drop()
})

const read = (slug: string) => cache.read({ slug, lang: 'en', acceptLanguage: undefined })

/** An org with one monitor, whose page is public under `slug`. */
async function publish(slug: string) {
  const member = await uptime.found()
  const config = { url: 'https://example.com/' }
  const monitor = await createMonitor(uptime.deps, member, { type: 'http', name: 'Shop', config })
  const [page] = await listServices(uptime.deps, member)
  await updateService(uptime.deps, member, page?.id ?? '', { isPublic: true, slug })
  uptime.clock.advance(1_001)
  return { member, monitor }
}

it('a page that is not public is not there, like one that nobody made', async () => {
  const member = await uptime.found()
  await createMonitor(uptime.deps, member, { type: 'http', config: { url: 'https://example.com/' } })
  const [page] = await listServices(uptime.deps, member)
  expect(await read(page?.slug ?? '')).toBeUndefined()
  expect(await read('nobody-made-this')).toBeUndefined()
})

it('an-outage-over-midnight-is-no-quiet-day: it is told where it began, and the next day says that it went on', async () => {
  const { member, monitor } = await publish('midnight')
  // Five minutes before the next midnight in UTC, the zone of the page.
  const midnightMs = (Math.floor(uptime.clock.now() / dayMs) + 1) * dayMs
  uptime.clock.set(midnightMs - 300_000)
  await uptime.observe(member.orgId, monitor.id, ['up', 'down', 'down', 'down', 'down', 'down'])
  uptime.clock.set(midnightMs + 300_000)
  await uptime.observe(member.orgId, monitor.id, ['down'])
  uptime.clock.advance(1_001)
  const [today, yesterday, before] = (await read('midnight'))?.view.recentDays ?? []
  expect(today).toMatchObject({ incidents: [], continued: ['Shop: Down'] })
  // It is open, and so it is told above, with all that was said of it.
  expect(yesterday).toMatchObject({ incidents: [], stillOpen: ['Shop: Down'], continued: [] })
  expect(before).toMatchObject({ incidents: [], continued: [] })
  const bars = (await read('midnight'))?.view.components[0]?.days.slice(-2) ?? []
  expect(bars.every(({ downMs }) => downMs > 0)).toBe(true)
  await uptime.observe(member.orgId, monitor.id, ['up'])
  uptime.clock.advance(dayMs)
  const later = (await read('midnight'))?.view.recentDays.slice(0, 3) ?? []
  expect(later.map(({ continued }) => continued.length)).toEqual([0, 1, 0])
  expect(later.map((day) => [day.incidents.length, day.stillOpen.length])).toEqual([
    [0, 0],
    [0, 0],
    [1, 0],
  ])
})

it('a page and the API count what nobody looked at alike', async () => {
  const { member, monitor } = await publish('stale')
  await uptime.observe(member.orgId, monitor.id, ['up', 'down', 'down', 'down', 'down', 'down'])
  // Long past what the last check vouches for, and nothing has run since.
  uptime.clock.advance(6 * 3_600_000)
  const { uptime: share } = await getUptime(uptime.deps, member, monitor.id, {
    from: uptime.clock.now() - 30 * dayMs,
    to: uptime.clock.now(),
  })
  const shown = (await read('stale'))?.view.components[0]?.uptimePercent
  expect(shown).toBe((Math.floor((share ?? 0) * 10_000) / 100).toFixed(2))
})

it('the page follows its monitor from no data to up, down and back, and shows the incident', async () => {
  const { member, monitor } = await publish('follows')
  expect((await read('follows'))?.view.indicator).toBe('unknown')
  await uptime.observe(member.orgId, monitor.id, ['up'])
  uptime.clock.advance(1_001)
  expect((await read('follows'))?.view.indicator).toBe('none')
  await uptime.observe(member.orgId, monitor.id, ['down', 'down', 'down', 'down', 'down'])
  uptime.clock.advance(1_001)
  const down = await read('follows')
  expect(down?.view).toMatchObject({
    indicator: 'critical',
    affected: 'Shop',
    openIncidents: [{ resolvedAtMs: null }],
  })
  await uptime.observe(member.orgId, monitor.id, ['up'])
  uptime.clock.advance(1_001)
  const back = await read('follows')
  expect(back?.view).toMatchObject({ indicator: 'none', openIncidents: [] })
  expect(back?.etag).not.toBe(down?.etag)
})

it('of many readers at once one rendering serves all, until something changes', async () => {
  await publish('busy')
  const [first, ...others] = await Promise.all(Array.from({ length: 50 }, () => read('busy')))
  expect(others.every((page) => page === first)).toBe(true)
  expect(await read('busy')).toBe(first)
})

it('with the database away the last copy is served, also when it has grown old', async () => {
  const { member, monitor } = await publish('survives')
  await uptime.observe(member.orgId, monitor.id, ['up'])
  uptime.clock.advance(1_001)
  const last = await read('survives')
  await uptime.database.drop()
  dropped = true
  uptime.clock.advance(2_000)
  expect(await read('survives')).toBe(last)
  uptime.clock.advance(600_000)
  expect(await read('survives')).toBe(last)
})
