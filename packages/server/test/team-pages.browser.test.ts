import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { platformEvents } from '../src/platform/contract/events.ts'
import { uptimePolicy } from '../src/services/uptime/policy.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import {
  buildDashboard,
  complaintsOf,
  isBrowserMissing,
  launchBrowser,
  proveInPage,
  saved,
} from './fixtures/dashboard-browser.ts'
import { eventually } from './fixtures/eventually.ts'
import { createKey, foundSecondOrg, join, password, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { listenHttp, type Listener, listenWebhooks, type Received } from './fixtures/sinks.ts'
import { deleteWebhook, openWebhook, openWebhookForm } from './fixtures/webhook-screens.ts'

describe.skipIf(isBrowserMissing)('the pages of an organisation, in a browser', () => {
  let sink: Listener
  let moody: Listener
  let mood = 410
  let server: ComposedServer
  let ann: SignedIn
  let browser: Browser
  let complaints: string[] = []
  const received: Received[] = []

  beforeAll(async () => {
    await buildDashboard()
    sink = await listenWebhooks(received)
    moody = await listenHttp((_request, response) => response.writeHead(mood).end())
    server = await composeServer({
      GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${sink.port},127.0.0.1:${moody.port}`,
      GATEHOUSE_ADMINS: 'ann@example.com',
    })
    ann = await setUpOwner(server.client, server.ownerToken)
    await join(server.client, ann, 'viewer')
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    await sink?.stop()
    await moody?.stop()
  })
  beforeEach(() => {
    server.passMinute()
    received.length = 0
    complaints = []
  })
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
    if (complaints.length > 0) throw new Error(complaints.join('\n'))
  })

  /** A browser of its own, in which this person is on this page. */
  async function openAs(email: string, path: string): Promise<Page> {
    const page = await browser.newPage({ extraHTTPHeaders: { 'x-forwarded-for': '198.18.0.1' } })
    page.setDefaultTimeout(60_000)
    complaints = complaintsOf(page)
    await page.goto(new URL(path, server.origin).href)
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('navigation', { name: 'Gatehouse' }).waitFor()
    return page
  }
  const openAsOwner = (path: string) => openAs('ann@example.com', path)
  const openAsViewer = (path: string) => openAs('viewer@example.com', path)
  const prove = (page: Page) => proveInPage(page, password)

  async function addWebhook(page: Page): Promise<void> {
    await page.getByRole('dialog').getByRole('button', { name: 'Add destination' }).click()
    await prove(page)
  }

  it('an invitation is a link that is shown once, and says that no mail was sent', async () => {
    const page = await openAsOwner('/app/team')
    await page.getByLabel('E-mail').fill('carl@münchen.example')
    await page.getByRole('button', { name: 'Invite' }).click()
    await prove(page)
    const notice = page.getByRole('status').filter({ hasText: 'No mail was sent to carl@münchen.example' })
    expect(await notice.getByRole('code').textContent()).toMatch(/\/invite\?token=[\w-]{43}$/)
    const invitations = page.getByRole('list', { name: 'Invitations' })
    // Whoever typed this domain reads it so, though it is kept in Punycode.
    await invitations.getByText('carl@münchen.example').waitFor()
    await invitations.getByRole('button', { name: 'Revoke' }).click()
    await invitations.getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('No open invitations').waitFor()
  })

  it('a role changes after a fresh proof, and the last owner cannot step down', async () => {
    const page = await openAsOwner('/app/team')
    await page.getByLabel('Role of Bob').selectOption('member')
    await prove(page)
    await expect.poll(() => page.getByLabel('Role of Bob').inputValue()).toBe('member')
    await page.getByLabel('Role of Bob').selectOption('viewer')
    await page.getByLabel('Role of Ann').selectOption('viewer')
    const refusal = page.getByRole('list', { name: 'Members' }).getByRole('alert')
    expect(await refusal.textContent()).toMatch(/owner/)
    await expect.poll(() => page.getByLabel('Role of Ann').inputValue()).toBe('owner')
  })

  it('settings are kept, and what is no origin is refused by name', async () => {
    const page = await openAsOwner('/app/team')
    await page.getByLabel('Allowed origins').fill('https://app.example.com')
    await page.getByRole('button', { name: 'Save settings' }).click()
    await prove(page)
    await page.getByText('Saved').waitFor()
    await page.getByLabel('Allowed origins').fill('https://app.example.com/path')
    await page.getByRole('button', { name: 'Save settings' }).click()
    expect(await page.getByRole('alert').textContent()).toMatch(/origin/)
  })

  it('the archive of the organisation is saved under its name, after a fresh proof', async () => {
    const page = await openAsOwner('/app/team')
    const [name, content] = await saved(page, 'Export archive', prove)
    expect(name).toMatch(/^acme.*\.tar\.gz$/)
    expect([...content.subarray(0, 2)]).toEqual([0x1f, 0x8b])
  })

  it('an organisation is deleted only by its whole name, and can be kept', async () => {
    const page = await openAsOwner('/app/team')
    await page.getByRole('button', { name: 'Delete organisation' }).click()
    const dialog = page.getByRole('dialog', { name: 'Delete this organisation' })
    await dialog.getByLabel('Type “Acme” to confirm').fill('Acm')
    const confirm = dialog.getByRole('button', { name: 'Delete in 30 days' })
    expect(await confirm.isDisabled()).toBe(true)
    await dialog.getByLabel('Type “Acme” to confirm').fill('Acme')
    await confirm.click()
    await prove(page)
    await page.getByText('This organisation will be deleted on').waitFor()
    await page.getByRole('button', { name: 'Keep organisation' }).click()
    await page.getByRole('button', { name: 'Delete organisation' }).waitFor()
  })

  it('a new team is where its maker acts from then on, and the way back is in the switcher', async () => {
    const page = await openAsOwner('/app/team')
    await page.getByLabel('Organisation: Acme').click()
    await page.getByRole('button', { name: 'New team' }).click()
    await page.getByLabel('Name of the team').fill('Acme Europe')
    await page.getByRole('button', { name: 'Create team' }).click()
    await page.getByLabel('Organisation: Acme Europe').waitFor()
    await page.getByRole('link', { name: 'Team' }).click()
    const members = page.getByRole('list', { name: 'Members' }).getByRole('listitem')
    await members.first().waitFor()
    expect(await members.count()).toBe(1)
    await page.getByLabel('Organisation: Acme Europe').click()
    await page.getByRole('button', { name: 'Acme Owner', exact: true }).click()
    await page.getByLabel('Organisation: Acme', { exact: true }).waitFor()
    await page.reload()
    await page.getByLabel('Organisation: Acme', { exact: true }).waitFor()
  })

  it('a viewer sees the people, and no control that would be refused', async () => {
    const page = await openAsViewer('/app/team')
    await page.getByRole('list', { name: 'Members' }).getByText('ann@example.com').waitFor()
    await page.getByText('Owners change roles and remove people.').waitFor()
    expect(await page.getByLabel('Role of Ann').count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Invite' }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Delete organisation' }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Leave' }).count()).toBe(1)
    expect(await page.getByRole('link', { name: 'Administration' }).count()).toBe(0)
  })

  it('a key is limited as it is made, changed, rotated with an overlap, and revoked for good', async () => {
    const page = await openAsOwner('/app/keys')
    await page.getByLabel('Name').fill('Deploy')
    await page.getByRole('combobox', { name: 'Ends' }).selectOption('month')
    await page.getByText('Limit addresses and rate').click()
    await page.getByLabel('Allowed addresses').fill('203.0.113.0/24')
    await page.getByLabel('Requests a minute').fill('120')
    await page.getByRole('button', { name: 'Create key' }).click()
    await prove(page)
    expect(await page.getByRole('status').getByRole('code').textContent()).toMatch(/^mk_[0-9a-f]{64}$/)
    const row = page.getByRole('list', { name: 'API keys' }).getByRole('listitem')
    for (const fact of ['Deploy', 'Read', '1 address', '120/min', 'Expires'])
      await row
        .getByText(fact, { exact: fact === 'Read' })
        .first()
        .waitFor()
    await row.getByRole('button', { name: 'Edit' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('Deployment')
    await page.getByRole('dialog').getByLabel('monitors:write').check()
    await page.getByRole('button', { name: 'Save' }).click()
    await row.getByText('Deployment').waitFor()
    await row.getByRole('button', { name: 'Rotate' }).click()
    await page.getByLabel('The old key works').selectOption('hour')
    await page.getByRole('button', { name: 'Rotate key' }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByRole('code').textContent()).toMatch(/^mk_[0-9a-f]{64}$/)
    await dialog.getByRole('button', { name: 'Close' }).click()
    await expect.poll(() => row.count()).toBe(2)
    for (const left of [1, 0]) {
      await row.first().getByRole('button', { name: 'Revoke' }).click()
      await row.first().getByText('there is no way back').waitFor()
      await row.first().getByRole('button', { name: 'Revoke' }).click()
      await expect.poll(() => row.count()).toBe(left)
    }
    await page.getByText('No keys yet').waitFor()
  })

  it('a key and a webhook are offered every scope and every event that there is', async () => {
    const page = await openAsOwner('/app/keys')
    await page.getByLabel('Access').selectOption('chosen')
    const offered = (name: string) => page.getByRole('group', { name }).locator('label > span')
    await offered('Scopes').first().waitFor()
    await expect.poll(() => offered('Scopes').locator('.mono').allTextContents()).toEqual(uptimePolicy.scopes)
    await page.goto(new URL('/webhooks', page.url()).href)
    await openWebhookForm(page)
    await offered('Events').first().waitFor()
    for (const event of Object.keys(platformEvents)) await offered('Events').getByText(event).waitFor()
  })

  it('what is no network is refused with the name of the field, and viewers are told who makes keys', async () => {
    const page = await openAsOwner('/app/keys')
    await page.getByLabel('Name').fill('Deploy')
    await page.getByText('Limit addresses and rate').click()
    await page.getByLabel('Allowed addresses').fill('everywhere')
    await page.getByRole('button', { name: 'Create key' }).click()
    await prove(page)
    await page.locator('.field.wrong', { hasText: 'Allowed addresses' }).getByRole('alert').waitFor()
    const other = await openAsViewer('/app/keys')
    await other.getByText('Only owners create, change and revoke keys.').waitFor()
    expect(await other.getByRole('button', { name: 'Create key' }).count()).toBe(0)
  })

  it('the audit log is filtered, verified in words and exported', async () => {
    const page = await openAsOwner('/app/audit')
    const table = page.getByRole('region', { name: 'Audit log' })
    const founding = table.getByRole('button', { name: 'Create the organisation', exact: true })
    await founding.first().waitFor()
    await page.getByLabel(/^Action/).selectOption('key.')
    await page.getByLabel(/^Actor/).selectOption({ label: 'Ann' })
    await page.getByRole('button', { name: 'Filter', exact: true }).click()
    await founding.waitFor({ state: 'detached' })
    await table.getByRole('button', { name: 'Create an API key' }).first().click()
    await table.getByText('Hash of the entry').waitFor()
    await table.getByText('key.create', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Verify chain' }).click()
    const verdict = page.getByRole('status').filter({ hasText: 'The chain is intact' })
    expect(await verdict.textContent()).toMatch(/\d+ entries checked/)
    const [name, content] = await saved(page, 'Export NDJSON')
    expect(name).toBe('audit.ndjson')
    expect(content.toString()).toContain('"event_type":"org.create"')
  })

  it('a broken chain is said with the entry that is broken', async () => {
    const page = await openAsViewer('/app/audit')
    const faults = [{ seq: 2, because: 'its payload is not the one that was hashed' }]
    await page.route('**/audit-logs/verify', (route) =>
      route.fulfill({ json: { intact: false, entries: 3, headHash: 'a'.repeat(64), faults } }),
    )
    await page.getByRole('button', { name: 'Verify chain' }).click()
    const verdict = page.getByRole('status').filter({ hasText: 'The chain is broken' })
    await expect
      .poll(() => verdict.getByRole('listitem').allTextContents())
      .toEqual(['Entry 2: its payload is not the one that was hashed'])
  })

  it('a filter that matches nothing says how to go on, and only owners export', async () => {
    const page = await openAsViewer('/app/audit')
    await page.getByLabel(/^Action/).selectOption({ label: 'Delete a status page' })
    await page.getByRole('button', { name: 'Filter', exact: true }).click()
    await page.getByText('No entry matches').waitFor()
    await page.getByText('Owners can export the log.').waitFor()
    expect(await page.getByRole('button', { name: 'Export NDJSON' }).count()).toBe(0)
  })

  it('a webhook is made, tried, seen through and replayed', async () => {
    const page = await openAsOwner('/app/alerts')
    await page.getByText('Nobody is told yet').waitFor()
    await openWebhookForm(page)
    await page.getByLabel('URL').fill(`http://127.0.0.1:${sink.port}/hook`)
    await page.getByLabel('Also sign with the key of this server').check()
    await addWebhook(page)
    expect(await page.getByRole('status').getByRole('code').textContent()).toMatch(/^whsec_/)
    await openWebhook(page)
    await page.getByRole('button', { name: 'Send a test' }).click()
    const log = page.getByRole('region', { name: 'Deliveries' })
    await log.getByText('Delivered').first().waitFor()
    await log.getByRole('button', { name: 'A test' }).click()
    const dialog = page.getByRole('dialog', { name: 'A test' })
    await dialog.getByText('webhook.test ·').waitFor()
    await dialog.getByRole('region', { name: 'Attempts' }).getByText('200').waitFor()
    expect(await dialog.getByLabel('Payload').textContent()).toContain('"webhook.test"')
    await dialog.getByRole('button', { name: 'Replay' }).click()
    await dialog.getByText('It is on the way again').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    const tests = () => received.filter(({ body }) => body.includes('"webhook.test"'))
    await expect.poll(() => tests().length).toBe(2)
    expect(tests()[1]?.headers['webhook-signature']).toMatch(/^v1,\S+ v1a,\S+$/)
    await page.getByRole('button', { name: 'Rotate secret' }).click()
    await page.getByRole('button', { name: 'Rotate secret' }).click()
    await page.getByText('The secret before it also signs for 24 hours.').waitFor()
    await page.getByText('The old secret signs until').waitFor()
    await page.getByText('Replay a span').click()
    await page.getByRole('button', { name: 'Replay span' }).click()
    await page.getByText('1 message is on the way again.').waitFor()
    await deleteWebhook(page)
  })

  it('a webhook that was disabled says why, and sends what it missed once it is enabled', async () => {
    const page = await openAsOwner('/app/alerts')
    await openWebhookForm(page)
    await page.getByLabel('URL').fill(`http://127.0.0.1:${moody.port}/hook`)
    await addWebhook(page)
    await openWebhook(page)
    await page.getByRole('button', { name: 'Send a test' }).click()
    await page.getByText('It answered 410, which asks us to stop.').waitFor()
    expect(await page.getByRole('button', { name: 'Send a test' }).isDisabled()).toBe(true)
    mood = 200
    await page.getByRole('button', { name: 'Enable and send what it missed' }).click()
    await page.getByText('on the way again').waitFor()
    await page.getByRole('region', { name: 'Deliveries' }).getByText('Delivered').first().waitFor()
    await deleteWebhook(page)
  })

  it('an address inside the network is refused as a webhook, and viewers cannot add one', async () => {
    const page = await openAsOwner('/app/alerts')
    await openWebhookForm(page)
    await page.getByLabel('URL').fill('http://169.254.169.254/latest')
    await addWebhook(page)
    await page.getByRole('alert').waitFor()
    expect(await page.getByLabel('URL').getAttribute('aria-invalid')).toBe('true')
    const other = await openAsViewer('/app/alerts')
    await other.getByText('Members and owners change destinations.').waitFor()
    expect(await other.getByRole('button', { name: 'Add destination' }).count()).toBe(0)
  })

  it('calls are counted per day and route, for screen readers too', async () => {
    const key = await createKey(server.client, ann)
    await server.client.ask('/api/v1/monitors', { credential: key })
    const page = await openAsOwner('/app/usage')
    const routes = page.getByRole('region', { name: 'By route' })
    await eventually('the call is counted', async () => {
      await page.reload()
      await routes.waitFor()
      return (await routes.getByText('/api/v1/monitors').count()) > 0 || undefined
    })
    await page.getByRole('table', { name: 'Calls per day' }).waitFor()
    await page.getByRole('button', { name: 'Last 7 days' }).click()
    const days = page.getByRole('table', { name: 'Calls per day' }).getByRole('rowheader')
    await expect.poll(() => days.count()).toBe(7)
  })

  it('an outage is said in words, with a way to try again', async () => {
    const page = await openAsViewer('/app/')
    await page.route('**/dashboard/usage*', (route) => route.abort())
    await page.getByRole('link', { name: 'Usage' }).click()
    expect(await page.getByRole('alert').textContent()).toMatch(/cannot be reached/)
    await page.unroute('**/dashboard/usage*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('region', { name: 'By route' }).waitFor()
  })

  it('an administrator suspends and restores an organisation, yet never the own one', async () => {
    await foundSecondOrg(server.client, ann)
    const page = await openAsOwner('/app/')
    await page.getByRole('link', { name: 'Administration' }).click()
    await prove(page)
    await page.getByLabel('Search by name, slug or whole ID').fill('Other')
    await page.getByRole('button', { name: 'Search' }).click()
    const orgs = page.getByRole('list', { name: 'Administration' })
    await expect.poll(() => orgs.getByRole('button', { name: 'Manage' }).count()).toBe(1)
    await orgs.getByRole('button', { name: 'Manage' }).click()
    await orgs.getByText('ann@example.com').waitFor()
    await orgs.getByLabel('Reason').fill('Its keys were leaked')
    await orgs.getByRole('button', { name: 'Suspend organisation' }).click()
    await orgs.getByText('Its keys were leaked').waitFor()
    await orgs.getByRole('button', { name: 'Restore organisation' }).click()
    await orgs.getByRole('button', { name: 'Suspend organisation' }).waitFor()
    await page.getByLabel('Search by name, slug or whole ID').fill(ann.user.teamId)
    await page.getByRole('button', { name: 'Search' }).click()
    await orgs.getByText('acme', { exact: false }).first().waitFor()
    await orgs.getByRole('button', { name: 'Manage' }).click()
    await orgs.getByRole('button', { name: 'Revoke' }).click()
    await orgs.getByRole('button', { name: 'Revoke' }).click()
    await orgs.getByText('It has no keys that work.').waitFor()
    await orgs.getByLabel('Reason').fill('By mistake')
    await orgs.getByRole('button', { name: 'Suspend organisation' }).click()
    expect(await orgs.getByRole('alert').textContent()).toMatch(/You act in this organisation/)
  })

  it('for everyone else there is no administration', async () => {
    const page = await openAsViewer('/app/admin')
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
    expect(await page.getByRole('link', { name: 'Administration' }).count()).toBe(0)
  })

  it('someone who leaves is signed out, and told how to go on', async () => {
    const page = await openAsViewer('/app/team')
    await page.getByRole('button', { name: 'Leave' }).click()
    await page.getByRole('button', { name: 'Leave' }).click()
    await prove(page)
    await page.getByText('You left the organisation.').waitFor()
    expect(await page.getByRole('button', { name: 'Sign in' }).count()).toBe(1)
  })
})
