import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import {
  buildDashboard,
  complaintsOf,
  isBrowserMissing,
  launchBrowser,
} from './fixtures/dashboard-browser.ts'
import { password } from './fixtures/people.ts'
import { startStrippingProxy, type StrippingProxy } from './fixtures/stripping-proxy.ts'

describe.skipIf(isBrowserMissing)('the-app-works-below-a-path', () => {
  let proxy: StrippingProxy
  let server: ComposedServer
  let browser: Browser

  beforeAll(async () => {
    await buildDashboard()
    proxy = await startStrippingProxy('/gate/house')
    server = await composeServer({ GATEHOUSE_PUBLIC_URL: proxy.publicUrl })
    proxy.pointAt(server.origin)
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    await proxy?.stop()
  })

  it('behind a proxy that takes the path away, a person begins, moves about and comes back', async () => {
    const page = await browser.newPage()
    page.setDefaultTimeout(60_000)
    const complaints = complaintsOf(page)
    const path = (): string => new URL(page.url()).pathname
    await page.goto(server.ownerLink)
    await page.getByLabel('Your name').fill('Ann')
    await page.getByLabel('Organisation').fill('Acme')
    await page.getByLabel('E-mail').fill('ann@example.com')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    expect(path()).toBe('/gate/house/app/overview')
    await page.getByRole('link', { name: 'API keys' }).click()
    await page.getByRole('heading', { name: 'API keys' }).waitFor()
    expect(path()).toBe('/gate/house/app/keys')
    await page.reload()
    await page.getByRole('heading', { name: 'API keys' }).waitFor()
    await page.goto(`${proxy.publicUrl}/incidents`)
    await page.getByRole('heading', { name: 'Incidents', exact: true }).waitFor()
    expect(path()).toBe('/gate/house/app/uptime/incidents')
    await page.goto(`${proxy.publicUrl}/app/no/such/page`)
    await page.getByText('There is no such page').waitFor()
    expect(complaints).toEqual([])
  })
})
