import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { buildDashboard, isBrowserMissing, launchBrowser } from './fixtures/dashboard-browser.ts'
import { createKey, join, password, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'

const paths = [
  '/overview',
  '/uptime/incidents',
  '/uptime/monitors',
  '/uptime/status-pages',
  '/oversight/organisation',
  '/oversight/operators',
  '/oversight/decisions',
  '/oversight/reports',
  '/oversight/alerts',
  '/volatility/board',
  '/volatility/transitions',
  '/alerts',
  '/alerts/deliveries',
  '/posture',
  '/audit',
  '/team',
  '/keys',
  '/usage',
  '/account',
  '/account/security',
]

describe.skipIf(isBrowserMissing)('screens that are told', () => {
  let server: ComposedServer
  let key: string
  let teamId: string
  let ann: SignedIn
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    await buildDashboard()
    server = await composeServer()
    ann = await setUpOwner(server.client, server.ownerToken)
    teamId = ann.user.teamId
    key = await createKey(server.client, ann)
    browser = await launchBrowser()
    page = await browser.newPage({ extraHTTPHeaders: { 'x-forwarded-for': '198.18.0.1' } })
    page.setDefaultTimeout(60_000)
    await page.goto(`${server.origin}/app/uptime/incidents`)
    await page.getByLabel('E-mail').fill('ann@example.com')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Live', { exact: true }).waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  const openIncident = (title: string) =>
    server.client.ask<{ incident: { id: string } }>('/api/v1/incidents', { credential: key, body: { title } })

  it('a-change-is-on-the-screen-without-a-reload: because the server tells of it, not because the clock does', async () => {
    // While it is told, a screen asks nothing by the clock.
    await openIncident('Checkout is slow')
    const shown = page.getByRole('main').getByText('Checkout is slow')
    await expect.poll(() => shown.count(), { timeout: 60_000 }).toBe(1)
    await page.getByText('1 ongoing').waitFor()
  })

  it('a-stream-that-was-lost-goes-on: the screen catches up with what happened meanwhile', async () => {
    const events = '**/dashboard/events'
    await page.route(events, (route) => route.abort())
    await page.reload()
    await page.getByText(/^Updated/).waitFor()
    await openIncident('While nobody listened')
    await page.unroute(events)
    await page.getByText('Live', { exact: true }).waitFor()
    const caughtUp = page.getByRole('main').getByText('While nobody listened')
    await expect.poll(() => caughtUp.count(), { timeout: 60_000 }).toBe(1)
  })

  it('a-restart-is-survived: the screen says since when it is old, and goes on after the last event it heard', async () => {
    const asked: string[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/dashboard/events')) asked.push(request.headers()['last-event-id'] ?? '')
    })
    await openIncident('Before the restart')
    const main = page.getByRole('main')
    await expect.poll(() => main.getByText('Before the restart').count()).toBe(1)
    await server.restart(async () => {
      await page.getByText(/Gatehouse cannot be reached since/).waitFor()
      await page.getByText(/^Offline since/).waitFor()
      expect(await main.getByText('Before the restart').count()).toBe(1)
    })
    await page.getByText('Live', { exact: true }).waitFor()
    await page.getByText(/Gatehouse cannot be reached since/).waitFor({ state: 'detached' })
    expect(asked.at(-1)).toMatch(/^\d+$/)
    await openIncident('After the restart')
    await expect.poll(() => main.getByText('After the restart').count()).toBe(1)
  })

  it('a-screen-costs-at-most-three-calls, besides what the frame asks once and a checklist until it is done', async () => {
    const asked: string[] = []
    page.on('request', (request) => {
      const { pathname } = new URL(request.url())
      const isCall = /^\/(?:dashboard|v1)\//.test(pathname) && pathname !== '/dashboard/events'
      if (isCall) asked.push(pathname)
    })
    await page.evaluate(`localStorage.setItem('gatehouse-skipped-${teamId}-done', 'yes')`)
    const costs: Record<string, readonly string[]> = {}
    for (const path of paths) {
      server.passMinute()
      asked.length = 0
      await page.evaluate(`{
        const link = document.createElement('a')
        link.href = '/app${path}'
        document.body.append(link)
        link.click()
        link.remove()
      }`)
      await page.waitForURL(`**/app${path}`)
      await page.locator('main h1').waitFor()
      await expect.poll(() => page.getByText(/Loading…|Looking…/).count(), { timeout: 60_000 }).toBe(0)
      if (asked.length > 3) costs[path] = [...asked]
    }
    expect(costs).toEqual({})
  })

  it('destinations-are-told-as-they-change: one that somebody else adds is on the screen without a reload', async () => {
    await page.goto(`${server.origin}/app/alerts`)
    await page.getByText('Nobody is told yet').waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    await server.client.ask('/api/v1/notification-channels', {
      credential: key,
      body: {
        type: 'webhook',
        name: 'Pager',
        config: { url: 'https://93.184.216.34/', secret: 'the secret of a hook' },
      },
    })
    const shown = page.getByRole('table', { name: 'Destinations' }).getByText('Pager', { exact: true })
    await expect.poll(() => shown.count(), { timeout: 60_000 }).toBe(1)
  })

  it('who-has-an-incident-is-seen-by-others: in the list as soon as it is given, and that somebody has left', async () => {
    const bob = await join(server.client, ann, 'member')
    const { incident } = await openIncident('Who has it')
    await page.goto(`${server.origin}/app/uptime/incidents`)
    const row = page.getByRole('row').filter({ hasText: 'Who has it' }).filter({ hasText: 'Ongoing' })
    await row.waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    await server.client.ask(`/api/v1/incidents/${incident.id}/assignee`, {
      credential: key,
      method: 'PUT',
      body: { assigneeId: bob.user.id },
    })
    await row.getByRole('cell', { name: 'Bob', exact: true }).waitFor()
    await server.client.ask(`/dashboard/team/members/${bob.user.id}`, {
      method: 'DELETE',
      credential: ann.accessToken,
      headers: await proveAnew(server.client, ann),
    })
    await page.goto(`${server.origin}/app/uptime/incidents/${incident.id}`)
    const left = page.getByText('somebody who has left has it')
    await expect.poll(() => left.count(), { timeout: 60_000 }).toBe(1)
  })
})
