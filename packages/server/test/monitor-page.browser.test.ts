import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findScreenFaults } from './fixtures/axe-clean.ts'
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
import { type Listener, listenHttp } from './fixtures/sinks.ts'

type Made = { readonly id: string; readonly name: string }

describe.skipIf(isBrowserMissing)('the page of a monitor', () => {
  let target: Listener
  let server: ComposedServer
  let key: string
  let browser: Browser
  let page: Page
  let complaints: string[] = []

  beforeAll(async () => {
    await buildDashboard()
    target = await listenHttp((_request, response) => response.writeHead(200).end())
    server = await composeServer({ GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${target.port}` })
    key = await createKey(server.client, await setUpOwner(server.client, server.ownerToken))
    browser = await launchBrowser()
    page = await browser.newPage({ extraHTTPHeaders: { 'x-forwarded-for': '198.18.0.1' } })
    page.setDefaultTimeout(60_000)
    complaints = complaintsOf(page)
    await page.goto(`${server.origin}/app/uptime/monitors`)
    await page.getByLabel('E-mail').fill('ann@example.com')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Monitors' }).waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    await target?.stop()
  })
  beforeEach(() => server.passMinute())

  const ask = <T>(path: string, more: object = {}): Promise<T> =>
    server.client.ask<T>(path, { credential: key, ...more })
  const make = async (type: string, config: object, name?: string): Promise<Made> =>
    (
      await ask<{ monitor: Made }>('/api/v1/monitors', {
        method: 'POST',
        body: { type, config, ...(name === undefined ? {} : { name }) },
      })
    ).monitor
  const read = async (id: string): Promise<Record<string, unknown>> =>
    (await ask<{ monitor: Record<string, unknown> }>(`/api/v1/monitors/${id}`)).monitor
  const statusOf = async ({ id }: Made): Promise<number> =>
    (await server.client.send(`/api/v1/monitors/${id}`, { credential: key })).status
  const openPage = async ({ id, name }: Made): Promise<void> => {
    await page.goto(`${server.origin}/app/uptime/monitors/${id}`)
    await page.getByRole('heading', { name, exact: true }).waitFor()
  }
  /** A check a minute for the last day, with half an hour of trouble six hours ago and an hour of maintenance before. */
  const fillChecks = async (id: string): Promise<void> => {
    await lookPastRowSecurity(server.db)
    await server.db.pool.query(
      `INSERT INTO uptime.check_result (org_id, monitor_id, location_id, started_at, slot_at, origin, outcome, code,
                                        dns_ms, connect_ms, tls_ms, ttfb_ms, download_ms, total_ms)
       SELECT m.org_id, m.id, 'local', now() - n * interval '1 minute', now() - n * interval '1 minute', 'scheduled',
              CASE WHEN n BETWEEN 360 AND 390 THEN 'down' ELSE 'up' END,
              CASE WHEN n BETWEEN 360 AND 390 THEN 'timeout' END,
              5, 10, 20, 250 + (40 * sin(n / 40.0))::integer, 2, 287 + (40 * sin(n / 40.0))::integer
         FROM uptime.monitor m, generate_series(1, 1435) AS n WHERE m.id = $1`,
      [id],
    )
    await server.db.pool.query(
      `INSERT INTO uptime.state_interval (org_id, monitor_id, from_ms, to_ms, state)
       SELECT i.org_id, i.monitor_id, i.from_ms - b.from_minute * 60000, i.from_ms - b.to_minute * 60000, b.state
         FROM (SELECT * FROM uptime.state_interval WHERE monitor_id = $1 ORDER BY from_ms LIMIT 1) i,
              (VALUES (1440, 540, 'up'), (540, 480, 'maintenance'), (480, 390, 'up'), (390, 360, 'down'), (360, 0, 'up'))
                AS b (from_minute, to_minute, state)`,
      [id],
    )
  }
  const panel = () => page.getByRole('dialog')

  it('a-monitor-is-changed-where-it-is-seen: what is refused is said at its field with the cure, and what is saved holds', async () => {
    const made = await make('http', { url: `http://127.0.0.1:${target.port}/` })
    await openPage(made)
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await panel().getByText('You will know within 6 min.').waitFor()
    await panel().getByLabel('Check every').fill('60')
    await panel().getByText('You will know within 1 min 40 s.').waitFor()
    await panel().getByLabel('Name', { exact: true }).fill('Shop')
    await panel().getByLabel('Tags').fill('prod, web')
    await panel().getByLabel('URL').fill('http://10.0.0.1/')
    await panel().getByRole('button', { name: 'Save' }).click()
    const refusal = panel().getByRole('alert')
    await refusal.waitFor()
    expect(await refusal.textContent()).toContain('GATEHOUSE_EGRESS_ALLOW')
    expect(await panel().getByLabel('URL').getAttribute('aria-invalid')).toBe('true')
    await panel().getByLabel('URL').fill(`http://127.0.0.1:${target.port}/health`)
    await panel().getByRole('button', { name: 'Save' }).click()
    await panel().waitFor({ state: 'detached' })
    await page.getByRole('heading', { name: 'Shop', exact: true }).waitFor()
    expect(await read(made.id)).toMatchObject({
      name: 'Shop',
      intervalSeconds: 60,
      tags: ['prod', 'web'],
      config: { url: `http://127.0.0.1:${target.port}/health`, method: 'GET', expectedStatus: 200 },
    })
    expect(complaints).toEqual([])
  })

  it(
    'response-times-are-drawn-by-phase: with what went on meanwhile, as a table too, and by 95 of 100 on demand',
    { timeout: 600_000 },
    async () => {
      const scripts: string[] = []
      page.on('request', (request) => scripts.push(request.url()))
      const made = await make('http', { url: `http://127.0.0.1:${target.port}/` }, 'Catalogue')
      await page.goto(`${server.origin}/app/uptime/monitors`)
      await page.getByRole('table', { name: 'Monitors' }).getByText('Catalogue').waitFor()
      await expect
        .poll(async () => (await read(made.id))['lastCheckedAt'], { timeout: 60_000 })
        .not.toBeNull()
      expect(scripts.filter((url) => /uPlot|uplot/.test(url))).toEqual([])
      await fillChecks(made.id)
      await openPage(made)
      const chart = page.getByRole('figure', { name: 'Response times of Catalogue, 24 h' })
      await chart.locator('canvas').waitFor()
      expect(scripts.filter((url) => /uPlot|uplot/.test(url)).length).toBeGreaterThan(0)
      for (const phase of ['DNS', 'Connect', 'TLS', 'Wait', 'Transfer', 'Down', 'Maintenance'])
        await chart.locator('.legend').getByText(phase, { exact: true }).waitFor()
      const point = chart.getByRole('slider')
      await point.press('Home')
      await point.press('PageDown')
      await point.press('PageDown')
      const said = await point.getAttribute('aria-valuetext')
      expect(said).toMatch(
        /DNS 5 ms, Connect 10 ms, TLS 20 ms, Wait 2\d\d(?:\.\d)? ms, Transfer 2 ms, Answered 5, Failed 0$/,
      )
      await chart.getByRole('button', { name: 'Show as a table' }).click()
      const table = chart.getByRole('table')
      await table.getByRole('columnheader', { name: 'Periods' }).waitFor()
      await table.getByRole('columnheader', { name: 'Failed' }).waitFor()
      await page.getByRole('button', { name: '95%' }).click()
      await chart
        .locator('.legend')
        .getByText(/^Total/)
        .waitFor()
      await page.getByRole('button', { name: '90 d', exact: true }).click()
      await page
        .getByRole('figure', { name: 'Response times of Catalogue, 90 d' })
        .locator('canvas')
        .waitFor()
      await lookAt(page, complaints, 'monitor-chart')
    },
  )

  it('the destinations of a monitor are chosen beside its other settings', async () => {
    const { channel } = await ask<{ channel: Made }>('/api/v1/notification-channels', {
      method: 'POST',
      body: {
        type: 'webhook',
        name: 'Hook',
        config: { url: 'https://93.184.216.34/', secret: 'the secret of a hook' },
      },
    })
    const made = await make('heartbeat', {})
    await openPage(made)
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await panel().getByLabel('Others for this monitor').check()
    await panel().getByLabel('Delay of Hook').fill('90')
    await panel().getByRole('button', { name: 'Save' }).click()
    await panel().waitFor({ state: 'detached' })
    expect(await ask(`/api/v1/monitors/${made.id}/channels`)).toEqual({
      channels: [{ id: channel.id, name: 'Hook', delaySeconds: 90 }],
    })
    expect(complaints).toEqual([])
  })

  it('a job finds the line that reports it, by hand and in a crontab', async () => {
    const made = await make('heartbeat', { periodSeconds: 3_600, graceSeconds: 300 })
    await openPage(made)
    await page.getByText(/^0 \* \* \* \* your-job && curl /).waitFor()
    const url = await page.getByText(/^http:\S+\/ping\/\S+$/).textContent()
    expect((await fetch(url ?? '', { method: 'POST' })).status).toBe(200)
    expect(complaints).toEqual([])
  })

  it('maintenance begins and ends on the page of the monitor', async () => {
    const made = await make('heartbeat', {})
    await openPage(made)
    await page.getByRole('button', { name: 'Maintenance', exact: true }).click()
    await panel().getByRole('button', { name: 'Start maintenance' }).click()
    await page.locator('.state').getByText('Maintenance', { exact: true }).waitFor()
    expect(await read(made.id)).toMatchObject({ maintenanceUntil: expect.any(String) })
    await page.getByRole('button', { name: 'Maintenance', exact: true }).click()
    await panel().getByRole('button', { name: 'End maintenance' }).click()
    await expect.poll(async () => (await read(made.id))['maintenanceUntil'], { timeout: 60_000 }).toBeNull()
    expect(complaints).toEqual([])
  })

  it('a-deed-can-be-taken-back: a pause is undone, and what was deleted is there again', async () => {
    const made = await make('heartbeat', {}, 'Nightly')
    await openPage(made)
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await page.getByText(`${made.name} is paused`).waitFor()
    expect(await read(made.id)).toMatchObject({ isActive: 0 })
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor()
    expect(await read(made.id)).toMatchObject({ isActive: 1 })
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByText(`${made.name} is being deleted`).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('table', { name: 'Monitors' }).getByText(made.name, { exact: true }).waitFor()
    expect(await statusOf(made)).toBe(200)
    await openPage(made)
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    const toast = page.locator('.toast', { hasText: `${made.name} is being deleted` })
    await toast.getByRole('button', { name: 'Dismiss' }).click()
    await expect.poll(() => statusOf(made), { timeout: 60_000 }).toBe(404)
    expect(complaints).toEqual([])
  })

  it('a-month-of-maintenance-is-walked-by-keyboard: each time is on its day, and from there it is changed', async () => {
    const now = new Date()
    const dayOf = (day: number) =>
      new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, day, 23, 30))
    const [name, monthName] = [
      new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }),
      new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' }),
    ]
    const { window } = await ask<{ window: { id: string } }>('/api/v1/maintenance-windows', {
      body: {
        title: 'Nightly',
        scope: 'all',
        startsAt: dayOf(5).toISOString(),
        rrule: 'FREQ=DAILY;INTERVAL=7;COUNT=4',
        durationMinutes: 60,
        timeZone: 'UTC',
      },
    })
    await page.goto(`${server.origin}/app/uptime/maintenance`)
    await page.getByRole('button', { name: 'Month after' }).click()
    const month = page.getByRole('grid', { name: monthName.format(dayOf(1)) })
    // It goes over midnight: two days a week.
    await month.getByRole('button', { name: `${name.format(dayOf(27))}: 1 of maintenance` }).waitFor()
    expect(await month.getByRole('button', { name: /: 1 of maintenance$/ }).count()).toBe(8)
    await month.getByRole('button', { name: name.format(dayOf(12)) }).click()
    await lookAt(page, complaints, 'maintenance-calendar')
    const chosen = () => page.locator('.calendar h4').innerText()
    const focused = () => page.evaluate<string>("document.activeElement.getAttribute('aria-label')")
    // Weeks begin with Sunday for a browser in American English.
    const sunday = 13 - dayOf(13).getUTCDay()
    const ways: readonly (readonly [key: string, day: Date])[] = [
      ['ArrowRight', dayOf(13)],
      ['Home', dayOf(sunday)],
      ['End', dayOf(sunday + 6)],
      ['ArrowLeft', dayOf(sunday + 5)],
      ['ArrowUp', dayOf(sunday - 2)],
      ['ArrowDown', dayOf(sunday + 5)],
    ]
    for (const [pressed, day] of ways) {
      await page.keyboard.press(pressed)
      await expect.poll(chosen).toBe(name.format(day))
      await expect.poll(focused).toContain(name.format(day))
    }
    await page.keyboard.press('PageDown')
    await page.getByRole('grid', { name: monthName.format(dayOf(40)) }).waitFor()
    await page.keyboard.press('PageUp')
    await month.getByRole('button', { name: name.format(dayOf(19)) }).click()
    const times = page.getByRole('list', { name: name.format(dayOf(19)) })
    await times.getByRole('button', { name: 'Nightly' }).click()
    await page.getByRole('dialog', { name: 'Change maintenance' }).getByLabel('Title').waitFor()
    await page.keyboard.press('Escape')
    expect(await findScreenFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'Today' }).click()
    await expect.poll(chosen).toBe(name.format(now))
    await ask(`/api/v1/maintenance-windows/${window.id}`, { method: 'DELETE' })
  })

  it('recurring-maintenance-is-planned-in-words: with its next times, one of which is skipped, and in one line', async () => {
    await page.goto(`${server.origin}/app/uptime/maintenance`)
    await page.getByRole('button', { name: 'Plan maintenance' }).first().click()
    const form = page.getByRole('dialog', { name: 'Plan maintenance' })
    await form.getByLabel('Title').fill('Sunday patches')
    await form.getByLabel('What it covers').selectOption('all')
    await form.getByLabel('Repeats').selectOption({ label: 'Every week' })
    await form.getByLabel('Sunday').check()
    await form.getByLabel('Time zone').selectOption('Asia/Tokyo')
    const day = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)
    await form.getByRole('textbox', { name: 'Begins' }).fill(`${day}T02:00`)
    await form.getByLabel('Lasts').fill('99999')
    await form.getByRole('button', { name: 'Plan it' }).click()
    await form.getByText('Must be between 1 and 10080').waitFor()
    await form.getByLabel('Lasts').fill('90')
    await lookAt(page, complaints, 'maintenance-recurring-form')
    await form.getByRole('button', { name: 'Plan it' }).click()
    const recurring = page.getByRole('list', { name: 'Recurring' })
    await recurring.getByText(/^Every week on .*Sunday at 02:00, Asia\/Tokyo, 90 min$/).waitFor()
    const next = page.getByRole('list', { name: 'Next times of Sunday patches' })
    expect(await next.getByRole('listitem').count()).toBe(5)
    const skipped = (await next.getByRole('listitem').first().locator('time').getAttribute('datetime')) ?? ''
    await lookAt(page, complaints, 'maintenance-recurring')
    await next.getByRole('button').first().click()
    await next.locator(`time[datetime="${skipped}"]`).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Change… Sunday patches' }).click()
    const change = page.getByRole('dialog', { name: 'Change maintenance' })
    expect(await change.getByLabel('Sunday').isChecked()).toBe(true)
    await change.getByLabel('Repeats').selectOption({ label: 'Every day' })
    await change.getByRole('button', { name: 'Save' }).click()
    await recurring.getByText('Every day at 02:00, Asia/Tokyo, 90 min').waitFor()
    await page.getByRole('button', { name: 'Cancel it: Sunday patches' }).click()
    await recurring.waitFor({ state: 'detached' })
  })
})
