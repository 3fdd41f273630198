import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildDashboard, isBrowserMissing, launchBrowser } from './fixtures/dashboard-browser.ts'
import { findOverflow } from './screenshots/find-overflow.ts'
import { listScreens } from './screenshots/list-screens.ts'
import { type ScreenServer, startScreenServer } from './screenshots/screen-server.ts'
import { findAxeFaults, openStranger, openVisitor, settle, type Visitor } from './screenshots/visit-screen.ts'

/** Widths differ in what they show, themes in colours alone: axe judges each theme once, at one end of the widths. */
const looks = [
  { width: 1_440, theme: 'light', isJudged: true },
  { width: 820, theme: 'light', isJudged: false },
  { width: 390, theme: 'dark', isJudged: true },
] as const

describe.skipIf(isBrowserMissing)('every-screen-is-accessible', () => {
  let filled: ScreenServer
  let browser: Browser
  let member: Visitor
  let stranger: Visitor

  beforeAll(async () => {
    await buildDashboard()
    filled = await startScreenServer('long-words')
    browser = await launchBrowser()
    member = await openVisitor(browser, filled.server, 'en')
    stranger = await openStranger(browser, filled.server, 'en')
  })
  afterAll(async () => {
    await browser?.close()
    await filled?.stop()
  })

  it.each(listScreens().map(({ path, isDoor }) => ({ path, isDoor })))(
    'axe finds nothing, no long word hangs over the edge and no policy is broken: $path',
    async ({ path, isDoor }) => {
      const { page, visit, takeComplaints } = isDoor ? stranger : member
      await page.setViewportSize({ width: looks[0].width, height: 900 })
      await visit(filled.paths[path] ?? path)
      const faults: string[] = []
      for (const { width, theme, isJudged } of looks) {
        await page.emulateMedia({ colorScheme: theme })
        await page.setViewportSize({ width, height: 900 })
        await settle(page)
        const found = [...(await findOverflow(page)), ...(isJudged ? await findAxeFaults(page) : [])]
        faults.push(...found.map((fault) => `${theme} at ${width} px: ${fault}`))
      }
      expect([...faults, ...takeComplaints()]).toEqual([])
    },
  )
})
