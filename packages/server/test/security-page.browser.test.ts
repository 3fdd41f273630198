import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claims } from '../src/posture/claims/index.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { complaintsOf, isBrowserMissing, launchBrowser } from './fixtures/dashboard-browser.ts'
import { eventually } from './fixtures/eventually.ts'
import { makeOwnClaims, turnable } from './fixtures/own-claims.ts'
import { proveAnew, setUpOwner } from './fixtures/people.ts'

/** Where the pictures go that somebody wants to look at; nowhere by default. */
const pictures = process.env['GATEHOUSE_PICTURES']
const pageBytesMax = 30_720
const [good, bad] = [turnable(), turnable()]
const own = makeOwnClaims({ 'own.good': good.find, 'own.bad': bad.find })

let server: ComposedServer
let browser: Browser
let axe: string

beforeAll(async () => {
  if (isBrowserMissing) return
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  server = await composeServer({ GATEHOUSE_ADMINS: 'ann@example.com' }, { claims: [...claims, ...own] })
  browser = await launchBrowser()
  bad.turn('fails')
  const ann = await setUpOwner(server.client, server.ownerToken)
  await server.client.ask('/admin/posture/runs', {
    credential: ann.accessToken,
    headers: await proveAnew(server.client, ann),
    body: { claims: ['own.good', 'own.bad'] },
  })
  const isOver = async () => (await server.client.send('/security/badge.svg')).text.includes('1 of')
  await eventually('the run is over', async () => (await isOver()) || undefined)
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

const views = [
  ['security', '/security?lang=en', 1440, 'light'],
  ['security-ja', '/security?lang=ja', 390, 'dark'],
  ['security-claim', '/security/own.bad?lang=en', 390, 'light'],
  ['security-claim-ja', '/security/own.good?lang=ja', 1440, 'dark'],
] as const

describe.skipIf(isBrowserMissing)('page-has-no-script-and-passes-axe', () => {
  it.each(views)('%s', async (name, path, width, colorScheme) => {
    const viewport = { width, height: 900 }
    const context = await browser.newContext({ viewport, colorScheme, bypassCSP: true })
    try {
      const page = await context.newPage()
      const complaints = complaintsOf(page)
      await page.goto(`${server.origin}${path}`)
      expect(await page.locator('script').count()).toBe(0)
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
      expect(overflow).toBeLessThanOrEqual(0)
      await page.evaluate(axe)
      const found = await page.evaluate<AxeResults>('axe.run(document)')
      expect(found.passes.length).toBeGreaterThan(15)
      expect(found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
      expect(complaints).toEqual([])
      if (pictures !== undefined)
        await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
    } finally {
      await context.close()
    }
  })

  it.each(['en', 'ja'])('no script is let in, and page and style weigh at most 30 kB (%s)', async (lang) => {
    const url = `${server.origin}/security?lang=${lang}`
    const { headers } = await fetch(url, { headers: { 'accept-encoding': 'br' } })
    expect(headers.get('content-encoding')).toBe('br')
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'self'; font-src 'self'; form-action/,
    )
    const context = await browser.newContext()
    const page = await context.newPage()
    const sizes: Promise<number>[] = []
    page.on('requestfinished', (request) => {
      // The letters are those of all public pages, kept for a year, and the page is read before they are there.
      if (request.resourceType() === 'font') return
      sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
    })
    await page.goto(url, { waitUntil: 'networkidle' })
    const weights = await Promise.all(sizes)
    expect(weights.length).toBeGreaterThanOrEqual(2)
    expect(weights.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(pageBytesMax)
    await context.close()
  })
})
