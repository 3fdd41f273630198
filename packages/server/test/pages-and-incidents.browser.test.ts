import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findScreenFaults } from './fixtures/axe-clean.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { buildDashboard, isBrowserMissing } from './fixtures/dashboard-browser.ts'
import { tinyImages } from '../src/services/uptime/domain/fixtures/tiny-images.ts'
import { createKey, join, setUpOwner } from './fixtures/people.ts'
import { openScreens, type Screens } from './fixtures/screens.ts'

const longWord = 'Bestellabwicklungsüberwachungsdienst'.repeat(2)
let server: ComposedServer
let screens: Screens
let key: string

beforeAll(async () => {
  if (isBrowserMissing) return
  await buildDashboard()
  server = await composeServer()
  const ann = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, ann)
  await join(server.client, ann, 'member')
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
const publicText = async () => (await server.client.send('/status/acme')).text
const preview = (page: Page) => page.frameLocator('iframe[title=Preview]')

describe.skipIf(isBrowserMissing)('what an organisation tells its customers', { timeout: 600_000 }, () => {
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
    await preview(page).getByRole('heading', { name: 'Nothing is shown here yet' }).waitFor()
    await page.getByRole('button', { name: 'Put a monitor on this page' }).click()
    const put = page.getByRole('dialog', { name: 'Put a monitor on this page' })
    const monitor = put.getByRole('combobox', { name: 'Monitor' })
    await monitor.fill('sho')
    await put.getByRole('option', { name: 'Shop' }).click()
    await expect.poll(() => monitor.inputValue()).toBe('Shop (now on Acme)')
    await page.getByRole('button', { name: 'Put on page' }).click()
    await page.getByRole('list', { name: 'Components' }).getByText('Shop').waitFor()
    await preview(page).getByRole('heading', { name: 'Shop' }).waitFor()
    expect(await publicStatus('acme')).toBe(404)
    await page.getByRole('button', { name: 'Publish…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Publish Acme Café?' })
    expect(await dialog.locator('li').allInnerTexts()).toEqual([
      new URL('/status/acme', page.url()).href,
      'Acme Café',
      'Shop',
    ])
    await done('status-page-publish')
    await dialog.getByRole('button', { name: 'Publish now' }).click()
    await page.getByRole('link', { name: 'Open page' }).waitFor()
    await expect.poll(() => publicStatus('acme')).toBe(200)
    await page.getByRole('button', { name: 'Make private' }).click()
    const toast = page.locator('.toast').filter({ hasText: 'Acme Café is private.' })
    await toast.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('link', { name: 'Open page' }).waitFor()
  })

  it('an-arrangement-is-seen-before-it-is-saved: moved by keyboard and pointer, renamed, hidden, and listed before it is public', async () => {
    const { page, done } = await screens.open('/uptime/status-pages')
    await page
      .getByRole('list', { name: 'Status pages' })
      .getByRole('link', { name: 'Acme Café', exact: true })
      .click()
    const list = page.getByRole('list', { name: 'Components' })
    const lines = () => list.locator('li .name').allInnerTexts()
    const add = async (button: string, dialog: string, fields: Readonly<Record<string, string>>) => {
      await page.getByRole('button', { name: button }).click()
      const form = page.getByRole('dialog', { name: dialog })
      for (const [label, value] of Object.entries(fields)) await form.getByLabel(label).fill(value)
      await form.getByRole('button', { name: 'Apply' }).click()
    }
    await list.getByText('Shop').waitFor()
    await add('Add section', 'New section', { 'Name of the section': 'Orders' })
    await add('Add component by hand', 'New component', {
      'Name for readers': 'Telephone',
      Description: 'Orders by telephone',
    })
    expect(await lines()).toEqual(['Shop', 'Telephone', 'Orders'])
    await page.getByRole('button', { name: 'Change Shop', exact: true }).click()
    const change = page.getByRole('dialog', { name: 'Change Shop' })
    await change.getByLabel('Name for readers').fill('Our shop')
    await change.getByLabel('Hide it').check()
    await change.getByRole('button', { name: 'Apply' }).click()
    // By keyboard: the button keeps the focus, and at the end of the way the other one has it.
    await page.getByRole('button', { name: 'Move down: Telephone' }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(lines).toEqual(['Our shop', 'Orders', 'Telephone'])
    await page.getByText('Telephone is line 3 of 3 now').waitFor({ state: 'attached' })
    expect(await page.evaluate<string>("document.activeElement.getAttribute('aria-label')")).toBe(
      'Move up: Telephone',
    )
    await list.getByRole('listitem').nth(0).dragTo(list.getByRole('listitem').nth(2))
    await expect.poll(lines).toEqual(['Orders', 'Telephone', 'Our shop'])
    const frame = preview(page)
    await frame.getByRole('heading', { name: 'Orders', exact: true }).waitFor()
    await frame.getByText('Orders by telephone').waitFor()
    expect(await frame.getByText('Our shop').count()).toBe(0)
    await done('status-page-layout')
    expect(await publicText()).not.toContain('Telephone')
    await page.getByRole('button', { name: 'Save arrangement' }).click()
    const ask = page.getByRole('dialog', { name: 'Show this to everybody?' })
    await ask.locator('li').nth(2).waitFor()
    expect(await ask.locator('li').allInnerTexts()).toEqual(['Orders', 'Telephone', 'Orders by telephone'])
    await ask.getByRole('button', { name: 'Save and show' }).click()
    await page.getByText('The arrangement is saved.').waitFor()
    await expect.poll(publicText).toContain('Orders by telephone')
    expect(await publicText()).not.toMatch(/Our shop|>Shop</)
    const badge = page.getByRole('combobox', { name: 'Badge of' })
    await expect.poll(() => badge.locator('option').allInnerTexts()).toEqual(['The whole page', 'Telephone'])
    await badge.selectOption('Telephone')
    const link = /https?:\/\/[^ "]+badge\.svg\?component=[0-9A-Z]{26}/
    const [url = ''] = link.exec((await page.locator('.snippets').innerText()).replaceAll('\n', ' ')) ?? []
    const { pathname, search } = new URL(url)
    expect((await server.client.send(pathname + search)).text).toContain('Telephone: operational')
    // The order alone shows nobody anything new, and what is moved out of a section is read before it.
    await page.getByRole('button', { name: 'Move up: Telephone' }).click()
    await page.getByRole('button', { name: 'Save arrangement' }).click()
    await expect.poll(async () => (await publicText()).includes('<h3>Telephone')).toBe(true)
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  it('a logo is refused for what it holds, seen in the preview and by readers, and removed', async () => {
    const { page, done } = await screens.open('/uptime/status-pages')
    await page
      .getByRole('list', { name: 'Status pages' })
      .getByRole('link', { name: 'Acme Café', exact: true })
      .click()
    const choose = async (name: string, content: string) => {
      const buffer = Buffer.from(content, 'base64')
      await page.getByLabel('Picture').setInputFiles({ name, mimeType: 'image/png', buffer })
      await page.getByRole('button', { name: 'Use as logo' }).click()
    }
    await choose('logo.png', Buffer.from('<svg/>').toString('base64'))
    await page.getByText('Must be a PNG, JPEG or WebP image').waitFor()
    await choose('logo.png', tinyImages.jpeg)
    await page.getByText('The page has a new logo.').waitFor()
    await preview(page).getByRole('img', { name: 'Acme Café' }).waitFor()
    // It has arrived, in the preview too.
    const width = "document.querySelector('iframe').contentDocument.querySelector('.brand img')?.naturalWidth"
    await expect.poll(() => page.evaluate<number>(width)).toBe(3)
    await done('status-page-logo')
    const [path = ''] = /assets\/logo-[0-9a-f]{32}\.jpg/.exec(await publicText()) ?? []
    const { status, headers } = await server.client.send(`/status/${path}`)
    expect([status, headers.get('content-type'), headers.get('x-content-type-options')]).toEqual([
      200,
      'image/jpeg',
      'nosniff',
    ])
    expect(headers.get('cache-control')).toContain('immutable')
    await page.getByRole('button', { name: 'Remove logo' }).click()
    await page.getByText('The logo is removed.').waitFor()
    await expect.poll(publicText).not.toContain('<img')
  })

  it('a-locked-page-tells-nothing: not even its name, before its password is given', async () => {
    const { page, done } = await screens.open('/uptime/status-pages')
    await page
      .getByRole('list', { name: 'Status pages' })
      .getByRole('link', { name: 'Acme Café', exact: true })
      .click()
    await page.getByRole('button', { name: 'Who sees it…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Publish Acme Café?' })
    await dialog.getByRole('combobox', { name: 'Who sees it' }).selectOption('Whoever has the password')
    await dialog.getByLabel('Password of the page').fill('short')
    await dialog.getByRole('button', { name: 'Publish now' }).click()
    await dialog.getByText('Must be 8 to 200 characters long').waitFor()
    await dialog.getByLabel('Password of the page').fill('open sesame')
    await done('status-page-password')
    await dialog.getByRole('button', { name: 'Publish now' }).click()
    await page.getByText('With password').waitFor()
    await expect.poll(() => publicStatus('acme')).toBe(403)
    const { text, headers } = await server.client.send('/status/acme')
    expect(text).not.toMatch(/Acme|Telephone/)
    expect(headers.get('cache-control')).toBe('no-store')
    expect((await server.client.send('/status/acme/badge.svg')).status).toBe(404)
    await page.goto(new URL('/status/acme', page.url()).href)
    await page.getByRole('heading', { name: 'This page needs a password' }).waitFor()
    expect(await findScreenFaults(page)).toEqual([])
    await page.getByLabel('Password').fill('open sesam')
    await page.getByRole('button', { name: 'Open the page' }).click()
    await page.getByText('That is not the password.').waitFor()
    await page.getByLabel('Password').fill('open sesame')
    await page.getByRole('button', { name: 'Open the page' }).click()
    await page.getByText('Orders by telephone').waitFor()
    expect(await page.evaluate<string>('document.cookie')).not.toContain('gatehouse-page')
    await page.reload()
    await page.getByText('Orders by telephone').waitFor()
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
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Is taken.').waitFor()
    await page.getByLabel('Address').fill('long-one')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
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

  it('an-incident-says-who-has-it-and-what-was-said: evidence, acknowledgement, updates as they will be read, and its end', async () => {
    const { monitor } = await post('/api/v1/monitors', { type: 'heartbeat', name: longWord, config: {} })
    const { url } = await server.client.ask<{ url: string }>(
      `/api/v1/monitors/${monitor?.id ?? ''}/heartbeat-url`,
      { credential: key },
    )
    const token = new URL(url).pathname.split('/').at(-1) ?? ''
    await server.client.send(`/ping/${token}`, { method: 'POST' })
    await server.client.send(`/ping/${token}/fail`, { method: 'POST' })
    const { page, done } = await screens.open('/uptime/incidents')
    const table = page.getByRole('table', { name: 'Incidents' })
    await table.getByRole('link', { name: longWord }).click()
    await page.getByText('Nobody has it').waitFor()
    const evidence = page.getByRole('group', { name: 'Evidence' })
    await evidence.getByRole('columnheader', { name: 'Last good' }).waitFor()
    expect(await evidence.getByRole('row', { name: /^Outcome/ }).innerText()).toMatch(/Up\s+Down\s*differs/)
    await page.getByRole('button', { name: 'Acknowledge' }).click()
    await page.getByText('Ann has it').waitFor()
    await page.getByRole('button', { name: 'Identified' }).click()
    await page.getByLabel('What readers learn').fill('The <b>disk</b> of one node is full.')
    const shown = page.getByRole('group', { name: 'As readers see it' })
    await expect
      .poll(() => shown.innerText())
      .toMatch(/is private[\s\S]*Identified The <b>disk<\/b> of one node/)
    await page.getByRole('button', { name: 'Post update' }).click()
    const timeline = page.getByRole('list', { name: 'Timeline' })
    await timeline.getByText('The <b>disk</b> of one node is full.').waitFor()
    await timeline.getByRole('button', { name: 'Correct' }).click()
    await page
      .getByRole('form', { name: 'Correct an update' })
      .getByLabel('What readers learn')
      .fill('Two disks are full.')
    await page.getByRole('button', { name: 'Post update' }).click()
    await timeline.getByText('corrected below').waitFor()
    await page.getByRole('combobox', { name: 'Assigned to' }).selectOption({ label: 'Assigned to Bob' })
    await page.getByText('Bob has it').waitFor()
    await timeline.getByText('Assigned to Bob').waitFor()
    await timeline.getByText('by Ann').waitFor()
    await done('incident')
    await page.getByRole('button', { name: 'Hide from page' }).click()
    await page.getByText('This incident is hidden').waitFor()
    await page.getByRole('button', { name: 'Resolve…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Cause').fill('A full disk')
    await dialog.getByRole('button', { name: 'Resolve' }).click()
    await page.getByRole('heading', { name: 'Write a post-mortem' }).waitFor()
    await page.getByText('A full disk', { exact: true }).waitFor()
    await page.getByLabel('What readers learn').fill('We now watch the disks.')
    await page.getByRole('button', { name: 'Post update' }).click()
    await timeline.getByText('We now watch the disks.').waitFor()
    expect(await page.getByRole('button', { name: 'Delete' }).count()).toBe(0)
  })

  it('an-incident-can-be-opened-by-hand: found in the list by state and word, and refused without a title', async () => {
    const { page, done } = await screens.open('/uptime/incidents')
    await page.getByRole('button', { name: 'Open incident' }).click()
    const panel = page.getByRole('dialog', { name: 'Open incident' })
    await panel.getByLabel('Title').fill('\u200b')
    await panel.getByRole('button', { name: 'Open incident' }).click()
    await panel.getByRole('alert').waitFor()
    await panel.getByLabel('Title').fill(`Payments are slow ${longWord}`)
    await panel.getByLabel('Impact').selectOption('Major')
    await panel.getByRole('button', { name: 'Open incident' }).click()
    await page.getByRole('heading', { name: /^Payments are slow/ }).waitFor()
    await page.getByText('Opened by hand').waitFor()
    await page.getByRole('link', { name: '← All incidents' }).click()
    const table = page.getByRole('table', { name: 'Incidents' })
    await table.getByText('Payments are slow').waitFor()
    await page.getByRole('combobox', { name: 'State' }).selectOption('Resolved')
    await expect.poll(() => table.getByText('Payments are slow').count()).toBe(0)
    await page.getByRole('combobox', { name: 'State' }).selectOption('Open')
    await table.getByText('Payments are slow').waitFor()
    await page.getByRole('searchbox').fill('nothing of the kind')
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor()
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await table.getByText('Payments are slow').waitFor()
    await done('incidents')
    await table.getByRole('link', { name: /^Payments are slow/ }).click()
    await page.getByRole('button', { name: 'Delete' }).click()
    await page
      .getByRole('group', { name: 'Delete it with all its updates?' })
      .getByRole('button', { name: 'Delete' })
      .click()
    await page.getByText('The incident is deleted.').waitFor()
    await expect.poll(() => table.getByText('Payments are slow').count()).toBe(0)
  })

  it('maintenance-is-planned-where-it-is-seen: with its monitors, changed, cancelled, and planned once more by undo', async () => {
    const { page, done } = await screens.open('/uptime/maintenance')
    await page.getByRole('heading', { name: 'No maintenance planned' }).waitFor()
    await page.getByRole('button', { name: 'Plan maintenance' }).first().click()
    const panel = page.getByRole('dialog', { name: 'Plan maintenance' })
    await panel.getByLabel('Title').fill(`New disks ${longWord}`)
    await panel.getByRole('button', { name: 'Plan it' }).click()
    await panel.getByText('Choose at least one monitor.').waitFor()
    await panel.getByRole('combobox', { name: 'Monitors' }).fill('sho')
    await panel.getByRole('option', { name: 'Shop' }).click()
    await panel.getByRole('textbox', { name: 'Ends' }).fill('2001-01-01T10:00')
    await panel.getByRole('button', { name: 'Plan it' }).click()
    await panel.getByText('Must lie after the start.').waitFor()
    const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
    await panel.getByRole('textbox', { name: 'Begins' }).fill(`${day}T10:00`)
    await panel.getByRole('textbox', { name: 'Ends' }).fill(`${day}T11:00`)
    await panel.getByRole('button', { name: 'Plan it' }).click()
    const planned = page.getByRole('list', { name: 'Planned' })
    await planned.getByText('New disks').waitFor()
    await expect.poll(() => planned.getByRole('link').allInnerTexts()).toEqual(['Shop'])
    await done('maintenance')
    await page.getByRole('button', { name: /^Change… New disks/ }).click()
    const change = page.getByRole('dialog', { name: 'Change maintenance' })
    await change.getByLabel('Title').fill('Newer disks')
    await change.getByRole('button', { name: 'Save' }).click()
    await planned.getByText('Newer disks').waitFor()
    await page.getByRole('button', { name: 'Cancel it: Newer disks' }).click()
    await page.getByRole('heading', { name: 'No maintenance planned' }).waitFor()
    const toast = page.locator('.toast').filter({ hasText: 'Newer disks is cancelled.' })
    await toast.getByRole('button', { name: 'Undo' }).click()
    await planned.getByText('Newer disks').waitFor()
  })
})
