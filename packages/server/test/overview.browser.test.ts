import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fails } from '../src/posture/finding.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { buildDashboard, isBrowserMissing, launchBrowser, proveInPage } from './fixtures/dashboard-browser.ts'
import { eventually } from './fixtures/eventually.ts'
import { furnishDisclosure } from './fixtures/furnish-disclosure.ts'
import { makeOwnClaims, turnable } from './fixtures/own-claims.ts'
import { createKey, foundSecondOrg, join, password, proveAnew, setUpOwner } from './fixtures/people.ts'
import { openScreens, type Screens } from './fixtures/screens.ts'
import { listenHttp } from './fixtures/sinks.ts'

const steady = turnable()
const findLateKey = () => fails('An ended key still opened the API after 7 ms', { seenMs: 7 })
let server: ComposedServer
let screens: Screens
let key: string

beforeAll(async () => {
  if (isBrowserMissing) return
  await buildDashboard()
  server = await composeServer(
    { GATEHOUSE_ADMINS: 'ann@example.com' },
    { claims: makeOwnClaims({ 'own.steady': steady.find, 'own.turning': findLateKey }) },
  )
  const ann = await setUpOwner(server.client, server.ownerToken)
  await join(server.client, ann, 'viewer')
  await foundSecondOrg(server.client, ann)
  await furnishDisclosure(server.db, ann.user.teamId, 'A backup was readable')
  key = await createKey(server.client, ann)
  const asAnn = { credential: ann.accessToken, headers: await proveAnew(server.client, ann) }
  await server.client.ask('/admin/posture/runs', { ...asAnn, body: {} })
  await eventually('everything is probed', async () => {
    const { summary } = await server.client.ask<{ summary: { fails: number; holds: number } }>(
      '/.well-known/posture.json',
    )
    return summary.fails + summary.holds === 2 ? true : undefined
  })
  screens = await openScreens(server)
})
afterAll(async () => {
  if (isBrowserMissing) return
  await screens.close()
  await server.stop()
})

const viewer = { email: 'viewer@example.com' }

describe.skipIf(isBrowserMissing)('what all services share', () => {
  it('posture-is-read-where-one-is-signed-in: what fails comes first, with its reason, its figures and its page', async () => {
    const { page, done } = await screens.open('/posture')
    await page.getByRole('button', { name: 'Run all now' }).click()
    await proveInPage(page, password)
    await page.getByText('All 2 were probed.').waitFor()
    await page.getByText('1 of 2 claims hold').waitFor()
    const first = page.locator('.claims').first().getByRole('listitem')
    await expect
      .poll(() => first.innerText())
      .toMatch(/Fails[\s\S]*still opened the API after 7 ms[\s\S]*Seen after 7 ms[\s\S]*0 of the last 2 held/)
    expect(await first.getByRole('link').getAttribute('href')).toBe('/security/own.turning?lang=en')
    await page.getByRole('list', { name: 'Stated' }).getByText('Somebody says so').waitFor()
    await page.getByRole('img', { name: 'Days with results: 1, with failures: 1' }).waitFor()
    await done('posture')
    const { page: inJapanese } = await screens.open('/posture', { locale: 'ja-JP' })
    await inJapanese.getByText('無効になったキーで、7ミリ秒後もAPIが開きました').waitFor()
    expect(await inJapanese.getByText('still opened').count()).toBe(0)
  })

  it('clocks-of-the-operator-run-in-sight: of those who administer the instance, and of nobody else', async () => {
    const { page, done } = await screens.open('/posture')
    await page.getByRole('button', { name: 'Show open clocks' }).click()
    await proveInPage(page, password)
    const incidents = page.getByRole('list', { name: 'Open security incidents' })
    await incidents.getByText('A backup was readable').waitFor()
    await incidents.getByText(/Tell the affected: late by \d+ d/).waitFor()
    // The claim that fails has opened one of its own.
    await incidents.getByText(/Tell the affected: 71 h|Tell the affected: 2 d 23 h/).waitFor()
    const cases = page.getByRole('list', { name: 'Open reports of weaknesses' })
    await cases.getByText(/Acknowledge: late by \d+ d/).waitFor()
    await done('posture-clocks')
    const { page: theirs } = await screens.open('/posture', viewer)
    await theirs.getByText('1 of 2 claims hold').waitFor()
    expect(await theirs.getByRole('button', { name: /Run all now|Show open clocks/ }).count()).toBe(0)
  })

  it('a-security-notice-stays-until-it-is-read: by this person, in the organisation that was told', async () => {
    const { page, done } = await screens.open('/audit', viewer)
    const notice = page.getByRole('region', { name: /A backup was readable/ })
    await notice.waitFor()
    await done('notice')
    await page.getByRole('link', { name: 'Posture', exact: true }).click()
    await notice.getByRole('button', { name: 'I have read this' }).click()
    await notice.waitFor({ state: 'detached' })
    await page.reload()
    await page.getByText('1 of 2 claims hold').waitFor()
    expect(await notice.count()).toBe(0)
    const { page: anns } = await screens.open('/posture')
    await anns.getByRole('region', { name: /A backup was readable/ }).waitFor()
  })

  it('an-overview-says-what-is-wrong-first: of everything that is used, and never that all is well where it could not look', async () => {
    const page = (await screens.open('/overview', viewer)).page
    await page.getByText('1 thing is wrong').waitFor()
    await page.getByRole('list', { name: 'Wrong now' }).getByText('1 of 2 claims').waitFor()
    expect(await page.getByRole('region', { name: 'Set up' }).count()).toBe(0)
    await server.client.ask('/api/v1/incidents', {
      credential: key,
      body: { title: 'Checkout is slow' },
    })
    const { page: anns, done } = await screens.open('/overview')
    await anns.getByText('2 things are wrong').waitFor()
    const wrong = anns.getByRole('list', { name: 'Wrong now' })
    expect(await wrong.getByRole('listitem').first().innerText()).toMatch(/Ongoing[\s\S]*Checkout is slow/)
    await anns.getByRole('list', { name: 'Changed today' }).getByText('Checkout is slow').waitFor()
    await done('overview')
    await anns.route('**/dashboard/posture*', (route) => route.fulfill({ status: 404, json: {} }))
    await anns.reload()
    await wrong.getByText('Posture cannot be read now').waitFor()
    await anns.route('**/dashboard/incidents*', (route) => route.fulfill({ status: 404, json: {} }))
    await anns.reload()
    await anns.getByText('Not everything could be looked at').waitFor()
    expect(await anns.getByRole('heading', { name: 'Changed today' }).count()).toBe(0)
  })

  it('the-first-run-is-a-checklist-that-works: a step is done where it stands, or skipped until it is asked for', async () => {
    const { page, done } = await screens.open('/overview')
    const steps = page.getByRole('list', { name: 'Set up' }).getByRole('listitem')
    await expect.poll(() => steps.count()).toBe(5)
    expect(await steps.nth(4).innerText()).toContain('Done')
    expect(await steps.first().innerText()).toContain('To do')
    await page.getByLabel('Add a monitor by its URL').fill('no address')
    await page.getByRole('button', { name: 'Add monitor' }).click()
    await page.getByText('That is not an address').waitFor()
    await page.getByRole('button', { name: 'Add a heartbeat instead' }).click()
    const panel = page.getByRole('dialog', { name: 'Add a heartbeat' })
    await panel.getByLabel('Name').fill('Nightly')
    await panel.getByRole('button', { name: 'Make it' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click()
    await expect.poll(() => steps.first().innerText()).toContain('Done')
    await page.getByRole('button', { name: 'Skip: Show how you do' }).click()
    await expect.poll(() => steps.count()).toBe(4)
    await page.reload()
    await page.getByRole('button', { name: 'Show skipped steps (1)' }).waitFor()
    await done('first-run')
    await page.getByRole('button', { name: 'Show skipped steps (1)' }).click()
    await expect.poll(() => steps.count()).toBe(5)
  })

  it('a-first-alert-takes-one-screen: from the printed link to a tested alert, without leaving the overview', async () => {
    const heard: string[] = []
    const sink = await listenHttp((request, response) => {
      heard.push(request.url ?? '')
      request.resume()
      response.end()
    })
    const fresh = await composeServer({ GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${sink.port}` })
    const browser = await launchBrowser()
    try {
      const page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
      page.setDefaultTimeout(60_000)
      const beganAtMs = performance.now()
      let clicks = 0
      const press = async (name: string): Promise<void> => {
        clicks += 1
        await page.getByRole('button', { name, exact: true }).click()
      }
      await page.goto(`${fresh.origin}/app/setup?token=${fresh.ownerToken}`)
      await page.getByLabel('Your name').fill('Ann')
      await page.getByLabel('E-mail').fill('ann@example.com')
      await page.getByLabel('Password').fill(password)
      await page.getByLabel('Organisation').fill('Acme')
      await press('Create account')
      const steps = page.getByRole('list', { name: 'Set up' }).getByRole('listitem')
      await page.getByText('Say who is told').waitFor()
      const places: string[] = []
      page.on('framenavigated', (frame) => places.push(new URL(frame.url()).pathname))
      await page.getByLabel('Add a monitor by its URL').fill(`http://127.0.0.1:${sink.port}/shop`)
      await press('Add monitor')
      await expect.poll(() => steps.nth(1).innerText()).toContain('Done')
      await press('Add a destination')
      const panel = page.getByRole('dialog', { name: 'Add a destination' })
      clicks += 1
      await panel.getByLabel('Kind').selectOption('webhook')
      await panel.getByLabel('Name').fill('Pager')
      await panel.getByLabel('URL').fill(`http://127.0.0.1:${sink.port}/alerts`)
      await panel.getByLabel('Signing secret').fill('a secret that is long enough')
      await press('Add destination')
      await panel.waitFor({ state: 'detached' })
      await press('Send a test: Pager')
      await page.getByText('Pager accepted the test.').waitFor()
      const seconds = Math.round((performance.now() - beganAtMs) / 1_000)
      process.stderr.write(`From the printed link to a tested alert: ${clicks} clicks, ${seconds} s\n`)
      expect(heard).toContain('/alerts')
      expect(places).toEqual([])
      expect(new URL(page.url()).pathname).toBe('/app/overview')
      expect(clicks).toBeLessThanOrEqual(6)
      const again = await openScreens(fresh)
      const { page: later, done } = await again.open('/overview')
      await later.getByRole('button', { name: 'Send a test: Pager' }).waitFor()
      await done('first-destination')
      await again.close()
    } finally {
      await browser.close()
      await fresh.stop()
      await sink.stop()
    }
  })

  it('a reader of Japanese finds the posture in Japanese', async () => {
    const { page, done } = await screens.open('/posture', { locale: 'ja-JP' })
    await page.getByText('2 件中 1 件の主張が成立').waitFor()
    expect(await page.locator('main h1').innerText()).toBe('セキュリティ態勢')
    await done('posture-ja')
  })
})
