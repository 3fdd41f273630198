import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import {
  buildDashboard,
  complaintsOf,
  isBrowserMissing,
  launchBrowser,
} from './fixtures/dashboard-browser.ts'
import { createKey, password, setUpOwner } from './fixtures/people.ts'
import { lookAt } from './fixtures/screens.ts'
import { type Listener, listenHttp } from './fixtures/sinks.ts'

describe.skipIf(isBrowserMissing)('one truth per screen', () => {
  let target: Listener
  let status = 200
  let server: ComposedServer
  let key: string
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    await buildDashboard()
    target = await listenHttp((_request, response) => response.writeHead(status).end())
    server = await composeServer({ GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${target.port}` })
    key = await createKey(server.client, await setUpOwner(server.client, server.ownerToken))
    browser = await launchBrowser()
    page = await browser.newPage({ extraHTTPHeaders: { 'x-forwarded-for': '198.18.0.1' } })
    page.setDefaultTimeout(60_000)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    await target?.stop()
  })

  it('the first check of a new monitor shows by itself, and an outage in every part of the page at once', async () => {
    await page.goto(`${server.origin}/app/uptime/monitors`)
    await page.getByLabel('E-mail').fill('ann@example.com')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('Add a monitor by its URL').fill(`http://127.0.0.1:${target.port}/`)
    await page.getByRole('button', { name: 'Add monitor' }).click()
    const list = page.getByRole('table', { name: 'Monitors' })
    await list.getByText('Up', { exact: true }).waitFor()
    await list.getByRole('link').click()
    await page.getByRole('heading', { name: 'Last checks' }).waitFor()

    const { monitors } = await server.client.ask<{ monitors: { id: string }[] }>('/api/v1/monitors', {
      credential: key,
    })
    await server.client.ask(`/api/v1/monitors/${monitors[0]?.id}`, {
      method: 'PUT',
      credential: key,
      body: { downThreshold: 1 },
    })
    status = 500
    // What this check finds is news, so the monitor is looked at at once.
    await page.getByRole('button', { name: 'Check now' }).click()
    await page.locator('.state .badge.down').waitFor()
    const shown = await page.locator('main').innerText()
    expect(shown).toContain('Ongoing')
    expect(shown).not.toContain('100%')
  })

  it('why-it-is-down-is-read-in-ones-own-language: at the head of its page, in its checks and in its incident', async () => {
    const context = await browser.newContext({
      locale: 'ja-JP',
      storageState: await page.context().storageState(),
      extraHTTPHeaders: { 'x-forwarded-for': '198.18.0.2' },
    })
    context.setDefaultTimeout(60_000)
    const japanese = await context.newPage()
    const complaints = complaintsOf(japanese)
    await japanese.goto(page.url())
    const said = 'ステータス 200 を期待しましたが、500 でした。'
    for (const place of ['.complaint', 'td', 'li'])
      await japanese.locator('main').locator(place).filter({ hasText: said }).first().waitFor()
    expect(await japanese.locator('main').innerText()).not.toContain('Expected status')
    await lookAt(japanese, complaints, 'monitor-down-ja')
    await japanese.locator('main li').filter({ hasText: said }).getByRole('link').click()
    await japanese.locator('main .evidence').getByText(said).waitFor()
    expect(await japanese.locator('main').innerText()).not.toContain('Expected status')
    await lookAt(japanese, complaints, 'incident-ja')
  })
})
