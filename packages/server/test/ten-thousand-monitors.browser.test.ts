import { connectOnce } from '@gatehouse/kernel/db'
import { Secret } from '@gatehouse/kernel/secrets'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import {
  buildDashboard,
  complaintsOf,
  isBrowserMissing,
  launchBrowser,
} from './fixtures/dashboard-browser.ts'
import { createKey, password, setUpOwner } from './fixtures/people.ts'

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
    // A monitor of its own first, from which the others are copied: they differ in name, tag and state.
    await server.client.ask('/api/v1/monitors', {
      credential: key,
      body: { type: 'heartbeat', name: 'first', config: {} },
    })
    await multiply(server.env['DATABASE_URL'] ?? '')
    browser = await launchBrowser()
    page = await browser.newPage({ extraHTTPHeaders: { 'x-forwarded-for': '198.18.0.1' } })
    page.setDefaultTimeout(120_000)
    complaints = complaintsOf(page)
    await page.goto(server.origin)
    await page.getByLabel('E-mail').fill('ann@example.com')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('table', { name: 'Monitors' }).waitFor()
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  beforeEach(() => server.passMinute())

  const table = () => page.getByRole('table', { name: 'Monitors' })
  const drawn = (): Promise<number> => page.locator('.data-table [data-row]').count()

  it('ten-thousand-monitors-are-worked-with: scrolled to where more are fetched, with few rows drawn at a time', async () => {
    await page.getByText('200 of 10,000 rows').waitFor()
    // The worst is first: the one that is down.
    expect(await page.locator('[data-row="0"]').innerText()).toContain('Down')
    for (const loaded of ['400', '600', '800']) {
      await page.evaluate("document.querySelector('.data-box').scrollTo(0, 1e9)")
      await page.getByText(`${loaded} of 10,000 rows`).waitFor()
      expect(await drawn()).toBeLessThan(80)
    }
    expect(complaints).toEqual([])
  })

  it('what is filtered by is in the address, and the server looks among all of them', async () => {
    await page.getByRole('searchbox').fill('monitor 09876')
    await table().getByText('monitor 09876').waitFor()
    await page.getByText('1 rows', { exact: true }).waitFor()
    await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('monitor 09876')
    await page.reload()
    await table().getByText('monitor 09876').waitFor()
    await page.getByRole('searchbox').fill('')
    await page.getByText(/^\d+ of 10,000 rows/).waitFor()
    await page.locator('.data-bar').getByLabel('Tag', { exact: true }).selectOption('seventh')
    await page.getByText('200 of 1,428 rows').waitFor()
    expect(complaints).toEqual([])
  })

  it('all that are selected are changed at once, and the change is taken back', async () => {
    await page.goto(`${server.origin}/app/uptime/monitors?q=monitor%2000`)
    await page.getByText('200 of 999 rows').waitFor()
    await page.getByRole('checkbox', { name: 'Select all rows' }).check()
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await page.getByText('200 monitors are paused').waitFor()
    expect(await countPaused()).toBe(200)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(countPaused, { timeout: 120_000 }).toBe(0)
    expect(complaints).toEqual([])
  })

  async function countPaused(): Promise<number> {
    const { total } = await server.client.ask<{ total: number }>('/api/v1/monitors?status=paused&limit=1', {
      credential: key,
    })
    return total
  }
})

/** As a restored dump would: row by row through the API would take minutes. */
async function multiply(url: string): Promise<void> {
  await connectOnce(new Secret(url), async (run) => {
    await run(
      `INSERT INTO uptime.monitor (org_id, id, service_id, type, name, config, interval_seconds, tags, created_at, updated_at)
       SELECT m.org_id, '01' || lpad(n::text, 24, '0'), m.service_id, m.type, 'monitor ' || lpad(n::text, 5, '0'), m.config,
              m.interval_seconds, CASE WHEN n % 7 = 0 THEN '{seventh}'::text[] ELSE '{}' END, m.created_at, m.updated_at
         FROM uptime.monitor m, generate_series(1, ${count - 1}) n WHERE m.name = 'first'`,
    )
    await run(
      `INSERT INTO uptime.monitor_state (org_id, monitor_id, status, state, judged_through)
       SELECT s.org_id, m.id, CASE WHEN m.name = 'monitor 05000' THEN 'down' ELSE 'up' END, s.state, s.judged_through
         FROM uptime.monitor m, uptime.monitor_state s JOIN uptime.monitor f ON f.id = s.monitor_id
        WHERE f.name = 'first' AND m.name <> 'first'`,
    )
    await run(
      `INSERT INTO uptime.state_interval (org_id, monitor_id, from_ms, state, blip_ms)
       SELECT m.org_id, m.id, s.from_ms, 'up', 0
         FROM uptime.monitor m, uptime.state_interval s JOIN uptime.monitor f ON f.id = s.monitor_id
        WHERE f.name = 'first' AND m.name <> 'first'`,
    )
    await run(
      `INSERT INTO uptime.heartbeat (org_id, monitor_id, token_digest, sealed_token)
       SELECT m.org_id, m.id, md5(m.id), h.sealed_token FROM uptime.monitor m, uptime.heartbeat h WHERE m.name <> 'first'`,
    )
    await run('ANALYZE uptime.monitor, uptime.monitor_state')
  })
}
