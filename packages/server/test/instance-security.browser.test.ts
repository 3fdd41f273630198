import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { buildDashboard, isBrowserMissing, proveInPage } from './fixtures/dashboard-browser.ts'
import { createKey, join, password, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { openScreens, type Screens } from './fixtures/screens.ts'

describe.skipIf(isBrowserMissing)('the security of the instance, for whoever runs it', () => {
  let server: ComposedServer
  let screens: Screens
  let ann: SignedIn

  beforeAll(async () => {
    await buildDashboard()
    server = await composeServer({ GATEHOUSE_ADMINS: 'ann@example.com' })
    ann = await setUpOwner(server.client, server.ownerToken)
    await join(server.client, ann, 'viewer')
    await createKey(server.client, ann, 'oversight')
    screens = await openScreens(server)
  })
  afterAll(async () => {
    await screens?.close()
    await server?.stop()
  })

  const prove = (page: Page): Promise<void> => proveInPage(page, password)

  it('a-security-incident-is-led-to-its-end: opened, refused to close, told to touch nobody, closed', async () => {
    const { page, done } = await screens.open('/admin/security-incidents')
    await prove(page)
    await page.getByText('No security incident').waitFor()
    await done('security-incidents-empty')
    await page.getByRole('button', { name: 'Open an incident' }).click()
    const panel = page.getByRole('dialog', { name: 'Open an incident' })
    await panel.getByLabel('What happened').fill('A backup could be read')
    await panel.getByRole('button', { name: 'Open an incident' }).click()
    await page.getByRole('heading', { name: 'A backup could be read' }).waitFor()
    const close = page.getByRole('form', { name: 'Close the incident' })
    await close.getByLabel('Why there is no public report').fill('Nobody read it')
    await close.getByRole('button', { name: 'Close the incident' }).click()
    await close.getByRole('alert').waitFor()
    await done('security-incident')
    const contain = page.getByRole('form', { name: 'It does no more harm' })
    await contain.getByLabel('How that was done').fill('The backup was deleted')
    await contain.getByRole('button', { name: 'It does no more harm' }).click()
    await contain.waitFor({ state: 'detached' })
    const scope = page.getByRole('form', { name: 'Whom it touches' })
    await scope.locator('select[name=scope]').selectOption('none')
    await scope.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Whom it touches: Nobody').waitFor()
    await close.getByRole('button', { name: 'Close the incident' }).click()
    await page.getByText('Closed without a report: Nobody read it').waitFor()
    const steps = page.getByRole('list', { name: 'Timeline' }).getByRole('listitem')
    await expect.poll(() => steps.count()).toBeGreaterThanOrEqual(4)
  })

  it('a report of a weakness is read, judged and acknowledged', async () => {
    const report = new URLSearchParams({
      what: 'An invitation can be taken twice',
      impact: 'Two people join',
      reproduction: 'Open it twice',
    })
    await fetch(`${server.origin}/security/report`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: report.toString(),
    })
    const { page, done } = await screens.open('/admin/disclosure')
    await prove(page)
    const table = page.getByRole('table', { name: 'Reported weaknesses' })
    await table.getByText('Not acknowledged').first().waitFor()
    await done('reported-weaknesses')
    await table.getByRole('button').click()
    const panel = page.getByRole('dialog', { name: /^GH-/ })
    await panel.getByText('An invitation can be taken twice').waitFor()
    await panel.locator('select[name=severity]').selectOption('high')
    await panel.getByRole('button', { name: 'Save severity' }).click()
    await panel.getByRole('button', { name: 'Say that it was read' }).click()
    await panel.getByRole('button', { name: 'Close the case' }).waitFor()
    await done('reported-weakness')
    await page.keyboard.press('Escape')
    await table.getByText('Acknowledged', { exact: true }).first().waitFor()
    expect(await table.getByText('Not acknowledged').count()).toBe(0)
  })

  it('whoever does not run the instance finds no such page', async () => {
    const { page: theirs } = await screens.open('/admin/disclosure', { email: 'viewer@example.com' })
    await theirs.getByRole('heading', { name: 'There is no such page' }).waitFor()
    expect(await theirs.getByRole('table').count()).toBe(0)
  })

  it('refused-calls-are-said-in-words: who was not let in, where and why, to nobody but whoever runs the instance', async () => {
    const { client } = server
    const headers = await proveAnew(client, ann)
    await client.send('/api/v1/monitors')
    await client.send('/v1/coverage', { headers: { 'x-api-key': 'no key at all' } })
    await expect
      .poll(async () => {
        const call = { credential: ann.accessToken, headers }
        const { refusals } = await client.ask<{ refusals: unknown[] }>(
          '/admin/refusals?reason=malformed',
          call,
        )
        return refusals.length
      })
      .toBe(1)
    const { page, done } = await screens.open('/admin/refusals')
    await prove(page)
    const table = page.getByRole('table', { name: 'Refused calls' })
    await table
      .getByRole('row', { name: /No credential was sent.*Unknown caller.*GET \/api\/v1\/monitors/ })
      .waitFor()
    await table.getByRole('row', { name: /No key of ours looks like this/ }).waitFor()
    await done('refused-calls')
    await page.getByLabel('Reason').selectOption({ label: 'No key of ours looks like this' })
    await expect.poll(() => table.getByRole('row').count()).toBe(2)
    await page.getByLabel(/^Whole key prefix/).fill('203.0.113.9')
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await page.getByText('No refusal matches').waitFor()
    await page.getByLabel(/^Whole key prefix/).fill('x'.repeat(101))
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await page.getByRole('alert').first().waitFor()
    const { page: theirs } = await screens.open('/admin/refusals', { email: 'viewer@example.com' })
    await theirs.getByRole('heading', { name: 'There is no such page' }).waitFor()
    expect(await theirs.getByRole('table').count()).toBe(0)
  })

  it('the rules of oversight are read, refused where they contradict themselves, and kept', async () => {
    const { page, done } = await screens.open('/oversight/rules')
    const routing = page.getByRole('form', { name: 'Routing' })
    await routing.getByLabel('Look at it afterwards from').fill('0.9')
    await routing.getByRole('button', { name: 'Save routing' }).click()
    await expect.poll(() => routing.getByRole('alert').count()).toBeGreaterThan(0)
    await done('oversight-rules')
    await routing.getByLabel('Look at it afterwards from').fill('0.3')
    await routing.getByRole('button', { name: 'Save routing' }).click()
    await page.getByText(/^Version \d+\./).waitFor()
    const figures = page.getByRole('form', { name: 'Figures' })
    await figures.getByLabel('Role of people who have none yet').selectOption('critical')
    const kept = page.waitForResponse((response) => response.request().method() === 'PUT')
    await figures.getByRole('button', { name: 'Save figures' }).click()
    expect((await kept).status()).toBe(200)
    await page.reload()
    await expect
      .poll(() => figures.getByLabel('Role of people who have none yet').inputValue())
      .toBe('critical')
  })
})
