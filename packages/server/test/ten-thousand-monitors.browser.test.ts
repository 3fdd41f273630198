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
