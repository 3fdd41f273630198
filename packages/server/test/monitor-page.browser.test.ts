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
})
