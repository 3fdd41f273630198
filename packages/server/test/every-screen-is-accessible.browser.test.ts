import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderMail } from '../src/mail/render-mail.ts'
import { renderNoticeMail } from '../src/services/uptime/destinations/render-notice-mail.ts'
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
    'axe finds nothing, no long word hangs over the edge, no control is cut off and no policy is broken: $path',
    async ({ path, isDoor }) => {
      const { page, visit, takeComplaints } = isDoor ? stranger : member
      await page.setViewportSize({ width: looks[0].width, height: 900 })
      await visit(filled.paths[path] ?? path)
      const faults: string[] = []
      for (const { width, theme, isJudged } of looks) {
        await page.emulateMedia({ colorScheme: theme })
        await page.setViewportSize({ width, height: 900 })
        // All of it is there already.
        await settle(page, 30)
        const found = [...(await findOverflow(page)), ...(isJudged ? await findAxeFaults(page) : [])]
        faults.push(...found.map((fault) => `${theme} at ${width} px: ${fault}`))
      }
      expect([...faults, ...takeComplaints()]).toEqual([])
    },
  )

  it('a-mail-fits-a-phone: whatever it names, and its letters are as large as those of a page', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true })
    const page = await context.newPage()
    const long = `https://shop.example.com/${'path'.repeat(50)}`
    for (const { html } of [
      renderMail('en', {
        subject: long,
        paragraphs: [long],
        action: { label: 'Open', url: long },
        closing: long,
        enclosed: long,
      }),
      renderNoticeMail('en', {
        subject: long,
        tone: 'down',
        state: 'Down',
        headline: long,
        facts: [['Target', long]],
        link: { url: long, label: 'Open' },
        paragraph: long,
      }),
    ]) {
      await page.setContent(html.markup)
      expect(await page.evaluate('document.documentElement.clientWidth')).toBe(390)
      expect(await findOverflow(page)).toEqual([])
    }
    await context.close()
  })
})
