import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import {
  buildDashboard,
  complaintsOf,
  isBrowserMissing,
  launchBrowser,
} from './fixtures/dashboard-browser.ts'
import { lookPastRowSecurity } from './fixtures/org-canaries.ts'
import { createKey, password, setUpOwner } from './fixtures/people.ts'
import { lookAt } from './fixtures/screens.ts'

const count = 10_000

describe.skipIf(isBrowserMissing)('the table of ten thousand monitors', () => {
  let server: ComposedServer
  let key: string
  let browser: Browser
  let page: Page
  let complaints: string[] = []

  beforeAll(async () => {
    await buildDashboard()
    server = await composeServer()
    key = await createKey(server.client, await setUpOwner(server.client, server.ownerToken))
    // The others are copied from it, and differ in name, tag and state.
    await server.client.ask('/api/v1/monitors', {
      credential: key,
      body: { type: 'heartbeat', name: 'first', config: {} },
    })
    await multiply(server)
    browser = await launchBrowser()
    page = await browser.newPage({ extraHTTPHeaders: { 'x-forwarded-for': '198.18.0.1' } })
    page.setDefaultTimeout(60_000)
    complaints = complaintsOf(page)
    await page.goto(`${server.origin}/app/uptime/monitors`)
    await page.getByLabel('E-mail').fill('ann@example.com')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await table().waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  beforeEach(() => server.passMinute())

  const table = () => page.getByRole('table', { name: 'Monitors' })
  /** Below the table; behind it a button asks for more. */
  const says = (text: string) =>
    page
      .locator('.data-foot')
      .getByText(new RegExp(`^${text}`))
      .waitFor()
  const countPaused = async (): Promise<number> => {
    const asked = { credential: key }
    return (await server.client.ask<{ total: number }>('/api/v1/monitors?status=paused&limit=1', asked)).total
  }

  it('ten-thousand-monitors-are-worked-with: scrolled to where more are fetched, with few rows drawn at a time', async () => {
    await says('200 of 10,000 rows')
    // The worst is first: the one that is down.
    expect(await page.locator('[data-row="0"]').innerText()).toContain('Down')
    for (const loaded of ['400', '600', '800']) {
      await page.evaluate("document.querySelector('.data-box').scrollTo(0, 1e9)")
      await says(`${loaded} of 10,000 rows`)
      expect(await page.locator('.data-table [data-row]').count()).toBeLessThan(80)
    }
    expect(complaints).toEqual([])
  })

  it('what is filtered by is in the address, and the server looks among all of them', async () => {
    const search = page.getByRole('main').getByRole('searchbox')
    await search.fill('monitor 09876')
    await says('1 row$')
    await table().getByText('monitor 09876').waitFor()
    await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('monitor 09876')
    await page.reload()
    await says('1 row$')
    await table().getByText('monitor 09876').waitFor()
    await search.fill('')
    await says('200 of 10,000 rows')
    await page.locator('.data-bar').getByLabel('Tag', { exact: true }).selectOption('seventh')
    await says('200 of 1,428 rows')
    expect(complaints).toEqual([])
  })

  it('all that are selected are changed at once, and the change is taken back', async () => {
    await page.goto(`${server.origin}/app/uptime/monitors?q=monitor%2000`)
    await says('200 of 999 rows')
    await page.getByRole('checkbox', { name: 'Select all rows' }).check()
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await page.getByText('200 monitors are paused').waitFor()
    expect(await countPaused()).toBe(200)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(countPaused).toBe(0)
    expect(complaints).toEqual([])
  })

  it('no-screen-loads-every-monitor: incidents, maintenance, a page and the first steps ask for a page of them, and find the others by name', async () => {
    let asked: URL[] = []
    page.on('request', (request) => {
      const url = new URL(request.url())
      if (request.method() === 'GET' && url.pathname.endsWith('/dashboard/monitors')) asked.push(url)
    })
    const open = async (path: string): Promise<void> => {
      server.passMinute()
      asked = []
      await page.goto(`${server.origin}/app${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
    }
    const expectFew = (): void => {
      expect(asked.filter(({ searchParams }) => Number(searchParams.get('limit') ?? 1e9) > 200)).toEqual([])
      expect(asked.length).toBeLessThanOrEqual(3)
    }

    await open('/overview')
    await page.getByRole('list', { name: 'Set up' }).waitFor()
    await lookAt(page, complaints, 'first-steps-of-many')
    expect(asked).not.toEqual([])
    expectFew()

    await server.client.ask('/api/v1/incidents', { credential: key, body: { title: 'Payments are slow' } })
    await open('/uptime/incidents')
    const filter = page.getByRole('combobox', { name: 'Monitor' })
    await filter.fill('09876')
    await page.getByRole('option', { name: 'monitor 09876' }).waitFor()
    await page.getByText('1 monitor', { exact: true }).waitFor()
    await lookAt(page, complaints, 'incidents-of-many')
    await filter.press('Enter')
    await expect.poll(() => filter.inputValue()).toBe('monitor 09876')
    await page.reload()
    await expect.poll(() => filter.inputValue()).toBe('monitor 09876')
    expectFew()

    await open('/uptime/maintenance')
    await page.getByRole('button', { name: 'Plan maintenance' }).first().click()
    const form = page.getByRole('dialog', { name: 'Plan maintenance' })
    await form.getByLabel('Title').fill('New disks')
    const monitors = form.getByRole('combobox', { name: 'Monitors' })
    await monitors.press('ArrowDown')
    await form.getByText('20 of 10,000 monitors', { exact: false }).waitFor()
    await monitors.press('ArrowDown')
    await lookAt(page, complaints, 'maintenance-of-many')
    await monitors.press('Escape')
    expect(await form.getByRole('listbox').count()).toBe(0)
    await monitors.fill('09999')
    await form.getByRole('option', { name: 'monitor 09999' }).click()
    await form.getByRole('button', { name: 'Take out monitor 09999' }).waitFor()
    await form.getByRole('button', { name: 'Plan it' }).click()
    const planned = page.getByRole('list', { name: 'Planned' })
    await expect.poll(() => planned.getByRole('link').allInnerTexts()).toEqual(['monitor 09999'])
    expectFew()

    const { service } = await server.client.ask<{ service: { id: string } }>('/api/v1/services', {
      credential: key,
      body: { name: 'Second', slug: 'second' },
    })
    await open(`/uptime/status-pages/${service.id}`)
    await page.getByRole('button', { name: 'Put a monitor on this page' }).click()
    const put = page.getByRole('dialog', { name: 'Put a monitor on this page' })
    await put.getByRole('combobox', { name: 'Monitor' }).fill('00042')
    await put.getByRole('option', { name: 'monitor 00042' }).click()
    await lookAt(page, complaints, 'put-one-of-many')
    await put.getByRole('button', { name: 'Put on page' }).click()
    await page.getByText('monitor 00042 is on Second now.').waitFor()
    expectFew()
    expect(complaints).toEqual([])
  })
})

/** As a restored dump would: row by row through the API would take minutes. */
async function multiply({ db }: ComposedServer): Promise<void> {
  await lookPastRowSecurity(db)
  const statements = [
    'SET statement_timeout = 0',
    `INSERT INTO uptime.monitor (org_id, id, service_id, type, name, config, interval_seconds, tags, created_at, updated_at)
     SELECT org_id, '01' || lpad(n::text, 24, '0'), service_id, type, 'monitor ' || lpad(n::text, 5, '0'), config,
            interval_seconds, CASE WHEN n % 7 = 0 THEN '{seventh}'::text[] ELSE '{}' END, created_at, updated_at
       FROM uptime.monitor, generate_series(1, ${count - 1}) n WHERE name = 'first'`,
    `INSERT INTO uptime.monitor_state (org_id, monitor_id, status, state, judged_through)
     SELECT s.org_id, m.id, CASE WHEN m.name = 'monitor 05000' THEN 'down' ELSE 'up' END, s.state, s.judged_through
       FROM uptime.monitor m, uptime.monitor_state s WHERE m.name <> 'first'`,
    `INSERT INTO uptime.state_interval (org_id, monitor_id, from_ms, state)
     SELECT org_id, id, (extract(epoch FROM now()) * 1000)::bigint - 3600000, 'up' FROM uptime.monitor WHERE name <> 'first'`,
    `INSERT INTO uptime.heartbeat (org_id, monitor_id, token_digest, sealed_token)
     SELECT m.org_id, m.id, sha256(m.id::bytea), h.sealed_token
       FROM uptime.monitor m, uptime.heartbeat h WHERE m.name <> 'first'`,
    'ANALYZE uptime.monitor, uptime.monitor_state, uptime.state_interval',
  ]
  const client = await db.pool.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    client.release(true)
  }
}
