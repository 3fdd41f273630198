import type { Browser, BrowserContext, Page, Route } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import {
  buildDashboard,
  complaintsOf,
  isBrowserMissing,
  launchBrowser,
  signOutOf,
} from './fixtures/dashboard-browser.ts'
import { password, setUpOwner } from './fixtures/people.ts'

const me = '**/dashboard/me'
const refresh = '**/auth/refresh'

describe.skipIf(isBrowserMissing)('sessions-never-fall-out', () => {
  let server: ComposedServer
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let complaints: string[] = []

  beforeAll(async () => {
    await buildDashboard()
    server = await composeServer()
    await setUpOwner(server.client, server.ownerToken)
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  beforeEach(async () => {
    server.passMinute()
    context = await browser.newContext({ extraHTTPHeaders: { 'x-forwarded-for': '198.18.0.1' } })
    context.setDefaultTimeout(60_000)
    page = await context.newPage()
    complaints = complaintsOf(page)
    await page.goto(`${server.origin}/app/uptime/monitors`)
    await signIn(page)
  })
  afterEach(async () => {
    await context.close()
    if (complaints.length > 0) throw new Error(complaints.join('\n'))
  })

  async function signIn(on: Page): Promise<void> {
    await on.getByLabel('E-mail').fill('ann@example.com')
    await on.getByLabel('Password').fill(password)
    await on.getByRole('button', { name: 'Sign in' }).click()
    await on.getByRole('navigation', { name: 'Gatehouse' }).waitFor()
  }
  /** Whichever comes: the app of a signed-in person, or the page to sign in. */
  async function shown(on: Page): Promise<'app' | 'sign-in'> {
    const app = on.getByRole('navigation', { name: 'Gatehouse' })
    await app.or(on.getByLabel('Password')).waitFor()
    return (await app.count()) === 1 ? 'app' : 'sign-in'
  }
  const notice = (on: Page) => on.getByRole('heading', { name: 'One moment' })

  const refusedFor = (seconds: number) => (route: Route) =>
    route.fulfill({
      status: 429,
      headers: { 'retry-after': String(seconds) },
      json: { error: { code: 'RATE_LIMITED', message: 'Too many', status: 429 } },
    })
  const unavailable = (route: Route) =>
    route.fulfill({ status: 503, contentType: 'text/html', body: '<h1>Bad gateway</h1>' })
  const lost = (route: Route) => route.abort('connectionfailed')

  it.each<[what: string, where: string, answer: (route: Route) => Promise<void>, said: string]>([
    ['a question put off by a limit', me, refusedFor(3_600), 'asks for a pause'],
    ['a question that a proxy answers', me, unavailable, 'restarting or too busy'],
    ['a question without an answer', me, lost, 'cannot be reached'],
    ['a renewal put off by a limit', refresh, refusedFor(3_600), 'asks for a pause'],
    ['a renewal that a proxy answers', refresh, unavailable, 'restarting or too busy'],
    ['a renewal without an answer', refresh, lost, 'cannot be reached'],
  ])('%s shows what is going on, never the sign-in page, and a press tries again', async (...row) => {
    const [, where, answer, said] = row
    await page.route(where, answer)
    await page.reload()
    await notice(page).waitFor()
    expect(await page.getByRole('status').innerText()).toContain(said)
    expect(await page.getByLabel('Password').count()).toBe(0)
    await page.unroute(where)
    await page.getByRole('button', { name: 'Try now' }).click()
    expect(await shown(page)).toBe('app')
    expect(await notice(page).count()).toBe(0)
  })

  it('an outage that passes is waited out without a press', async () => {
    let failures = 0
    await page.route(refresh, async (route) => {
      failures += 1
      await (failures < 3 ? unavailable(route) : route.fallback())
    })
    await page.reload()
    expect(await shown(page)).toBe('app')
    expect(failures).toBe(3)
  })

  it('an answer that does not come is told, and a press asks anew', async () => {
    let isHeld = true
    await page.route(me, (route) => (isHeld ? undefined : route.fallback()))
    await page.reload()
    await notice(page).waitFor()
    expect(await page.getByRole('status').innerText()).toContain('has not answered yet')
    isHeld = false
    await page.getByRole('button', { name: 'Try now' }).click()
    expect(await shown(page)).toBe('app')
  })

  it('four tabs opened at the same moment all stay signed in', async () => {
    const tabs = await Promise.all(Array.from({ length: 4 }, () => context.newPage()))
    const { promise: areOpen, resolve: open } = Promise.withResolvers<void>()
    await context.route(refresh, async (route) => {
      await areOpen
      await route.fallback()
    })
    await Promise.all(tabs.map((tab) => tab.goto(`${server.origin}/app/uptime/monitors`)))
    open()
    for (const tab of tabs) expect(await shown(tab)).toBe('app')
    await page.reload()
    expect(await shown(page)).toBe('app')
  })

  it('five reloads, each before the last one was done, keep the session', async () => {
    for (let n = 0; n < 5; n += 1) {
      const renewing = page.waitForRequest(refresh)
      await page.evaluate('location.reload()')
      // The next reload begins while this renewal is on its way.
      await renewing
    }
    expect(await shown(page)).toBe('app')
    server.passMinute()
    await page.reload()
    expect(await shown(page)).toBe('app')
  })

  it('a renewal that lost its race goes on with what the winner got, and a dead one is told', async () => {
    let isFirst = true
    await page.route(refresh, async (route) => {
      if (!isFirst) return route.fallback()
      isFirst = false
      return route.fulfill({
        status: 401,
        json: { error: { code: 'REFRESH_SUPERSEDED', message: 'Another request was faster', status: 401 } },
      })
    })
    await page.reload()
    expect(await shown(page)).toBe('app')
    await context.clearCookies()
    await page.reload()
    await page.getByText('Your session has ended. Sign in again.').waitFor()
    expect(isFirst).toBe(false)
  })

  it('an access token that dies during an outage is renewed when the outage is over', async () => {
    await page.route('**/dashboard/incidents*', async (route) => {
      await page.unroute('**/dashboard/incidents*')
      await route.fulfill({
        status: 401,
        json: { error: { code: 'UNAUTHORIZED', message: 'No', status: 401 } },
      })
    })
    await page.route(refresh, refusedFor(3_600))
    await page.getByRole('link', { name: 'Incidents' }).click()
    await page.getByText('One moment').waitFor()
    await page.unroute(refresh)
    await page.getByRole('button', { name: 'Try now' }).click()
    await page.getByText('No incidents').waitFor()
    expect(await page.getByText('One moment').count()).toBe(0)
  })

  it('a sign-out in one tab is one in all, and so is the next sign-in', async () => {
    const other = await context.newPage()
    await other.goto(`${server.origin}/app/uptime/monitors`)
    expect(await shown(other)).toBe('app')
    await signOutOf(page)
    await other.getByLabel('Password').waitFor()
    await signIn(page)
    await other.getByRole('navigation', { name: 'Gatehouse' }).waitFor()
    expect(await other.getByLabel('Password').count()).toBe(0)
  })
})
