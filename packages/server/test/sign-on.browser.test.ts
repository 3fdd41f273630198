import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  buildDashboard,
  complaintsOf,
  isBrowserMissing,
  launchBrowser,
  proveInPage,
} from './fixtures/dashboard-browser.ts'
import { password } from './fixtures/people.ts'
import { domain, type SignOnWorld, startSignOnWorld } from './fixtures/signed-on.ts'

/** Where to leave pictures of what is shown, for whoever wants to look at it. */
const pictures = process.env['GATEHOUSE_TEST_PICTURES']

describe.skipIf(isBrowserMissing)('single sign-on, in a browser', () => {
  let world: SignOnWorld
  let browser: Browser
  let complaints: string[] = []

  beforeAll(async () => {
    await buildDashboard()
    world = await startSignOnWorld()
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await world?.stop()
  })
  beforeEach(() => {
    world.server.passMinute()
    world.issuer.faults.clear()
    complaints = []
  })
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
    if (complaints.length > 0) throw new Error(complaints.join('\n'))
  })

  const newPage = async (context?: BrowserContext): Promise<Page> => {
    const page = await (context ?? (await browser.newContext())).newPage()
    page.setDefaultTimeout(60_000)
    complaints = complaintsOf(page)
    return page
  }
  const open = async (path: string): Promise<Page> => {
    const page = await newPage()
    await page.goto(`${world.server.origin}${path}`)
    return page
  }
  const openAsOwner = async (path: string): Promise<Page> => {
    const page = await open(path)
    await page.getByLabel('E-mail').fill('ann@example.com')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('navigation', { name: 'Gatehouse' }).waitFor()
    return page
  }
  const signOn = async (page: Page, email: string): Promise<void> => {
    await page.getByRole('link', { name: 'Sign in with your organisation' }).click()
    await page.getByLabel('E-mail').fill(email)
    await page.getByRole('button', { name: 'Continue' }).click()
  }
  const shoot = async (page: Page, name: string): Promise<void> => {
    if (pictures === undefined) return
    await mkdir(pictures, { recursive: true })
    for (const [width, height] of [
      [390, 844],
      [1440, 900],
    ] as const)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize({ width, height })
        await page.emulateMedia({ colorScheme })
        await page.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`), fullPage: true })
      }
  }
  let people = 0
  const somebody = (given: object = {}) => {
    people += 1
    const sub = `browser${people}`
    return {
      sub,
      email: `${sub}@${domain}`,
      email_verified: true,
      name: 'Mia Müller',
      groups: ['staff'],
      ...given,
    }
  }

  it('an owner names the sign-in server, sets the record, and sees that the domain is proven', async () => {
    const page = await openAsOwner('/app/team/single-sign-on')
    await page.getByText(`${world.server.origin}/auth/sso/callback`).waitFor()
    await shoot(page, 'settings-empty')
    await page.getByLabel('Issuer').fill(world.issuer.url)
    await page.getByLabel('Client id').fill(world.issuer.client.id)
    await page.getByLabel('Client secret').fill(world.issuer.client.secret)
    await page.getByLabel('E-mail domains').fill(domain)
    await page.getByLabel('Claim with the groups').fill('groups')
    await page.getByLabel('Role of each group').fill('staff = member\nadmins = king')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('“admins = king” is not').waitFor()
    await page.getByLabel('Role of each group').fill('staff = member\nadmins = owner')
    await page.getByRole('button', { name: 'Save' }).click()
    await proveInPage(page, password)
    await page.getByText('Not proven').waitFor()
    await page.getByRole('button', { name: 'Check now' }).click()
    await page.getByText('No record found').waitFor()
    await page.getByText('The sign-in server answers as it should.').waitFor()
    const value = await page.getByText(/^gatehouse-domain-verification=/).innerText()
    world.texts.set(`_gatehouse.${domain}`, [value])
    await page.getByRole('button', { name: 'Check now' }).click()
    await page.getByText('Proven', { exact: true }).waitFor()
    await page.getByRole('checkbox', { name: /Require single sign-on/ }).check()
    await page.getByLabel('May still use a password').waitFor()
    await shoot(page, 'settings')
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
    expect(overflow).toBeLessThanOrEqual(0)
  })

  it('somebody new comes in through their organisation, and proves it anew in a window of its own', async () => {
    const account = somebody()
    world.issuer.signsIn = account
    const page = await open('/app/login')
    await shoot(page, 'login')
    await page.getByRole('link', { name: 'Sign in with your organisation' }).click()
    await shoot(page, 'login-organisation')
    await page.getByLabel('E-mail').fill(account.email)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('navigation', { name: 'Gatehouse' }).waitFor()
    await page.getByRole('link', { name: 'Mia Müller' }).waitFor()
    expect(new URL(page.url()).hash).toBe('')
    await page.reload()
    await page.getByRole('link', { name: 'Mia Müller' }).waitFor()
    await page.goto(`${world.server.origin}/app/account/security`)
    await page.getByRole('button', { name: 'Add an authenticator app' }).click()
    const prompt = page.getByRole('dialog', { name: 'Is it still you?' })
    await prompt.getByRole('button', { name: 'Confirm with your organisation' }).waitFor()
    await shoot(page, 'sudo')
    await prompt.getByRole('button', { name: 'Confirm with your organisation' }).click()
    await prompt.waitFor({ state: 'detached' })
    await page
      .getByText(/Scan|secret/i)
      .first()
      .waitFor()
  })

  it('whose address had an account gives its password once, and nothing of it stays in the address', async () => {
    world.issuer.signsIn = somebody({ email: 'ann@example.com', groups: ['admins'] })
    const page = await open('/app/login')
    await signOn(page, 'ann@example.com')
    await page.getByText('has an account here already').waitFor()
    expect(new URL(page.url()).hash).toBe('')
    await shoot(page, 'connect')
    await page.getByLabel('Password').fill('not the password')
    await page.getByRole('button', { name: 'Connect and sign in' }).click()
    await page.getByText('The password is not right').waitFor()
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Connect and sign in' }).click()
    await page.getByRole('navigation', { name: 'Gatehouse' }).waitFor()
  })

  it('who does not come in reads why, and finds the way back', async () => {
    world.issuer.signsIn = somebody({ email_verified: false })
    const page = await open('/app/login')
    await signOn(page, `a@${domain}`)
    await page.getByText('has not verified your e-mail address').waitFor()
    await shoot(page, 'refused')
    await page.getByRole('link', { name: 'Back to the sign-in page' }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/app/login')
  })
})
