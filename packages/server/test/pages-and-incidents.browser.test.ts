import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findScreenFaults } from './fixtures/axe-clean.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { buildDashboard, isBrowserMissing } from './fixtures/dashboard-browser.ts'
import { createKey, setUpOwner } from './fixtures/people.ts'
import { openScreens, type Screens } from './fixtures/screens.ts'

const longWord = 'Bestellabwicklungsüberwachungsdienst'.repeat(2)
let server: ComposedServer
let screens: Screens
let key: string

beforeAll(async () => {
  if (isBrowserMissing) return
  await buildDashboard()
  server = await composeServer()
  key = await createKey(server.client, await setUpOwner(server.client, server.ownerToken))
  for (const name of ['Shop', longWord])
    await post('/api/v1/monitors', { type: 'heartbeat', name, config: {} })
  screens = await openScreens(server)
})
afterAll(async () => {
  if (isBrowserMissing) return
  await screens.close()
  await server.stop()
})

const post = (path: string, body: object): Promise<Record<string, { id: string }>> =>
  server.client.ask(path, { credential: key, body })
const publicStatus = async (slug: string): Promise<number> =>
  (await server.client.send(`/status/${slug}`)).status
const preview = (page: Page) => page.frameLocator('iframe[title=Preview]')

describe.skipIf(isBrowserMissing)('what an organisation tells its customers', () => {
  it('nothing-becomes-public-unlisted: a page is private until somebody has seen the list of what everybody will see', async () => {
    const { page, done } = await screens.open('/uptime/status-pages')
    await page.getByRole('button', { name: 'New status page' }).click()
    const panel = page.getByRole('dialog', { name: 'New status page' })
    await panel.getByLabel('Name').fill('Acme Café')
    await expect.poll(() => panel.getByLabel('Address').inputValue()).toBe('acme-cafe')
    await panel.getByLabel('Address').fill('Acme!')
    await panel.getByRole('button', { name: 'Create private page' }).click()
    await panel.getByText('Must be 2 to 63 lower-case letters').waitFor()
    await panel.getByLabel('Address').fill('acme')
    await panel.getByRole('button', { name: 'Create private page' }).click()
    await page.getByRole('heading', { name: 'Acme Café' }).waitFor()
    expect(await publicStatus('acme')).toBe(404)
    await page
      .getByRole('combobox', { name: /Put a monitor on this page/ })
      .selectOption({ label: 'Shop (now on Acme)' })
    await page.getByRole('button', { name: 'Put on page' }).click()
    await page.getByRole('list', { name: 'Components' }).getByText('Shop').waitFor()
    await preview(page).getByRole('heading', { name: 'Shop' }).waitFor()
    expect(await publicStatus('acme')).toBe(404)
    await page.getByRole('button', { name: 'Publish…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Publish Acme Café?' })
    expect(await dialog.locator('li').allInnerTexts()).toEqual(['/status/acme', 'Acme Café', 'Shop'])
    await done('status-page-publish')
    await dialog.getByRole('button', { name: 'Publish now' }).click()
    await page.getByRole('link', { name: 'Open page' }).waitFor()
    await expect.poll(() => publicStatus('acme')).toBe(200)
    await page.getByRole('button', { name: 'Make private' }).click()
    const toast = page.locator('.toast').filter({ hasText: 'Acme Café is private.' })
    await toast.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('link', { name: 'Open page' }).waitFor()
  })

  it('the-preview-is-the-page: what is typed is rendered by the server, in the style of the page, before it is saved', async () => {
    await post('/api/v1/services', { name: longWord, slug: 'long', isPublic: false })
    const { page, done } = await screens.open('/uptime/status-pages')
    await page
      .getByRole('list', { name: 'Status pages' })
      .getByRole('link', { name: longWord, exact: true })
      .click()
    const frame = preview(page)
    await frame.getByText(longWord).first().waitFor()
    await page.getByLabel('Name', { exact: true }).fill('Renamed <b>soon</b>')
    await page.getByLabel('Description').fill('How our shop is doing')
    await frame.getByText('Renamed <b>soon</b>').waitFor()
    await frame.getByText('How our shop is doing').waitFor()
    await page
      .getByRole('group', { name: 'Language of the reader' })
      .getByRole('button', { name: '日本語' })
      .click()
    await frame.getByRole('heading', { name: 'コンポーネント' }).waitFor()
    // Its own stylesheet has arrived: without it, nothing has a rounded frame.
    const radius =
      "getComputedStyle(document.querySelector('iframe').contentDocument.querySelector('.banner')).borderRadius"
    await expect.poll(() => page.evaluate<string>(radius)).not.toBe('0px')
    await done('status-page')
    await page.getByLabel('Address').fill('acme')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Is taken.').waitFor()
    await page.getByLabel('Address').fill('long-one')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Renamed <b>soon</b>' }).waitFor()
    await page.getByRole('button', { name: 'Delete page…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Type the name of the page').fill('Renamed')
    await dialog.getByRole('button', { name: 'Delete page' }).click()
    await dialog.getByText('That is not the name of this page.').waitFor()
    await dialog.getByLabel('Type the name of the page').fill('Renamed <b>soon</b>')
    await dialog.getByRole('button', { name: 'Delete page' }).click()
    await page.getByRole('heading', { name: 'Status pages' }).waitFor()
    await page.getByText('Renamed <b>soon</b> is deleted.').waitFor()
    await done('status-pages')
  })

  it.each([['/uptime/status-pages', 'Status pages']])(
    'axe finds nothing on %s, in either theme and at three widths',
    async (path, heading) => {
      const { page } = await screens.open(path)
      await page.getByRole('heading', { name: heading }).waitFor()
      expect(await findScreenFaults(page)).toEqual([])
      await page.getByRole('list', { name: heading }).getByRole('link').first().click()
      await page.getByRole('heading', { name: 'Preview' }).waitFor()
      expect(await findScreenFaults(page)).toEqual([])
    },
    600_000,
  )
})
