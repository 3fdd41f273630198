import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildDashboard, isBrowserMissing, launchBrowser } from './fixtures/dashboard-browser.ts'
import { findForeignWords, findIdentifiers } from './fixtures/find-foreign-words.ts'
import { listScreens } from './screenshots/list-screens.ts'
import { type ScreenServer, startScreenServer } from './screenshots/screen-server.ts'
import { openVisitor, settle } from './screenshots/visit-screen.ts'

/** What people wrote, how markets and venues are called, and what public presets are. */
const names = new Set([
  'A backup could be read',
  'names and e-mail addresses',
  'Orders are delayed',
  'Invoices are missing',
  'The queue of the warehouse is full.',
  'The warehouse drains its queue; orders of the last hour come late.',
  'node',
  'test',
  'binance',
  'bybit',
  'coinbase',
  'conservative',
  'balanced',
  'aggressive',
  // What may be typed into the filter by kinds of entries, and the id of a control.
  'key',
  'posture',
])

/** Without a new start of the app, which costs more than the screen. */
async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate(`{
    const link = document.createElement('a')
    link.href = ${JSON.stringify(`/app${path}`)}
    document.body.append(link)
    link.click()
    link.remove()
  }`)
  await page.waitForURL(`**/app${path}`)
  await settle(page)
}

describe.skipIf(isBrowserMissing)('the screens in Japanese', () => {
  let shown: ScreenServer
  let browser: Browser

  beforeAll(async () => {
    await buildDashboard()
    shown = await startScreenServer('many')
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await shown?.stop()
  })

  it('japanese-screens-speak-japanese: no screen says an English word, but for names and what people wrote', async () => {
    const { foreign, ofPrograms } = await walk('ja')
    expect(foreign).toEqual({})
    expect(ofPrograms).toEqual({})
  })

  it('screens-speak-to-people: no screen in English says a name that only programs use', async () => {
    const { ofPrograms } = await walk('en')
    expect(ofPrograms).toEqual({})
  })

  async function walk(language: 'en' | 'ja') {
    const { page, visit, close } = await openVisitor(browser, shown.server, language)
    const foreign: Record<string, readonly string[]> = {}
    const ofPrograms: Record<string, readonly string[]> = {}
    await visit('/overview')
    // The parts are shown to who builds screens, in English alone.
    for (const { path } of listScreens().filter((screen) => screen.path !== '/parts')) {
      await goTo(page, shown.paths[path] ?? path)
      const words = language === 'ja' ? await findForeignWords(page, names) : []
      if (words.length > 0) foreign[path] = words
      const codes = await findIdentifiers(page, names)
      if (codes.length > 0) ofPrograms[path] = codes
    }
    await close()
    return { foreign, ofPrograms }
  }
})
