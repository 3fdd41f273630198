import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { h80Bodies } from '../src/services/oversight/testing/h80-requests.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import {
  buildDashboard,
  complaintsOf,
  isBrowserMissing,
  launchBrowser,
  saved,
} from './fixtures/dashboard-browser.ts'
import { createKey, setUpOwner, type SignedIn } from './fixtures/people.ts'

/** Where the pictures go that somebody wants to look at; nowhere by default. */
const pictures = process.env['GATEHOUSE_PICTURES']

let server: ComposedServer
let browser: Browser
let owner: SignedIn
let key: string

beforeAll(async () => {
  if (isBrowserMissing) return
  await buildDashboard()
  server = await composeServer({ GATEHOUSE_HOST: 'localhost' })
  browser = await launchBrowser()
  owner = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, owner, 'oversight')
  const bodies = h80Bodies(Date.now(), 'analyst-42')
  const interactions = bodies.map(({ interaction, session_id: session }) => ({
    ...interaction,
    session_id: session,
  }))
  await ask('/v1/score/batch', {
    session_id: 'history',
    operator_id: 'analyst-42',
    domain: 'financial',
    interactions,
  })
  await ask('/v1/score', { ...bodies[0], session_id: 'new-000', operator_id: 'new-one' })
  await server.client.send('/v1/operator/analyst-42/profile', { headers: { 'x-api-key': key } })
})
afterAll(async () => {
  if (isBrowserMissing) return
  await browser.close()
  await server.stop()
})

const ask = <T>(path: string, body: object): Promise<T> =>
  server.client.ask<T>(path, { headers: { 'x-api-key': key }, body })

async function link(operatorId: string): Promise<string> {
  return (await ask<{ url: string }>(`/v1/operator/${operatorId}/access-link`, {})).url
}

async function openRecord(
  operatorId: string,
  look: { readonly locale?: string; readonly isDark?: boolean; readonly width?: number } = {},
): Promise<{ readonly page: Page; readonly complaints: string[] }> {
  const { locale = 'en-GB', isDark = false, width = 1_280 } = look
  const context = await browser.newContext({
    locale,
    colorScheme: isDark ? 'dark' : 'light',
    viewport: { width, height: 900 },
  })
  const page = await context.newPage()
  const complaints = complaintsOf(page)
  await page.goto(await link(operatorId))
  return { page, complaints }
}

async function keepPicture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return
  await mkdir(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `own-record-${name}.png`), fullPage: true })
}

describe.skipIf(isBrowserMissing)('the page of an own record', () => {
  it('shows every figure with its interval, the formula in words, each decision, and who looked', async () => {
    const { page, complaints } = await openRecord('analyst-42')
    await page.getByRole('heading', { name: 'What is held about you' }).waitFor()
    const text = await page.locator('main').innerText()
    for (const shown of ['56.8', 'between 41.9 and 71.7', '63.6%', 'Resists wrong advice', '47.5'])
      expect(text).toContain(shown)
    expect(text).toContain('A decision loses half of its weight in 30 days.')
    expect(text).toContain('It does not say how good your decisions are.')
    await page.getByRole('heading', { name: 'Who looked' }).scrollIntoViewIfNeeded()
    const looks = page.getByRole('list', { name: 'Who looked' }).getByRole('listitem')
    expect(await looks.filter({ hasText: /ck_live_\w{8}/ }).innerText()).toMatch(
      /^test ck_live_\w{8}\s+a key · by the API/,
    )
    await looks
      .filter({ hasText: 'Whoever has a link to the own record' })
      .getByText('by an access link', { exact: true })
      .waitFor()
    await page.getByRole('row', { name: /h80-079/ }).waitFor()
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.getByRole('row', { name: /h80-045/ }).waitFor()
    const [name, file] = await saved(page, 'Download everything')
    expect(name).toBe('analyst-42.ndjson')
    expect(file.toString().trim().split('\n').length).toBeGreaterThan(240)
    expect(complaints).toEqual([])
    await keepPicture(page, 'wide-light')
    await page.context().close()
  })

  it.each([
    ['wide-dark-ja', { locale: 'ja-JP', isDark: true }],
    ['narrow-light', { width: 390 }],
    ['narrow-dark', { width: 390, isDark: true }],
  ])('fits its screen and breaks no rule of its own: %s', async (name, look) => {
    const { page, complaints } = await openRecord('analyst-42', look)
    await page.getByText('56.8').first().waitFor()
    await page.getByText(/ck_live_\w{8}/).waitFor()
    const overflow = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    expect(overflow).toBeLessThanOrEqual(0)
    expect(complaints).toEqual([])
    await keepPicture(page, name)
    await page.context().close()
  })

  it('small-samples-appear-nowhere: it says how many decisions are missing, and shows no constant', async () => {
    const { page } = await openRecord('new-one')
    await page.getByText('Not enough decisions yet: 1 of 50.').waitFor()
    expect(await page.locator('main').innerText()).not.toMatch(/\b50(?:\.0)?\s*of 100/)
    await page.context().close()
  })

  it('takes an objection, and says when it is to be decided', async () => {
    const { page } = await openRecord('analyst-42')
    const row = page.getByRole('row', { name: /h80-078/ })
    await row.getByRole('button', { name: 'Object' }).click()
    const form = page.getByRole('dialog', { name: 'Object to this decision' })
    await form.getByLabel('What is wrong').selectOption('not_me')
    await form.getByLabel('In your words').fill('I was <b>not</b> there.')
    await form.getByRole('button', { name: 'Send' }).click()
    await form.waitFor({ state: 'detached' })
    await page.getByText('“I was <b>not</b> there.”').waitFor()
    expect(await page.getByText(/open, to be decided until/).count()).toBe(1)
    await page.context().close()
  })

  it('enrols a passkey of the person’s own browser, which then can be removed', async () => {
    const { page } = await openRecord('analyst-42')
    const devices = await page.context().newCDPSession(page)
    await devices.send('WebAuthn.enable')
    await devices.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
    await page.getByLabel('Name of the passkey').fill('My phone')
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByText('My phone').waitFor()
    await page.getByText(/with a link/).waitFor()
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('group').getByRole('button', { name: 'Remove' }).click()
    await page.getByText('No passkey is enrolled.').waitFor()
    expect(await page.getByText('My phone').count()).toBe(0)
    await page.context().close()
  })

  it('a link that has ended says so, and asks nobody to sign in', async () => {
    const page = await browser.newPage()
    await page.goto(`${server.origin}/app/own-record#own_${'A'.repeat(43)}`)
    await page.getByText('This link has ended or was taken back.').waitFor()
    expect(await page.getByRole('button', { name: 'Sign in' }).count()).toBe(0)
    await page.close()
  })
})
