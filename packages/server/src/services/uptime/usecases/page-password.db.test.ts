import type { RawReply } from '@gatehouse/kernel/endpoint'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pageHandlers } from '../handlers/page-handlers.ts'
import { createLogoCache } from '../pages/logo-cache.ts'
import { createPageCache, type PageCache } from '../pages/page-cache.ts'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { createService } from './create-service.ts'
import { createViewLink } from './create-view-link.ts'
import { getFeeds, rotateFeedKey } from './feed-keys.ts'
import { listServices } from './list-services.ts'
import { updateService } from './update-service.ts'

const hourMs = 3_600_000
const password = 'correct horse battery'
const visitor = { kind: 'visitor', ip: '127.0.0.1' } as const
const nobody = {
  requestId: 'req',
  ip: visitor.ip,
  userAgent: undefined,
  url: '/',
  receivedAtMs: 0,
  signal: AbortSignal.timeout(60_000),
  refund: () => undefined,
}
let uptime: TestUptime
let cache: PageCache
let slugs = 0

beforeAll(async () => {
  uptime = await startTestUptime()
  cache = createPageCache(uptime.deps)
})
afterAll(() => uptime.database.drop())

async function lock() {
  const member = await uptime.found()
  const slug = `locked-${(slugs += 1)}`
  const { id } = await createService(uptime.deps, member, { name: 'Shop', slug, isPublic: false })
  const page = await updateService(uptime.deps, member, id, { access: 'password', password })
  return { member, slug, page }
}

const toText = (reply: RawReply | undefined): string =>
  Buffer.isBuffer(reply?.body) ? reply.body.toString() : ''

const sees = async (slug: string, pass?: string): Promise<boolean> => {
  uptime.clock.advance(1_001)
  return (await cache.read({ slug, lang: 'en', acceptLanguage: undefined, pass })) !== undefined
}

it('a-password-opens-one-page: for a day, until it is another, and no other page', async () => {
  const [{ member, slug, page }, other] = [await lock(), await lock()]
  expect(page).toMatchObject({ access: 'password', isPublic: 1 })
  expect(JSON.stringify(await listServices(uptime.deps, member))).not.toMatch(/pbkdf2|battery/)
  expect([await sees(slug), await cache.isLocked({ slug })]).toEqual([false, true])
  expect(await cache.unlock(slug, `${password}!`)).toBeUndefined()
  const pass = await cache.unlock(slug, password)
  expect(pass).not.toContain(password)
  expect(await sees(slug, pass)).toBe(true)
  expect([await sees(other.slug, pass), await sees(slug, 'made up')]).toEqual([false, false])
  const shown = await cache.read({ slug, lang: 'en', acceptLanguage: undefined, pass })
  expect(shown?.isPublic).toBe(false)
  await updateService(uptime.deps, member, page.id, { name: 'Shop 2' })
  expect(await sees(slug, pass)).toBe(true)
  await updateService(uptime.deps, member, page.id, { password: 'another password' })
  expect(await sees(slug, pass)).toBe(false)
  const second = await cache.unlock(slug, 'another password')
  uptime.clock.advance(24 * hourMs - 10_000)
  expect(await sees(slug, second)).toBe(true)
  uptime.clock.advance(10_000)
  expect(await sees(slug, second)).toBe(false)
})

it('what-hangs-on-a-page-is-read-like-the-page: feed, calendar and JSON of a page, to whoever may see the page alone', async () => {
  const member = await uptime.found()
  const { id } = await createService(uptime.deps, member, { name: 'Shop', slug: 'hangs', isPublic: true })
  const { readStatusFeed, readStatusCalendar, readStatusFile } = pageHandlers(
    uptime.deps,
    cache,
    createLogoCache(uptime.deps),
  )
  const ask = async (pass = '', etag?: string) => {
    uptime.clock.advance(1_001)
    const headers: Record<string, string | undefined> = {
      cookie: `gatehouse-page=${pass}`,
      'if-none-match': etag,
    }
    const context = { ...nobody, header: (name: string) => headers[name] }
    const input = { params: { slug: 'hangs' }, query: {}, body: undefined }
    return [
      await readStatusFeed(visitor, input, context),
      await readStatusCalendar(visitor, input, context),
      await readStatusFile(visitor, { ...input, params: { ...input.params, file: 'summary.json' } }, context),
    ]
  }
  // A page is rendered anew every five minutes.
  uptime.clock.set(Math.ceil(uptime.clock.now() / 300_000) * 300_000)
  const [feed, calendar, summary] = await ask()
  expect(feed?.headers['cache-control']).toMatch(/^public, max-age=15/)
  expect(toText(feed)).toContain('<title>Shop: Incidents</title>')
  expect(toText(calendar)).toContain('X-WR-CALNAME:Shop: Maintenance')
  expect(JSON.parse(toText(summary))).toMatchObject({ page: { name: 'Shop' } })
  expect(summary?.headers['access-control-allow-origin']).toBe('*')
  expect((await ask('', feed?.headers['etag']))[0]?.status).toBe(304)
  await updateService(uptime.deps, member, id, { access: 'password', password })
  await expect(ask()).rejects.toMatchObject({ status: 404 })
  const pass = await cache.unlock('hangs', password)
  const opened = (await ask(pass)).map(({ headers }) => headers)
  expect(opened.map((headers) => headers['cache-control'])).toEqual(Array(3).fill('private, no-store'))
  expect(opened.map((headers) => headers['access-control-allow-origin'])).toEqual(Array(3).fill(undefined))
  await updateService(uptime.deps, member, id, { isPublic: false })
  await expect(ask(pass)).rejects.toMatchObject({ status: 404 })
})

it('a-feed-key-opens-the-feeds-alone: of its page, while that has a password, until there is another key', async () => {
  const [{ member, slug, page }, other] = [await lock(), await lock()]
  const { readStatusFeed, readStatusRss, readStatusCalendar } = pageHandlers(
    uptime.deps,
    cache,
    createLogoCache(uptime.deps),
  )
  const context = { ...nobody, header: () => undefined }
  const ask = async (key: string | undefined, at = slug) => {
    uptime.clock.advance(1_001)
    const input = { params: { slug: at }, query: { key }, body: undefined }
    const replies = [readStatusFeed, readStatusRss, readStatusCalendar].map(async (read) =>
      read(visitor, input, context),
    )
    return (await Promise.allSettled(replies)).map((reply) =>
      reply.status === 'fulfilled' ? reply.value.headers['cache-control'] : 'refused',
    )
  }
  const refused = Array(3).fill('refused')
  const read = Array(3).fill('private, no-store')
  expect(await getFeeds(uptime.deps, member, page.id)).toMatchObject({ key: null })
  expect([await ask(undefined), await ask('made up')]).toEqual([refused, refused])
  const first = await rotateFeedKey(uptime.deps, member, page.id)
  expect(await getFeeds(uptime.deps, member, page.id)).toEqual(first)
  expect(first.rss).toBe(`https://gate.example.com/status/${slug}/history.rss?key=${first.key}`)
  const key = first.key ?? ''
  expect([await ask(key), await ask(key, other.slug)]).toEqual([read, refused])
  expect(await cache.read({ slug, lang: 'en', acceptLanguage: undefined, pass: key })).toBeUndefined()
  await updateService(uptime.deps, member, page.id, { name: 'Shop 2' })
  expect(await ask(key)).toEqual(read)
  const second = await rotateFeedKey(uptime.deps, member, page.id)
  expect([await ask(key), await ask(second.key ?? '')]).toEqual([refused, read])
  await updateService(uptime.deps, member, page.id, { isPublic: false })
  expect(await ask(second.key ?? '')).toEqual(refused)
  expect((await getFeeds(uptime.deps, member, page.id)).rss).not.toContain('key=')
  const eve = await uptime.found()
  await expect(getFeeds(uptime.deps, eve, page.id)).rejects.toMatchObject({ status: 404 })
  await expect(rotateFeedKey(uptime.deps, eve, page.id)).rejects.toMatchObject({ status: 404 })
})

it('a page of members alone is not there, whoever had a password for it', async () => {
  const { member, slug, page } = await lock()
  await sees(slug)
  const pass = await cache.unlock(slug, password)
  await updateService(uptime.deps, member, page.id, { isPublic: false })
  expect([await sees(slug, pass), await cache.isLocked({ slug })]).toEqual([false, false])
  expect(await cache.unlock(slug, password)).toBeUndefined()
  // The password went with the access that it was for.
  await expect(updateService(uptime.deps, member, page.id, { access: 'password' })).rejects.toMatchObject({
    detail: 'password: is required for a page whose access is password',
  })
  await updateService(uptime.deps, member, page.id, { isPublic: true })
  expect(await sees(slug)).toBe(true)
})

it('a-link-lets-one-member-in: once, within a minute, to that page alone, and for half a day', async () => {
  const member = await uptime.found()
  const make = (slug: string) => createService(uptime.deps, member, { name: 'Shop', slug, isPublic: false })
  const [page, other] = [await make('inside-1'), await make('inside-2')]
  const link = async () =>
    new URL(await createViewLink(uptime.deps, member, page.id)).searchParams.get('view') ?? ''
  expect(await sees('inside-1')).toBe(false)
  const token = await link()
  expect(await cache.admit('inside-2', token)).toBeUndefined()
  const pass = await cache.admit('inside-1', token)
  expect(await cache.admit('inside-1', token)).toBeUndefined()
  expect([await sees('inside-1', pass), await sees('inside-2', pass)]).toEqual([true, false])
  const late = await link()
  uptime.clock.advance(60_000)
  expect(await cache.admit('inside-1', late)).toBeUndefined()
  uptime.clock.advance(12 * hourMs)
  expect(await sees('inside-1', pass)).toBe(false)
  const eve = await uptime.found()
  await expect(createViewLink(uptime.deps, eve, other.id)).rejects.toMatchObject({ status: 404 })
})

it.each([
  [{ access: 'public', isPublic: false }, 'isPublic: must be false for members alone, and true otherwise'],
  [{ access: 'members', isPublic: true }, 'isPublic: must be false for members alone, and true otherwise'],
  [{ access: 'public', password }, 'password: is only for a page whose access is password'],
  [{ isPublic: false, password }, 'password: is only for a page whose access is password'],
] as const)('%j is refused by name', async (change, detail) => {
  const { member, slug, page } = await lock()
  await expect(updateService(uptime.deps, member, page.id, change)).rejects.toMatchObject({
    status: 400,
    detail,
  })
  await sees(slug)
  expect(await cache.isLocked({ slug })).toBe(true)
})
