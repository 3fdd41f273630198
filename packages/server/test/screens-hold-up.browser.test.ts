import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { buildDashboard, isBrowserMissing, launchBrowser } from './fixtures/dashboard-browser.ts'
import { createKey, password, setUpOwner } from './fixtures/people.ts'
import { type Listener, listenHttp } from './fixtures/sinks.ts'

describe.skipIf(isBrowserMissing)('screens hold up', () => {
  let target: Listener
  let server: ComposedServer
  let key: string
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    await buildDashboard()
    target = await listenHttp(({ url = '' }, response) =>
      response.writeHead(url.startsWith('/a') ? 200 : 500).end(),
    )
    server = await composeServer({ GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${target.port}` })
    key = await createKey(server.client, await setUpOwner(server.client, server.ownerToken))
    // A name of its own over plain HTTP is no secure context, unlike localhost.
    browser = await launchBrowser('--host-resolver-rules=MAP plain.example 127.0.0.1')
    page = await signIn(server.origin)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    await target?.stop()
  })
  beforeEach(async () => {
    server.passMinute()
    await page.goto(`${server.origin}/app/uptime/monitors`)
    await page.getByRole('heading', { name: 'Monitors' }).waitFor()
  })

  async function signIn(origin: string): Promise<Page> {
    const on = await browser.newPage({ extraHTTPHeaders: { 'x-forwarded-for': '198.18.0.1' } })
    on.setDefaultTimeout(60_000)
    await on.goto(`${origin}/app/uptime/monitors`)
    await on.getByLabel('E-mail').fill('ann@example.com')
    await on.getByLabel('Password').fill(password)
    await on.getByRole('button', { name: 'Sign in', exact: true }).click()
    await on.getByRole('navigation', { name: 'Gatehouse' }).waitFor()
    return on
  }
  const countMonitors = async (): Promise<number> =>
    (await server.client.ask<{ monitors: unknown[] }>('/api/v1/monitors', { credential: key })).monitors
      .length
  const focused = (): Promise<unknown> => page.evaluate('document.activeElement.textContent')

  it('two-presses-are-one: a second press right after the answer makes no second monitor', async () => {
    // The time of the page stands still, so that how quick this machine is decides nothing.
    await page.clock.setFixedTime(Date.now())
    const address = page.getByLabel('Add a monitor by its URL')
    const add = page.getByRole('button', { name: 'Add monitor' })
    const press = async (): Promise<void> => {
      await address.fill('https://twice.example.com/')
      await add.click()
      await expect.poll(() => address.inputValue()).toBe('')
    }
    await press()
    await page.getByRole('table', { name: 'Monitors' }).getByText('twice.example.com').first().waitFor()
    await press()
    expect(await countMonitors()).toBe(1)
    await page.clock.setFixedTime(Date.now() + 60_000)
    await press()
    await expect.poll(countMonitors).toBe(2)
  })

  it('a-heartbeat-is-set-up-in-one-panel: with its lines, and it says when the first ping came', async () => {
    await page.getByRole('button', { name: 'Add a heartbeat instead' }).click()
    const panel = page.getByRole('dialog', { name: 'Add a heartbeat' })
    await panel.getByLabel('How often does it run?').selectOption({ label: 'Every hour' })
    await panel.getByLabel('How late may it be?').selectOption({ label: '15 minutes' })
    await panel.getByLabel('Name').fill('Heartbeat')
    await panel.getByRole('button', { name: 'Make it' }).click()
    const made = page.getByRole('dialog', { name: 'Heartbeat' })
    await made.getByText('Waiting for the first ping').waitFor()
    await made.locator('dd').first().waitFor()
    const lines = await made.locator('dd').allInnerTexts()
    const [url = ''] = /http\S+\/ping\/[\w-]+/.exec(lines.join('\n')) ?? []
    expect(lines.find((line) => line.includes('0 * * * * your-job'))).toContain(url)
    expect(lines.find((line) => line.startsWith('your-job'))).toContain(
      `curl -fsS -m 10 --retry 3 -o /dev/null ${url}`,
    )
    expect((await fetch(`${server.origin}${new URL(url).pathname}`)).ok).toBe(true)
    await made.getByText('First ping received').waitFor()
    await made.getByRole('button', { name: 'Done' }).click()
    const { monitors } = await server.client.ask<{ monitors: { type: string; config: object }[] }>(
      '/api/v1/monitors',
      { credential: key },
    )
    expect(monitors.filter(({ type }) => type === 'heartbeat')).toMatchObject([
      { config: { periodSeconds: 3_600, graceSeconds: 900 } },
    ])
    await server.client.ask('/api/v1/monitors', {
      credential: key,
      body: { type: 'heartbeat', name: 'Heartbeat', config: {} },
    })
  })

  it('never-up-is-said: a monitor that failed since it was made is not pending, and says what to do', async () => {
    await page.getByLabel('Add a monitor by its URL').fill(`http://127.0.0.1:${target.port}/`)
    await page.getByRole('button', { name: 'Add monitor' }).click()
    const row = page.getByRole('row').filter({ hasText: `127.0.0.1:${target.port}` })
    await row.getByText('Never up').waitFor()
    await row.getByRole('link').click()
    expect(await page.getByText('Failing since it was made').innerText()).toContain('fix the address')
  })

  it('every-button-has-a-name-of-its-own: no two in a list are called the same', async () => {
    const buttons = page.getByRole('table', { name: 'Monitors' }).getByRole('checkbox')
    await buttons.first().waitFor()
    const names = await Promise.all((await buttons.all()).map((one) => one.getAttribute('aria-label')))
    // Two heartbeats and two addresses are called the same by their maker.
    expect(new Set(names).size).toBe(names.length - 2)
    expect(names).toContain('Select Heartbeat')
  })

  it('a-pause-can-be-taken-back: the notice that says it undoes it', async () => {
    const row = page.getByRole('row').filter({ hasText: `127.0.0.1:${target.port}` })
    await row.getByRole('checkbox').check()
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await row.getByText('Paused').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await row.getByText('Paused').waitFor({ state: 'detached' })
    expect(await row.getByText('Paused').count()).toBe(0)
  })

  it('a-long-url-fits: a list with an address of 250 characters is as wide as the screen', async () => {
    const url = `http://127.0.0.1:${target.port}/${'a'.repeat(230)}`
    await server.client.ask('/api/v1/monitors', { credential: key, body: { type: 'http', config: { url } } })
    await page.reload()
    await page.getByText('a'.repeat(200)).first().waitFor()
    for (const width of [1_440, 820, 390]) {
      await page.setViewportSize({ width, height: 900 })
      await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    }
    // Nor does what is live take the room of the title on a phone.
    await page.setViewportSize({ width: 375, height: 720 })
    await expect
      .poll(() =>
        page.evaluate(
          "[...document.querySelectorAll('.here .cut')].map((e) => e.scrollWidth > e.clientWidth)",
        ),
      )
      .toEqual([false])
    await page.setViewportSize({ width: 1_280, height: 720 })
  })

  it('escape-gives-the-focus-back: to what opened a dialog, a question or the palette', async () => {
    await page.getByRole('row').filter({ hasText: 'Heartbeat' }).first().getByRole('link').click()
    await page.getByRole('button', { name: 'Replace the URL' }).click()
    await expect.poll(focused).toBe('Cancel')
    await page.keyboard.press('Escape')
    await expect.poll(focused).toBe('Replace the URL')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Go to or do' }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(focused).toBe('Replace the URL')
    await page
      .getByRole('group', { name: /^Organisation: Acme/ })
      .or(page.getByLabel(/^Organisation: Acme/))
      .first()
      .click()
    await page.getByRole('button', { name: 'New team' }).click()
    await page.getByRole('dialog').getByLabel('Name of the team').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(focused).toBe('Acme')
  })

  it('the-keyboard-goes-everywhere: by palette, by g and a letter, and ? says how', async () => {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Go to or do' }).fill('api k')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'API keys' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('i')
    await page.getByRole('heading', { name: 'Incidents', exact: true }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog').getByText('Go to Monitors').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('g')
    await page.keyboard.press('m')
    await page.getByRole('heading', { name: 'Monitors' }).waitFor()
    await page.getByRole('searchbox').waitFor()
    await page.keyboard.press('/')
    expect(await page.evaluate('document.activeElement.type')).toBe('search')
  })

  it('a-fault-stands-at-its-field: a refusal names the cure there, and the field says that it is wrong', async () => {
    await page
      .getByLabel(/^Organisation: Acme/)
      .first()
      .click()
    await page.getByRole('button', { name: 'New team' }).click()
    const field = page.getByRole('dialog').getByLabel('Name of the team')
    await field.fill('x'.repeat(300))
    await page.getByRole('button', { name: 'Create team' }).click()
    await page.getByText(/^Must be 1 to \d+ characters long\.$/).waitFor()
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    expect(await page.getByRole('alert').count()).toBe(1)
    await page.keyboard.press('Escape')
  })

  it('states-survive-forced-colours: each is a shape in the colour of the text', async () => {
    await page.emulateMedia({ forcedColors: 'active' })
    const mark = page.locator('.badge.neverUp').first()
    await mark.waitFor()
    const [fill, colour] = await page.evaluate<string[]>(
      `[getComputedStyle(document.querySelector('.badge.neverUp path')).fill,
        getComputedStyle(document.querySelector('.badge.neverUp')).color]`,
    )
    expect(fill).toBe(colour)
    await page.emulateMedia({ forcedColors: 'none' })
  })

  it('copy-works-over-plain-http, where browsers have no clipboard for pages', async () => {
    const plain = await signIn(server.origin.replace('127.0.0.1', 'plain.example'))
    expect(await plain.evaluate('isSecureContext')).toBe(false)
    await plain.getByRole('link', { name: 'Single sign-on' }).click()
    const copy = plain.getByRole('button', { name: 'Copy' }).first()
    await copy.click()
    await plain.getByRole('button', { name: 'Copied' }).waitFor()
    await plain.getByRole('link', { name: 'Monitors' }).click()
    const field = plain.getByLabel('Add a monitor by its URL')
    await field.focus()
    await plain.keyboard.press('Control+V')
    expect(await field.inputValue()).toMatch(/^http:.*\/auth\/sso\//)
    await plain.close()
  })
})
