import { type LocalNames, startLocalNames } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findScreenFaults } from './fixtures/axe-clean.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { buildDashboard, isBrowserMissing } from './fixtures/dashboard-browser.ts'
import { createKey, join, setUpOwner } from './fixtures/people.ts'
import { openScreens, type Screens } from './fixtures/screens.ts'
import { type StrippingProxy, startStrippingProxy } from './fixtures/stripping-proxy.ts'

let dns: LocalNames
let proxy: StrippingProxy
let server: ComposedServer
let screens: Screens

beforeAll(async () => {
  if (isBrowserMissing) return
  await buildDashboard()
  dns = await startLocalNames()
  // A domain points to a name, and browsers look for each one below localhost on this machine.
  proxy = await startStrippingProxy('')
  const origin = proxy.publicUrl.replace('127.0.0.1', 'gate.localhost')
  server = await composeServer({
    GATEHOUSE_PUBLIC_URL: origin,
    GATEHOUSE_DNS_SERVERS: `127.0.0.1:${dns.port}`,
  })
  proxy.pointAt(server.origin)
  const ann = await setUpOwner(server.client, server.ownerToken)
  await join(server.client, ann, 'member')
  const credential = await createKey(server.client, ann)
  await server.client.ask('/api/v1/services', { credential, body: { name: 'Shop', slug: 'shop' } })
  screens = await openScreens({ ...server, origin })
})
afterAll(async () => {
  if (isBrowserMissing) return
  await screens.close()
  await server.stop()
  await proxy.stop()
  await dns.close()
})

describe.skipIf(isBrowserMissing)('the domain of a status page', { timeout: 600_000 }, () => {
  it('a-domain-is-set-step-by-step: entered, its records copied, looked for until they are there, and removed', async () => {
    const { page, done } = await screens.open('/uptime/status-pages')
    await page
      .getByRole('list', { name: 'Status pages' })
      .getByRole('link', { name: 'Shop', exact: true })
      .click()
    const name = page.getByLabel('Domain name')
    await name.fill('*.acme.test')
    await page.getByRole('button', { name: 'Use this domain' }).click()
    await page.getByText('Enter one name; a wildcard cannot lead to one page.').waitFor()
    await done('status-page-domain-new')
    await name.fill('Status.Acme.Test')
    await page.getByRole('button', { name: 'Use this domain' }).click()
    await page.getByText('Not verified').waitFor()
    await page.getByRole('button', { name: 'Copy: value of the CNAME record' }).waitFor()
    const codes = await page.locator('.domain-records code').allInnerTexts()
    expect(codes).toEqual([
      'status.acme.test',
      'gate.localhost',
      '_gatehouse.status.acme.test',
      expect.stringMatching(/^gatehouse-verify=[\w-]{43}$/),
    ])
    dns.names.set('status.acme.test', { alias: 'shop.acme.test' })
    const verify = page.getByRole('button', { name: 'Verify now' })
    await verify.click()
    await page.getByText('Found something else:').waitFor()
    await page.getByText('shop.acme.test').waitFor()
    await page.getByText('No TXT record was found at this name.').waitFor()
    await done('status-page-domain-failed')
    dns.names.set('status.acme.test', { alias: codes[1] ?? '' })
    dns.names.set('_gatehouse.status.acme.test', { texts: [codes[3] ?? ''] })
    await verify.click()
    await page.getByText('status.acme.test shows this page.').waitFor()
    // What is shared from now on leads there.
    const badge = page.getByText(/badge\.svg\)\]\(http:\/\/status\.acme\.test:\d+\)$/)
    await badge.waitFor()
    const shown = page.getByRole('link', { name: 'Open page' })
    expect(await shown.getAttribute('href')).toMatch(/^http:\/\/status\.acme\.test:\d+$/)
    expect(await findScreenFaults(page)).toEqual([])
    await done('status-page-domain-active')
    const { status } = await server.client.send('/status/tls-ask?domain=status.acme.test')
    expect(status).toBe(200)
    await page.getByRole('button', { name: 'Remove domain…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove domain' }).click()
    await page.getByText('status.acme.test is removed.').waitFor()
    await name.waitFor()
    await name.fill('status.acme.test')
    await page.getByRole('button', { name: 'Use this domain' }).click()
    await verify.waitFor()
  })

  it('a-domain-is-set-step-by-step: members read it in their language, and change nothing', async () => {
    const who = { email: 'member@example.com', locale: 'ja-JP' }
    const { page, done } = await screens.open('/uptime/status-pages', who)
    await page.getByRole('link', { name: 'Shop', exact: true }).click()
    await page.getByText('ドメインの設定、確認、削除ができるのは組織のオーナーだけです。').waitFor()
    await page.getByText('status.acme.test').waitFor()
    expect(await page.getByRole('button', { name: '今すぐ確認' }).count()).toBe(0)
    await done('status-page-domain-member-ja')
  })

  it('a-domain-is-set-step-by-step: an owner reads each step in their language', async () => {
    const { page, done } = await screens.open('/uptime/status-pages', { locale: 'ja-JP' })
    await page.getByRole('link', { name: 'Shop', exact: true }).click()
    dns.names.set('_gatehouse.status.acme.test', 'failing')
    await page.getByRole('button', { name: '今すぐ確認' }).click()
    await page.getByText('ネームサーバーから応答がありません。').waitFor()
    expect(await page.getByRole('button', { name: '今すぐ確認' }).isEnabled()).toBe(true)
    await done('status-page-domain-owner-ja')
  })
})
