import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import type { ComposedServer } from '../fixtures/compose-server.ts'
import { complaintsOf } from '../fixtures/dashboard-browser.ts'
import { eventually } from '../fixtures/eventually.ts'
import { password } from '../fixtures/people.ts'
import { findOverflow } from './find-overflow.ts'

export const themes = ['light', 'dark'] as const
export type Theme = (typeof themes)[number]
export type ScreenLanguage = 'en' | 'ja'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export type Visitor = {
  readonly page: Page
  /** What the browser said against the pages since it was asked last. */
  readonly takeComplaints: () => readonly string[]
  readonly visit: (path: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** Somebody whom the server does not know, in a browser of their own. */
export async function openStranger(
  browser: Browser,
  server: ComposedServer,
  language: ScreenLanguage,
): Promise<Visitor> {
  const context = await browser.newContext({
    locale: language === 'en' ? 'en-GB' : 'ja-JP',
    colorScheme: 'light',
    reducedMotion: 'reduce',
    extraHTTPHeaders: { 'x-forwarded-for': '198.18.0.1' },
  })
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  const complaints = complaintsOf(page)
  return {
    page,
    takeComplaints: () => complaints.splice(0),
    visit: async (path) => {
      server.passMinute()
      await page.goto(`${server.origin}/app${path}`)
      await settle(page)
    },
    close: () => context.close(),
  }
}

/** Somebody who is signed in, in a browser of their own. */
export async function openVisitor(
  browser: Browser,
  server: ComposedServer,
  language: ScreenLanguage,
): Promise<Visitor> {
  const visitor = await openStranger(browser, server, language)
  const { page } = visitor
  await page.goto(`${server.origin}/app`)
  await page.locator('input[name=email]').fill('ann@example.com')
  await page.locator('input[name=password]').fill(password)
  await page.locator('form button[type=submit]').first().click()
  await page.locator('nav').first().waitFor()
  return {
    ...visitor,
    visit: async (path) => {
      // A minute that passes at once makes regimes stale: between screens of them none does.
      if (!path.startsWith('/volatility')) server.passMinute()
      else
        await eventually('regimes are told anew', async () =>
          (await server.client.send('/v1/board')).status === 200 ? true : undefined,
        )
      await page.goto(`${server.origin}/app${path}`)
      // Only whoever is signed in has somewhere to go; on a phone that is not in sight.
      await page.locator('nav').first().waitFor({ state: 'attached' })
      await settle(page)
    },
  }
}

/** Until the screen is as it will stay: nothing loads, no proof is asked for, and twice the same is read. */
export async function settle(page: Page, everyMs = 150): Promise<void> {
  await page.locator('main').waitFor()
  let before = ''
  const look = async (): Promise<true | undefined> => {
    const prompt = page.locator('dialog[open] input[type=password][autocomplete=current-password]')
    if ((await prompt.count()) > 0) {
      await prompt.fill(password)
      await prompt.press('Enter')
      await prompt.waitFor({ state: 'detached' })
      return undefined
    }
    const now = await page.locator('main').innerText()
    const isSame = now !== '' && now === before && !/^(?:Loading…|読み込み中…)$/m.test(now)
    before = now
    return isSame ? true : undefined
  }
  await eventually('the screen has come to rest', look, 60_000, everyMs)
}

/** What a screen does wrong as it stands, in words. */
export async function judgeScreen(page: Page): Promise<readonly string[]> {
  const overflow = await findOverflow(page)
  return [...overflow.map((text) => `overflow: ${text}`), ...(await findAxeFaults(page))]
}

export async function findAxeFaults(page: Page): Promise<readonly string[]> {
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(axe)
  // A page in a frame is judged where it is the page; no rule that is on reads the stylesheets that axe would fetch.
  const { passes, violations } = await page.evaluate<AxeResults>(
    "axe.run(document, { resultTypes: ['violations'], iframes: false, preload: false })",
  )
  const found = violations.map(({ id, nodes }) => `axe ${id}: ${nodes.map(({ html }) => html).join(' · ')}`)
  return passes.length < 15 ? [...found, `axe looked at ${passes.length} rules only`] : found
}
