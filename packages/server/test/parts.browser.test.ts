import { readFile } from 'node:fs/promises'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import {
  buildDashboard,
  complaintsOf,
  isBrowserMissing,
  launchBrowser,
} from './fixtures/dashboard-browser.ts'
import { password, setUpOwner } from './fixtures/people.ts'

describe.skipIf(isBrowserMissing)('the parts that pages are made of', () => {
  let server: ComposedServer
  let browser: Browser
  let page: Page
  let complaints: string[] = []

  beforeAll(async () => {
    await buildDashboard()
    server = await composeServer()
    await setUpOwner(server.client, server.ownerToken)
    browser = await launchBrowser()
    page = await browser.newPage({
      extraHTTPHeaders: { 'x-forwarded-for': '198.18.0.1' },
      acceptDownloads: true,
    })
    page.setDefaultTimeout(60_000)
    complaints = complaintsOf(page)
    await page.goto(`${server.origin}/app/parts`)
    await page.getByLabel('E-mail').fill('ann@example.com')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { name: 'Parts' }).waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  beforeEach(async () => {
    await page.goto(`${server.origin}/app/parts`)
    await page.getByRole('heading', { name: 'Parts' }).waitFor()
  })

  const table = (name: string): Locator =>
    page.getByRole('region', { name: 'DataTable' }).getByRole('region', { name, exact: true })
  const few = (): Locator => table('monitors')
  const many = (): Locator => table('many monitors')
  const focusedRow = (): Promise<unknown> => page.evaluate('document.activeElement?.dataset?.row')

  it('a-table-is-worked-by-keyboard: j and k move, x selects, shift selects what is between, Enter opens', async () => {
    await few().locator('[data-row="0"]').focus()
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('k')
    expect(await focusedRow()).toBe('1')
    await page.keyboard.press('x')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('Shift+X')
    await few().getByText('3 selected').waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('Opened https://example.com/').waitFor()
    await page.keyboard.press('Escape')
    expect(await few().getByText('3 selected').count()).toBe(0)
  })

  it('shift and a press select every row in between', async () => {
    await few().getByLabel('Select Monitor 1').click()
    await few()
      .getByLabel('Select Monitor 6')
      .click({ modifiers: ['Shift'] })
    await few().getByText('6 selected').waitFor()
    await few().getByRole('button', { name: 'Pause 6' }).click()
    expect(await few().getByText('6 selected').count()).toBe(0)
  })

  it('what-a-table-shows-is-in-its-address: a reload shows the same search and order', async () => {
    await few().getByRole('searchbox').fill('monitor')
    await few().getByRole('button', { name: 'Response' }).click()
    await few().getByRole('button', { name: 'Response' }).click()
    expect(new URL(page.url()).search).toBe('?q=monitor&sort=-ms')
    await page.reload()
    await few().locator('[data-row="0"]').waitFor()
    expect(await few().getByRole('searchbox').inputValue()).toBe('monitor')
    expect(await few().locator('[aria-sort]').getAttribute('aria-sort')).toBe('descending')
    await few().getByRole('searchbox').fill('none of these')
    await few().getByText('Nothing matches').waitFor()
    await few().getByRole('button', { name: 'Clear filters' }).click()
    await few().locator('[data-row="7"]').waitFor()
  })

  it('ten-thousand-rows-are-windowed: few are drawn, and the last is reached by its key', async () => {
    await many().locator('[data-row="0"]').focus()
    expect(await many().locator('[data-row]').count()).toBeLessThan(60)
    await page.keyboard.press('End')
    await expect.poll(focusedRow).toBe('9999')
    expect(await many().locator('[data-row]').count()).toBeLessThan(60)
    await page.keyboard.press('x')
    await many().getByText('1 selected').waitFor()
  })

  it('a table is taken along as CSV, with all of its rows', async () => {
    await many().getByRole('button', { name: 'View' }).click()
    const coming = page.waitForEvent('download')
    await many().getByRole('button', { name: 'Export CSV' }).click()
    const text = await readFile(await (await coming).path(), 'utf8')
    expect(text.split('\r\n')).toHaveLength(10_002)
    expect(text).toContain('Monitor,State,Response\r\nMonitor 1,ok,0\r\n')
  })

  it('no-long-word-widens-the-page: a URL of 250 characters is cut where it stands, wide and narrow', async () => {
    for (const width of [1_440, 820, 390]) {
      await page.setViewportSize({ width, height: 900 })
      await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    }
    await page.setViewportSize({ width: 1_280, height: 720 })
  })

  it('a-chart-says-its-points-without-sight: by arrow keys, and as a table', async () => {
    const chart = page.getByRole('figure', { name: 'Response time' })
    const points = chart.getByRole('slider')
    await chart.locator('canvas').waitFor()
    await points.focus()
    await page.keyboard.press('End')
    await page.keyboard.press('ArrowLeft')
    expect(await points.getAttribute('aria-valuenow')).toBe('142')
    expect(await points.getAttribute('aria-valuetext')).toMatch(/DNS \d+ ms, Connect \d+ ms/)
    await chart.getByRole('button', { name: 'Show as a table' }).click()
    await chart.getByRole('columnheader', { name: 'First byte' }).waitFor()
    expect(await chart.locator('tbody tr[data-row]').count()).toBe(144)
  })

  it('nothing in any part breaks the policy of the page', () => {
    expect(complaints).toEqual([])
  })
})
