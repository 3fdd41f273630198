import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { buildDashboard, isBrowserMissing, launchBrowser } from './fixtures/dashboard-browser.ts'

/** Runs in the page: each way from text to markup or code. */
const script = `[
  () => { document.body.innerHTML = '<img src=x onerror=alert(1)>' },
  () => { document.createElement('script').src = 'https://example.com/' },
  () => { new DOMParser().parseFromString('<b>', 'text/html') },
  () => { trustedTypes.createPolicy('default', {}) },
].map((attempt) => {
  try {
    attempt()
    return 'done'
  } catch (error) {
    return error instanceof TypeError ? 'refused' : String(error)
  }
})`

describe.skipIf(isBrowserMissing)('no-text-becomes-markup', () => {
  let server: ComposedServer
  let browser: Browser

  beforeAll(async () => {
    await buildDashboard()
    server = await composeServer()
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  it.each([
    ['the dashboard', '/login'],
    ['a status page', '/status/nothing'],
    ['a reply of the API', '/api/v1/monitors'],
    ['an unknown path', '/nothing'],
  ])('in %s, not even a script of the page itself can make it', async (_what, path) => {
    const page = await browser.newPage()
    await page.goto(`${server.origin}${path}`)
    const outcome = await page.evaluate(script)
    expect(outcome).toEqual(['refused', 'refused', 'refused', 'refused'])
    await page.close()
  })

  it('the dashboard shows itself under that policy', async () => {
    const page = await browser.newPage()
    const errors: string[] = []
    page.on('pageerror', ({ message }) => errors.push(message))
    await page.goto(`${server.origin}/login`)
    await page.getByRole('button').first().waitFor()
    expect(errors).toEqual([])
  })
})
