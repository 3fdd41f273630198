import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import {
  buildDashboard,
  complaintsOf,
  isBrowserMissing,
  launchBrowser,
  proveInPage,
} from './fixtures/dashboard-browser.ts'
import { join, password, setUpOwner } from './fixtures/people.ts'

describe.skipIf(isBrowserMissing)('without a mail server, in a browser', () => {
  const fresh = 'another correct horse battery'
  let server: ComposedServer

  let browser: Browser

  beforeAll(async () => {
    await buildDashboard()
    server = await composeServer()
    await join(server.client, await setUpOwner(server.client, server.ownerToken), 'member')
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  async function openPage() {
    const page = await browser.newPage()
    page.setDefaultTimeout(60_000)
    const signIn = async (email: string, given: string): Promise<void> => {
      await page.getByLabel('E-mail').fill(email)
      await page.getByLabel('Password').fill(given)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('navigation', { name: 'Gatehouse' }).waitFor()
    }
    return { page, signIn, complaints: complaintsOf(page) }
  }

  it('an owner hands a member a link, with which the member sets a password and signs in', async () => {
    const email = 'member@example.com'
    const { page, signIn, complaints } = await openPage()
    await page.goto(new URL('/app/team', server.origin).href)
    await signIn('ann@example.com', password)
    const row = page.getByRole('list', { name: 'Members' }).getByRole('listitem').filter({ hasText: email })
    await row.getByRole('button', { name: 'Reset password' }).click()
    await row.getByRole('button', { name: 'Reset password' }).click()
    await proveInPage(page, password)
    const link = (await row.getByRole('status').getByRole('code').textContent()) ?? ''
    expect(link).toMatch(/\/app\/reset-password\?token=[\w-]{43}$/)
    const theirs = await openPage()
    await theirs.page.goto(link)
    await theirs.page.getByLabel('New password', { exact: true }).fill(fresh)
    await theirs.page.getByLabel('New password, once more').fill(fresh)
    await theirs.page.getByRole('button', { name: 'Set password' }).click()
    await theirs.page.getByRole('link', { name: 'Back to sign in' }).click()
    await theirs.signIn(email, fresh)
    await page.reload()
    await row.waitFor()
    expect(await page.getByText(link).count()).toBe(0)
    expect([...complaints, ...theirs.complaints]).toEqual([])
  })
})
