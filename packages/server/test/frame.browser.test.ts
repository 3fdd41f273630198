import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import {
  buildDashboard,
  complaintsOf,
  isBrowserMissing,
  launchBrowser,
  openPersonMenu,
  signOutOf,
} from './fixtures/dashboard-browser.ts'
import { password, setUpOwner } from './fixtures/people.ts'

describe.skipIf(isBrowserMissing)('the frame of the dashboard', () => {
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
    context = await browser.newContext({
      extraHTTPHeaders: { 'x-forwarded-for': '198.18.0.1' },
      colorScheme: 'light',
    })
    context.setDefaultTimeout(60_000)
    page = await context.newPage()
    complaints = complaintsOf(page)
    await page.goto(`${server.origin}/app/uptime/monitors`)
    await page.getByLabel('E-mail').fill('ann@example.com')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { name: 'Monitors' }).waitFor()
  })
  afterEach(async () => {
    await context.close()
    if (complaints.length > 0) throw new Error(complaints.join('\n'))
  })

  const ground = (): Promise<unknown> => page.evaluate('getComputedStyle(document.body).backgroundColor')
  const focused = (): Promise<unknown> => page.evaluate('document.activeElement.textContent')

  it('every-place-is-reached-on-a-low-screen: the side bar scrolls where its places do not fit', async () => {
    await page.setViewportSize({ width: 1_280, height: 320 })
    const last = page.getByRole('navigation', { name: 'Gatehouse' }).getByRole('link').last()
    const menu = page.getByRole('button', { name: 'Your menu' })
    await last.scrollIntoViewIfNeeded()
    const [place, foot] = [await last.boundingBox(), await menu.boundingBox()]
    expect((place?.y ?? 0) + (place?.height ?? 0)).toBeLessThanOrEqual(foot?.y ?? 0)
    expect((foot?.y ?? 0) + (foot?.height ?? 0)).toBeLessThanOrEqual(320)
    await last.click()
    await page.getByRole('heading', { name: 'Single sign-on' }).waitFor()
  })

  /** Until the account has kept what was pressed. */
  async function keeping(press: () => Promise<void>): Promise<void> {
    const kept = page.waitForResponse((response) => response.url().endsWith('/account/preferences'))
    await press()
    expect((await kept).status()).toBe(200)
  }

  it('focus-follows-the-page: a change of page puts the focus on its heading, also when it is fetched first', async () => {
    await page.getByRole('link', { name: 'Incidents' }).click()
    await expect.poll(focused).toBe('Incidents')
    await page.getByRole('link', { name: 'API keys' }).click()
    await expect.poll(focused).toBe('API keys')
    await page.goBack()
    await expect.poll(focused).toBe('Incidents')
  })

  it('a-theme-that-was-chosen-stays: over a reload, and until the system is to decide again', async () => {
    const light = await ground()
    await openPersonMenu(page)
    await keeping(() => page.getByRole('button', { name: 'Dark' }).click())
    const dark = await ground()
    expect(dark).not.toBe(light)
    await page.reload()
    await page.getByRole('heading', { name: 'Monitors' }).waitFor()
    expect(await ground()).toBe(dark)
    await openPersonMenu(page)
    await keeping(() => page.getByRole('button', { name: 'System' }).click())
    expect(await ground()).toBe(light)
  })

  it('a language that was chosen stays, whatever the browser prefers', async () => {
    await openPersonMenu(page)
    await page.getByRole('button', { name: '日本語' }).click()
    await page.getByRole('heading', { name: 'モニター' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'モニター' }).waitFor()
    expect(await page.evaluate('document.documentElement.lang')).toBe('ja')
    await openPersonMenu(page, 'あなたのメニュー')
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('heading', { name: 'Monitors' }).waitFor()
  })

  it('preferences-are-kept-in-the-account: what was chosen in one browser holds in the next, and no longer for whom signs in after', async () => {
    await page.goto(`${server.origin}/app/account`)
    const section = page.getByRole('region', { name: 'Language, time and theme' })
    await section.getByRole('combobox', { name: 'Theme' }).selectOption('dark')
    await section.getByRole('combobox', { name: 'Time zone' }).selectOption('Asia/Tokyo')
    await section.getByRole('button', { name: 'Save' }).click()
    await section.getByText('Saved.').waitFor()
    const dark = await ground()
    await section.getByRole('combobox', { name: 'Language' }).selectOption('ja')
    await section.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'アカウント', exact: true }).waitFor()

    const elsewhere = await browser.newContext({
      extraHTTPHeaders: { 'x-forwarded-for': '198.18.0.2' },
      colorScheme: 'light',
      timezoneId: 'Europe/Berlin',
    })
    elsewhere.setDefaultTimeout(60_000)
    const other = await elsewhere.newPage()
    await other.goto(`${server.origin}/app/account`)
    await other.getByLabel('E-mail').fill('ann@example.com')
    await other.getByLabel('Password').fill(password)
    expect(await other.evaluate('getComputedStyle(document.body).backgroundColor')).not.toBe(dark)
    await other.getByRole('button', { name: 'Sign in', exact: true }).click()
    await other.getByRole('heading', { name: 'アカウント', exact: true }).waitFor()
    expect(await other.evaluate('document.documentElement.lang')).toBe('ja')
    expect(await other.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(dark)
    expect(await other.getByRole('combobox', { name: 'タイムゾーン' }).inputValue()).toBe('Asia/Tokyo')

    await openPersonMenu(other, 'あなたのメニュー')
    await other.getByRole('button', { name: 'ログアウト', exact: true }).click()
    // Whoever comes next has not chosen anything yet.
    await other.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await other.evaluate('getComputedStyle(document.body).backgroundColor')).not.toBe(dark)
    await elsewhere.close()

    const own = page.getByRole('region', { name: '言語・時刻・テーマ' })
    for (const name of ['言語', 'タイムゾーン']) await own.getByRole('combobox', { name }).selectOption('')
    await own.getByRole('combobox', { name: 'テーマ' }).selectOption('system')
    await own.getByRole('button', { name: '保存' }).click()
    await page.getByRole('heading', { name: 'Account', exact: true }).waitFor()
    expect(await ground()).not.toBe(dark)
  })

  it('on-a-phone-the-places-are-below-the-thumb, and all others one press away', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    const bar = page.getByRole('navigation', { name: 'Main places' })
    await bar.getByRole('link', { name: 'Incidents' }).click()
    await page.getByRole('heading', { name: 'Incidents', exact: true }).waitFor()
    await bar.getByRole('button', { name: 'More' }).click()
    await expect.poll(focused).toBe('Acme')
    await page.keyboard.press('Escape')
    await expect.poll(focused).toBe('More')
    await bar.getByRole('button', { name: 'More' }).click()
    await page.getByRole('link', { name: 'Team' }).click()
    await page.getByRole('heading', { name: 'Team', exact: true }).waitFor()
    expect(await page.getByRole('navigation', { name: 'Gatehouse' }).count()).toBe(0)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
  })

  it('a page of what is gone, or is no page, has a title all the same', async () => {
    const title = page.getByRole('heading', { level: 1 })
    for (const gone of ['monitors', 'incidents']) {
      await page.goto(`${server.origin}/app/uptime/${gone}/01J0000000000000000000000A`)
      await page.getByText('The address may be mistyped, or what it named is gone.').waitFor()
      expect(await title.allTextContents()).toEqual(['There is no such page'])
    }
    await page.goto(`${server.origin}/app/uptime/status-pages/01J0000000000000000000000A`)
    await page.getByText('There is no such status page').waitFor()
    expect(await title.allTextContents()).toEqual(['There is no such status page'])
    await page.goto(`${server.origin}/app/no/such/page`)
    await title.waitFor()
    expect(await title.count()).toBe(1)
  })

  it('a-lost-server-is-said-in-place: what was read stays, with the time since when it is old', async () => {
    await page.getByText('Nothing is watched yet').waitFor()
    await context.setOffline(true)
    await page.getByText(/Offline since \d\d:\d\d/).waitFor()
    await page.getByText(/cannot be reached since \d\d:\d\d/).waitFor()
    await page.getByText('Nothing is watched yet').waitFor()
    await page.getByRole('link', { name: 'Incidents' }).click()
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    expect(await page.getByText('Loading…').count()).toBe(0)
    await context.setOffline(false)
    await page.getByText('No incidents').waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    expect(await page.getByText(/since \d\d:\d\d/).count()).toBe(0)
  })

  it('signing-out-tells-the-other-tabs: they show nothing more, and why', async () => {
    const other = await context.newPage()
    await other.goto(`${server.origin}/app/uptime/monitors`)
    await other.getByRole('heading', { name: 'Monitors' }).waitFor()
    await signOutOf(page)
    await other.getByText('You signed out in another tab').waitFor()
    expect(await other.getByRole('heading', { name: 'Monitors' }).count()).toBe(0)
    await page.getByText('Welcome back.').waitFor()
  })
})
