import { readFile } from 'node:fs/promises'
import type { ParsedMail } from 'mailparser'
import { Secret as TotpSecret, TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import {
  buildDashboard,
  complaintsOf,
  isBrowserMissing,
  launchBrowser,
  proveInPage,
} from './fixtures/dashboard-browser.ts'
import { eventually } from './fixtures/eventually.ts'
import { password, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { type Listener, listenMail } from './fixtures/sinks.ts'

const fresh = 'a fresh staple of 2026'

describe.skipIf(isBrowserMissing)("the pages of a person's own account, in a browser", () => {
  let mail: Listener
  let server: ComposedServer
  let ann: SignedIn
  let browser: Browser
  let complaints: string[] = []
  const mails: ParsedMail[] = []

  beforeAll(async () => {
    await buildDashboard()
    mail = await listenMail(mails)
    server = await composeServer({
      SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
      GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${mail.port}`,
      GATEHOUSE_REGISTRATION: 'open',
    })
    ann = await setUpOwner(server.client, server.ownerToken)
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    await mail?.stop()
  })
  beforeEach(() => {
    server.passMinute()
    mails.length = 0
    complaints = []
  })
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
    if (complaints.length > 0) throw new Error(complaints.join('\n'))
  })

  /** A browser of its own, in which nobody is signed in. */
  async function open(path: string, origin = server.origin, locale = 'en-GB'): Promise<Page> {
    const context = await browser.newContext({
      locale,
      extraHTTPHeaders: { 'x-forwarded-for': '198.18.0.1' },
    })
    context.setDefaultTimeout(60_000)
    const page = await context.newPage()
    complaints = complaintsOf(page)
    await page.goto(new URL(path, origin).href)
    return page
  }

  async function signIn(page: Page, email: string, withPassword = password): Promise<void> {
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password').fill(withPassword)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('navigation', { name: 'Gatehouse' }).waitFor()
  }

  async function openAs(email: string, path: string, withPassword = password): Promise<Page> {
    const page = await open(path)
    await signIn(page, email, withPassword)
    return page
  }

  function mailTo(address: string, pattern: RegExp): Promise<string> {
    return eventually(`a mail to ${address} arrives`, () =>
      mails
        .filter(({ to }) => [to].flat().some((one) => one?.text.includes(address)))
        .map(({ text }) => pattern.exec(text ?? '')?.[0])
        .find((found) => found !== undefined),
    )
  }
  const linkTo = (address: string): Promise<string> => mailTo(address, /http\S+token=[\w-]{43}/)

  async function invite(role: 'member' | 'viewer'): Promise<string> {
    const { data } = await server.client.ask<{ data: { token: string } }>('/dashboard/team/invitations', {
      credential: ann.accessToken,
      headers: await proveAnew(server.client, ann),
      body: { role },
    })
    return `/app/invite?token=${data.token}`
  }

  async function startDevice(): Promise<{ deviceCode: string; userCode: string; path: string }> {
    const started = await server.client.ask<{
      deviceCode: string
      userCode: string
      verificationUrlComplete: string
    }>('/auth/device/code', { body: { client: 'cli' } })
    return {
      ...started,
      path: new URL(started.verificationUrlComplete).pathname + `?code=${started.userCode}`,
    }
  }

  it('someone registers, confirms the address by a press and not by opening the link, and signs in', async () => {
    const page = await open('/register')
    await page.getByLabel('Your name').fill('Rita')
    await page.getByLabel('E-mail').fill('rita@example.com')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('heading', { name: 'Look into your mailbox' }).waitFor()
    const link = await linkTo('rita@example.com')
    for (let n = 0; n < 2; n += 1) await page.goto(link)
    await page.getByRole('button', { name: 'Confirm my address' }).click()
    await page.getByRole('heading', { name: 'Your address is confirmed' }).waitFor()
    await page.getByRole('link', { name: 'Back to sign in' }).click()
    await signIn(page, 'rita@example.com')
    expect(await page.getByRole('link', { name: 'Rita' }).getAttribute('href')).toBe('/app/account')
  })

  it('the first load brings at most 100 kB of script, as it travels', async () => {
    const page = await open('/app/login')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    const scripts: number[] = await page.evaluate(
      `performance.getEntriesByType('resource')
        .filter(({ name }) => name.endsWith('.js'))
        .map(({ encodedBodySize }) => encodedBodySize)`,
    )
    const bytes = scripts.reduce((sum, size) => sum + size, 0)
    expect(bytes).toBeGreaterThan(10_000)
    expect(bytes).toBeLessThanOrEqual(100_000)
  })

  it('a browser in Japanese is answered in Japanese, refusals included, and any other in English', async () => {
    const page = await open('/app/login', server.origin, 'ja-JP')
    await page.getByLabel('メールアドレス').fill('nobody@example.com')
    await page.getByLabel('パスワード').fill('not the password')
    await page.getByRole('button', { name: 'ログイン' }).click()
    expect(await page.getByRole('alert').textContent()).toBe('メールアドレスかパスワードが正しくありません。')
    expect(await page.getAttribute('html', 'lang')).toBe('ja')
    const other = await open('/app/login', server.origin, 'fr-FR')
    await other.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await other.getAttribute('html', 'lang')).toBe('en')
  })

  it('a link that confirms an address is refused the second time, with a way on', async () => {
    const page = await open(`/verify-email?token=${'x'.repeat(43)}`)
    await page.getByRole('button', { name: 'Confirm my address' }).click()
    await page.getByText('This link was used already, or is older than 24 hours.').waitFor()
    await page.getByRole('link', { name: 'Back to sign in' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/app/login')
  })

  it('where registration is closed the page says so, and how to get in', async () => {
    const closed = await composeServer()
    try {
      const page = await open('/register', closed.origin)
      await page.getByLabel('Your name').fill('Eve')
      await page.getByLabel('E-mail').fill('eve@example.com')
      await page.getByLabel('Password').fill(password)
      await page.getByRole('button', { name: 'Create account' }).click()
      expect(await page.getByRole('status').textContent()).toContain('Accounts here are by invitation')
      // Without the link there is no setup, and without a mail server no link is pretended.
      await page.goto(new URL('/app/setup', closed.origin).href)
      await page.getByText('This page opens with the one-time link').waitFor()
      await page.goto(new URL('/app/forgot-password', closed.origin).href)
      await page.getByLabel('E-mail').fill('eve@example.com')
      await page.getByRole('button', { name: 'Send the link' }).click()
      await page.getByText('This server sends no mail, so nothing was sent.').waitFor()
    } finally {
      await closed.stop()
    }
  })

  it('a forgotten password is set anew by the mailed link, which then is spent', async () => {
    const page = await open('/')
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await page.getByLabel('E-mail').fill('rita@example.com')
    await page.getByRole('button', { name: 'Send the link' }).click()
    await page.getByText('If rita@example.com has an account here').waitFor()
    const link = await linkTo('rita@example.com')
    await page.goto(link)
    await page.getByLabel('New password', { exact: true }).fill(fresh)
    await page.getByLabel('New password, once more').fill('something else')
    await page.getByRole('button', { name: 'Set password' }).click()
    expect(await page.getByRole('alert').textContent()).toContain('not the same')
    await page.getByLabel('New password, once more').fill(fresh)
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.getByRole('heading', { name: 'Your new password is set' }).waitFor()
    await page.getByRole('link', { name: 'Back to sign in' }).click()
    await signIn(page, 'rita@example.com', fresh)
    await page.goto(link)
    await page.getByLabel('New password', { exact: true }).fill(password)
    await page.getByLabel('New password, once more').fill(password)
    await page.getByRole('button', { name: 'Set password' }).click()
    expect(await page.getByRole('alert').textContent()).toContain('used already')
    await page.getByRole('link', { name: 'Send a new link' }).waitFor()
  })

  it('an invitation makes an account and lets in, once', async () => {
    const path = await invite('member')
    const page = await open(path)
    await page.getByLabel('Your name').fill('Bob')
    await page.getByLabel('E-mail').fill('bob@example.com')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Create account and join' }).click()
    await page.getByRole('navigation', { name: 'Gatehouse' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/app/uptime/monitors')
    const second = await open(path)
    await second.getByRole('button', { name: 'I have an account already' }).click()
    await second.getByLabel('E-mail').fill('bob@example.com')
    await second.getByLabel('Password').fill(password)
    await second.getByRole('button', { name: 'Join', exact: true }).click()
    expect(await second.getByRole('alert').textContent()).toContain('This invitation was used')
  })

  it('someone signed in joins with the password of that account, and not with another', async () => {
    const page = await openAs('rita@example.com', '/', fresh)
    await page.goto(new URL(await invite('viewer'), server.origin).href)
    await page.getByText('You are signed in as rita@example.com.').waitFor()
    await page.getByLabel('Password').fill('not the password')
    await page.getByRole('button', { name: 'Join', exact: true }).click()
    expect(await page.getByRole('alert').textContent()).toContain('E-mail or password is not right')
    await page.getByLabel('Password').fill(fresh)
    await page.getByRole('button', { name: 'Join', exact: true }).click()
    await page.getByRole('navigation', { name: 'Gatehouse' }).waitFor()
  })

  it('a device is let in by a member who sees what it asks, and its code is good for one answer', async () => {
    const { path, deviceCode, userCode } = await startDevice()
    const page = await openAs('rita@example.com', path, fresh)
    await page.getByText('Gatehouse command line').waitFor()
    expect(await page.getByText(userCode).count()).toBe(1)
    await page.getByRole('button', { name: 'Approve' }).click()
    await proveInPage(page, fresh)
    await page.getByRole('heading', { name: 'The device is signed in' }).waitFor()
    const { apiKey } = await server.client.ask<{ apiKey: string }>('/auth/device/token', {
      body: { deviceCode },
    })
    expect(apiKey).toMatch(/^mk_[0-9a-f]{64}$/)
    await page.goto(new URL('/app/device', server.origin).href)
    await page.getByLabel('Code').fill(userCode.toLowerCase().replace('-', ' '))
    await page.getByRole('button', { name: 'Continue' }).click()
    expect(await page.getByRole('alert').textContent()).toContain('No device shows this code now')
  })

  it('a device is turned away, and hears of it', async () => {
    const { path, deviceCode } = await startDevice()
    const page = await openAs('rita@example.com', path, fresh)
    await page.getByRole('button', { name: 'Turn away' }).click()
    await page.getByRole('heading', { name: 'The device was turned away' }).waitFor()
    const { text } = await server.client.send('/auth/device/token', { body: { deviceCode } })
    expect(text).toContain('ACCESS_DENIED')
  })

  it('nobody without a verified address approves a device; the page mails the link for it', async () => {
    const { path } = await startDevice()
    const page = await openAs('bob@example.com', path)
    await page.getByRole('heading', { name: 'Verify your e-mail address first' }).waitFor()
    await page.getByRole('button', { name: 'Send the link again' }).click()
    await page.goto(await linkTo('bob@example.com'))
    await page.getByRole('button', { name: 'Confirm my address' }).click()
    await page.getByRole('link', { name: 'Go to the dashboard' }).click()
    await page.getByRole('navigation', { name: 'Gatehouse' }).waitFor()
    await page.goto(new URL('/app/account', server.origin).href)
    await expect.poll(() => page.title()).toBe('Account · Gatehouse')
    await page.getByText('bob@example.com').waitFor()
    expect(await page.getByText('Verified', { exact: true }).count()).toBe(1)
  })

  it('eleven wrong codes are one too many, and the page says how long to wait', async () => {
    const page = await openAs('bob@example.com', '/app/device')
    for (let n = 0; n < 10; n += 1) {
      await page.getByLabel('Code').fill('BBBB-BBBB')
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByText('No device shows this code now').waitFor()
      await page.getByRole('button', { name: 'Type another code' }).click()
    }
    await page.getByLabel('Code').fill('BBBB-BBBB')
    await page.getByRole('button', { name: 'Continue' }).click()
    expect(await page.getByRole('alert').textContent()).toContain('Wait an hour')
  })

  it('a session elsewhere is ended from the list, and the one at hand stays', async () => {
    const elsewhere = await openAs('bob@example.com', '/')
    const page = await openAs('bob@example.com', '/app/account')
    const sessions = page.getByRole('list', { name: 'Sessions' })
    await sessions.getByText('This browser').waitFor()
    const others = sessions.getByRole('button', { name: 'End' })
    const before = await others.count()
    await others.first().click()
    await sessions.getByRole('button', { name: 'End' }).first().click()
    await expect.poll(() => others.count()).toBe(before - 1)
    await elsewhere.close()
  })

  it('signing out everywhere ends this session too, and says so', async () => {
    const page = await openAs('bob@example.com', '/app/account')
    await page.getByRole('button', { name: 'Sign out everywhere' }).click()
    await page.getByRole('group').getByRole('button', { name: 'Sign out everywhere' }).click()
    await page.getByText('You are signed out everywhere.').waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.getByRole('navigation').count()).toBe(0)
  })

  it('a changed password ends every session, and a wrong one changes nothing', async () => {
    const page = await openAs('bob@example.com', '/app/account')
    const form = page.getByRole('region', { name: 'Password', exact: true })
    await form.getByLabel('Current password').fill('not the password')
    await form.getByLabel('New password', { exact: true }).fill(fresh)
    await form.getByLabel('New password, once more').fill(fresh)
    await form.getByRole('button', { name: 'Change password' }).click()
    expect(await form.getByRole('alert').textContent()).toContain('is not your password')
    await form.getByLabel('Current password').fill(password)
    await form.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('Your password is changed. Sign in with the new one.').waitFor()
    await signIn(page, 'bob@example.com', fresh)
  })

  it('another address is asked for with the password, and taken by its own mail', async () => {
    const page = await openAs('bob@example.com', '/app/account', fresh)
    const form = page.getByRole('region', { name: 'E-mail address' })
    await form.getByLabel('New address').fill('robert@example.com')
    await form.getByLabel('Your password').fill('not the password')
    await form.getByRole('button', { name: 'Change address' }).click()
    expect(await form.getByRole('alert').textContent()).toContain('is not your password')
    await form.getByLabel('Your password').fill(fresh)
    await form.getByRole('button', { name: 'Change address' }).click()
    await form.getByText('We have sent a link to robert@example.com').waitFor()
    await page.goto(await linkTo('robert@example.com'))
    await page.getByRole('button').click()
    await page.getByText('Log in with the new address from now on').waitFor()
    const again = await openAs('robert@example.com', '/app/account', fresh)
    await again.getByText('robert@example.com').first().waitFor()
  })

  it('a person takes the data home after a fresh proof, and not without', async () => {
    const page = await openAs('robert@example.com', '/app/account', fresh)
    const take = page.getByRole('button', { name: 'Download my data' })
    await take.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    expect(await page.getByRole('alert').textContent()).toContain('Nothing was done')
    await take.click()
    await page.getByRole('dialog').getByLabel('Your password').fill(fresh)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('gatehouse-account.json')
    expect(await readFile(await download.path(), 'utf8')).toContain('robert@example.com')
  })

  it('an account is deleted in 30 days by the mailed code, and kept after all', async () => {
    const page = await openAs('robert@example.com', '/app/account', fresh)
    const section = page.getByRole('region', { name: 'Delete account' })
    await section.getByRole('button', { name: 'Delete my account' }).click()
    await section.getByRole('button', { name: 'Mail me a code' }).click()
    await section.getByLabel('Code from the mail').fill('0000 0000')
    await section.getByRole('button', { name: 'Delete in 30 days' }).click()
    expect(await section.getByRole('alert').textContent()).toContain('not the code of the last mail')
    const code = await mailTo('robert@example.com', /\d{4}[ -]\d{4}/)
    await section.getByLabel('Code from the mail').fill(code)
    await section.getByRole('button', { name: 'Delete in 30 days' }).click()
    await section.getByText('Your account will be deleted on').waitFor()
    await section.getByRole('button', { name: 'Keep my account' }).click()
    await section.getByRole('button', { name: 'Delete my account' }).waitFor()
    expect(await section.getByText('Your account will be deleted on').count()).toBe(0)
  })

  it('an authenticator app is added by what its picture says, and a wrong code adds nothing', async () => {
    const page = await openAs('robert@example.com', '/app/account/security', fresh)
    await page.getByRole('button', { name: 'Add an authenticator app' }).click()
    await page.getByRole('dialog').getByLabel('Your password').fill(fresh)
    await page.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click()
    await page.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor()
    await page.getByRole('textbox', { name: 'Code' }).fill('000000')
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByText('I cannot scan it').click()
    const secret = TotpSecret.fromBase32((await page.getByRole('group').locator('code').textContent()) ?? '')
    await page.getByRole('textbox', { name: 'Code' }).fill(new TOTP({ secret }).generate())
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByText('Keep these codes somewhere safe').waitFor()
    await page.getByText('10 of 10 codes left').waitFor()
    expect(await page.getByRole('img').count()).toBe(0)
  })
})
