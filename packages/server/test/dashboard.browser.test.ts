import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  buildDashboard,
  complaintsOf,
  isBrowserMissing,
  launchBrowser,
  openPersonMenu,
  signOutOf,
} from './fixtures/dashboard-browser.ts'
import { programEnv } from './fixtures/program-env.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const password = 'correct horse battery staple'

describe.skipIf(isBrowserMissing)('the dashboard in a browser', () => {
  let folder: string
  let server: ChildProcess
  let link: string
  let browser: Browser
  let page: Page
  let complaints: string[] = []

  beforeAll(async () => {
    await buildDashboard()
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-browser-'))
    // Under root, PostgreSQL runs as another account, which must be able to pass through.
    await chmod(folder, 0o711)
    server = spawn(process.execPath, [join(root, 'packages/cli/src/main.ts'), 'serve'], {
      env: {
        ...programEnv(),
        GATEHOUSE_DATA: join(folder, 'data'),
        // Passkeys belong to a name, never to an address.
        GATEHOUSE_HOST: 'localhost',
        GATEHOUSE_FEEDS: 'off',
        GATEHOUSE_PROBES: 'off',
        GATEHOUSE_PORT: '0',
        GATEHOUSE_LOG_LEVEL: 'silent',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    link = await readLink(server)
    browser = await launchBrowser()
    page = await browser.newPage()
    page.setDefaultTimeout(60_000)
    complaints = complaintsOf(page)
  })
  afterAll(async () => {
    await browser?.close()
    if (server !== undefined && server.exitCode === null) {
      const ended = once(server, 'close')
      server.kill('SIGTERM')
      await ended
    }
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  })

  it('the setup link makes an account, and a pasted URL becomes a monitor in the list', async () => {
    await page.goto(link)
    await page.getByLabel('Your name').fill('Ann')
    await page.getByLabel('Organisation').fill('Acme')
    await page.getByLabel('E-mail').fill('ann@example.com')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('list', { name: 'Set up' }).waitFor()
    await page.getByRole('link', { name: 'Monitors', exact: true }).click()
    await page.getByText('Nothing is watched yet').waitFor()
    await page.getByLabel('Add a monitor by its URL').fill('https://example.com/health')
    await page.getByRole('button', { name: 'Add monitor' }).click()
    const monitors = page.getByRole('table', { name: 'Monitors' })
    await monitors.getByRole('link').click()
    await page.getByRole('heading', { name: 'Last checks' }).waitFor()
    expect(new URL(page.url()).pathname).toMatch(/^\/app\/uptime\/monitors\/\w+$/)
    expect(complaints).toEqual([])
  })

  it('a wrong password is refused with a sentence, and the right one lets in', async () => {
    await signOutOf(page)
    await page.getByLabel('E-mail').fill('ann@example.com')
    await page.getByLabel('Password').fill('not the password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    expect(await page.getByRole('alert').textContent()).toBe('E-mail or password is not right.')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    const places = page.getByRole('navigation', { name: 'Gatehouse' })
    await places.getByRole('link', { name: 'Monitors' }).click()
    await page.getByRole('table', { name: 'Monitors' }).waitFor()
    expect(complaints).toEqual([])
  })

  it('a reload keeps the session, and no script can read what keeps it', async () => {
    await page.reload()
    await page.getByRole('table', { name: 'Monitors' }).waitFor()
    expect(await page.evaluate('document.cookie')).toBe('')
    const [cookie] = await page.context().cookies()
    expect(cookie).toMatchObject({
      name: '__Host-gatehouse-refresh',
      httpOnly: true,
      secure: true,
      sameSite: 'Strict',
    })
  })

  it('a key is made only after the password has been given anew, once for 15 minutes', async () => {
    await page.getByRole('link', { name: 'API keys' }).click()
    await page.getByLabel('Name').fill('Deploy')
    await page.getByRole('button', { name: 'Create key' }).click()
    const prompt = page.getByRole('dialog')
    await prompt.getByLabel('Your password').fill('not the password')
    await prompt.getByRole('button', { name: 'Confirm' }).click()
    await prompt.getByRole('alert').waitFor()
    await prompt.getByLabel('Your password').fill(password)
    await prompt.getByRole('button', { name: 'Confirm' }).click()
    await page.getByText('Copy this key now').waitFor()
    expect(await page.getByRole('status').getByRole('code').textContent()).toMatch(/^mk_[0-9a-f]{64}$/)
    await page.getByLabel('Name').fill('Second')
    await page.getByRole('button', { name: 'Create key' }).click()
    await page.getByText('Second').waitFor()
    expect(await prompt.count()).toBe(0)
    expect(complaints).toEqual([])
  })

  it('a passkey becomes the second factor, and from then on the password alone lets nobody in', async () => {
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
      },
    })
    await openPersonMenu(page)
    await page.getByRole('link', { name: 'Security' }).click()
    await page.getByLabel('Name of the passkey').fill('Laptop')
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByText('Keep these codes somewhere safe').waitFor()
    await signOutOf(page)
    await page.getByLabel('E-mail').fill('ann@example.com')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'One more step' }).waitFor()
    await page.getByRole('button', { name: 'Use a passkey', exact: true }).click()
    await page.getByRole('navigation', { name: 'Gatehouse' }).waitFor()
    expect(complaints).toEqual([])
  })
})

/** The one-time link that a server without accounts prints. */
async function readLink({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('Its output is not piped')
  for await (const line of createInterface({ input: stdout })) {
    const [found] = /http:\S+\/app\/setup\?token=\S+/.exec(line) ?? []
    if (found !== undefined) return found
  }
  throw new Error('The server ended without a link')
}
