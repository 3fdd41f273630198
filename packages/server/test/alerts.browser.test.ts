import type { ParsedMail } from 'mailparser'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findScreenFaults } from './fixtures/axe-clean.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { buildDashboard, isBrowserMissing } from './fixtures/dashboard-browser.ts'
import { eventually } from './fixtures/eventually.ts'
import { createKey, join, setUpOwner } from './fixtures/people.ts'
import { openScreens, type Screens } from './fixtures/screens.ts'
import { type Listener, listenHttp, listenMail } from './fixtures/sinks.ts'

/** Matches what says this moment as clocks in the zone do. */
function onClock(at: string, timeZone: string): unknown {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' })
  return expect.stringMatching(new RegExp(`\\b${format.format(new Date(at))}(?::\\d\\d)?\\b`))
}

describe.skipIf(isBrowserMissing)('alerts', () => {
  const received: string[] = []
  const mails: ParsedMail[] = []
  let answer = 200
  let sink: Listener
  let mailSink: Listener
  let server: ComposedServer
  let key: string
  let ownerToken: string
  let screens: Screens

  beforeAll(async () => {
    await buildDashboard()
    sink = await listenHttp((request, response) => {
      request.resume()
      request.on('end', () => {
        received.push(String(request.headers['webhook-id']))
        response.writeHead(answer).end()
      })
    })
    mailSink = await listenMail(mails)
    server = await composeServer({
      GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${sink.port},127.0.0.1:${mailSink.port}`,
      SMTP_URL: `smtp://127.0.0.1:${mailSink.port}`,
    })
    const ann = await setUpOwner(server.client, server.ownerToken)
    key = await createKey(server.client, ann)
    ownerToken = ann.accessToken
    await join(server.client, ann, 'viewer')
    screens = await openScreens(server)
  })
  afterAll(async () => {
    await screens?.close()
    await server?.stop()
    await sink?.stop()
    await mailSink?.stop()
  })
  beforeEach(() => {
    answer = 200
  })

  it('a-destination-is-made-tried-and-followed: from nobody told to a notice that was sent twice', async () => {
    const { page, done } = await screens.open('/alerts')
    await page.getByText('Nobody is told yet').waitFor()
    await done('alerts-empty')
    await page.getByRole('button', { name: 'Add the first one' }).click()
    const panel = page.getByRole('dialog', { name: 'Add a destination' })
    await panel.getByLabel('Kind').selectOption('webhook')
    await panel.getByLabel('Name').fill('Pager')
    await panel.getByLabel('URL').fill('http://169.254.169.254/latest')
    await panel.getByLabel('Signing secret').fill('a secret that is long enough')
    const send = panel.getByRole('button', { name: 'Add destination' })
    await send.click()
    await panel.getByRole('alert').waitFor()
    expect(await panel.getByLabel('URL').getAttribute('aria-invalid')).toBe('true')
    await done('alerts-refused')
    await panel.getByLabel('URL').fill(`http://127.0.0.1:${sink.port}/alerts`)
    await send.click()
    await panel.waitFor({ state: 'detached' })
    const row = page
      .getByRole('table', { name: 'Destinations' })
      .getByRole('row')
      .filter({ hasText: 'Pager' })
    await row.getByText('Ready').waitFor()

    await row.getByRole('button', { name: 'Send a test: Pager' }).click()
    await page.getByText('Pager accepted the test.').waitFor()
    expect(received).toHaveLength(1)

    await server.client.ask('/api/v1/incidents', { credential: key, body: { title: 'Orders fail' } })
    await page.getByRole('link', { name: 'Deliveries' }).click()
    const log = page.getByRole('table', { name: 'Deliveries' })
    await log.getByText('Delivered').first().waitFor()
    await done('alerts-log')
    await log.getByRole('button', { name: 'Something went down' }).click()
    const notice = page.getByRole('dialog', { name: 'Something went down' })
    await notice.getByRole('region', { name: 'Attempts' }).getByText('accepted').waitFor()
    await done('alerts-notice')
    await notice.getByRole('button', { name: 'Send again' }).click()
    await page.getByText('It is on the way again.').waitFor()
    await expect.poll(() => received.length).toBe(3)
    expect(received[2]).toBe(received[1])
  })

  it('rules are kept: hours, wait and events show in the list, and the secret stays when it is left empty', async () => {
    const { page, done } = await screens.open('/alerts')
    await page.getByRole('button', { name: 'Pager', exact: true }).click()
    const panel = page.getByRole('dialog', { name: 'Change Pager' })
    await panel.getByLabel('Wait before telling').selectOption('300')
    await panel.getByLabel('Hours').selectOption('some')
    await panel.getByRole('textbox', { name: 'Until' }).fill('17:30')
    await panel.locator('summary').click()
    await panel.getByLabel('Maintenance began').uncheck()
    await done('alerts-rules')
    await panel.getByRole('button', { name: 'Save' }).click()
    await panel.waitFor({ state: 'detached' })
    await page.getByText('12 events · after 5 minutes · 09:00–17:30').waitFor()
    const { channels } = await server.client.ask<{ channels: readonly object[] }>(
      '/api/v1/notification-channels',
      { credential: key },
    )
    expect(channels).toMatchObject([
      { delaySeconds: 300, activeHours: { days: [1, 2, 3, 4, 5], from: '09:00', until: '17:30' } },
    ])
  })

  it.each(['Asia/Tokyo', 'America/St_Johns'])(
    'every-time-is-shown-in-the-chosen-zone: %s, in a browser that is elsewhere',
    async (timeZone) => {
      const { monitor } = await server.client.ask<{ monitor: { id: string } }>('/api/v1/monitors', {
        credential: key,
        body: { type: 'http', name: `Shop of ${timeZone}`, config: { url: `http://127.0.0.1:${sink.port}` } },
      })
      const { incidents } = await server.client.ask<{ incidents: readonly { id: string }[] }>(
        '/api/v1/incidents',
        { credential: key },
      )
      await server.client.ask('/dashboard/account/preferences', {
        method: 'PUT',
        credential: ownerToken,
        body: { timeZone },
      })
      const { page, done } = await screens.open('/account', { timezoneId: 'Asia/Kathmandu' })
      await page.getByRole('heading', { name: 'Account', exact: true }).waitFor()
      await done('account')
      for (const [path, part] of [
        ['/alerts/deliveries', page.getByRole('table', { name: 'Deliveries' })],
        ['/audit', page.getByRole('region', { name: 'Audit log' })],
        [`/uptime/incidents/${incidents[0]?.id}`, page.locator('main')],
        [`/uptime/monitors/${monitor.id}`, page.getByRole('region', { name: 'Last checks' })],
      ] as const) {
        await page.goto(`${server.origin}/app${path}`)
        await part.locator('time').last().waitFor()
        for (const time of await part.locator('time').all()) {
          const at = (await time.getAttribute('datetime')) ?? ''
          const shown = `${await time.getAttribute('title')} ${await time.textContent()}`
          expect({ path, shown }).toEqual({ path, shown: onClock(at, timeZone) })
        }
        await done(`zone-${path.split('/')[1]}-${timeZone.split('/')[1]}`)
      }
    },
  )

  it('viewers see who is told and change nothing, and old addresses lead here', async () => {
    const { page, done } = await screens.open('/uptime/channels', { email: 'viewer@example.com' })
    await page.getByText('Members and owners change destinations.').waitFor()
    await page.getByRole('table', { name: 'Destinations' }).getByText('Pager').waitFor()
    expect(await page.getByRole('button', { name: /Add|Send a test/ }).count()).toBe(0)
    expect(new URL(page.url()).pathname).toBe('/app/alerts')
    await done('alerts-viewer')
  })

  it('people-follow-a-page-without-a-script: from its form to the list that owners alone see, and programs by a key', async () => {
    const write = <Reply>(path: string, body: object, method = 'POST') =>
      server.client.ask<Reply>(path, { method, credential: key, body })
    const { service } = await write<{ service: { id: string } }>('/api/v1/services', {
      name: 'Acme Shop',
      slug: 'acme-shop',
    })
    for (const name of ['Checkout', 'Search'])
      await write('/api/v1/monitors', { type: 'heartbeat', name, config: {}, serviceId: service.id })
    const { page, done } = await screens.open('/uptime/status-pages')
    await page.getByRole('link', { name: 'Acme Shop' }).first().waitFor()
    const visit = (path: string) => page.goto(new URL(path, server.origin).href)
    await visit('/status/acme-shop')
    await page.getByRole('heading', { name: 'Subscribe' }).scrollIntoViewIfNeeded()
    expect(await findScreenFaults(page)).toEqual([])
    await done('public-page-with-form')
    await page.getByRole('link', { name: 'Choose what to be told of' }).click()
    await page.getByText('Subscribe a program by webhook').click()
    expect(await findScreenFaults(page)).toEqual([])
    await done('public-subscribe')
    await page.getByLabel('E-mail address').fill('reader@example.com')
    await page.getByLabel('Search').first().check()
    await page.getByRole('button', { name: 'Subscribe' }).first().click()
    await page.getByRole('heading', { name: 'Look into your mailbox' }).waitFor()
    await done('public-subscribe-asked')
    const mail = await eventually('the mailbox is asked', () =>
      mails.find(({ subject }) => subject?.startsWith('Confirm that you follow')),
    )
    const confirming = /http\S+confirm\S+/.exec(mail.text ?? '')?.[0] ?? ''
    await visit(confirming)
    await page.getByRole('button', { name: 'Yes, tell me' }).click()
    await page.getByText('Thank you.').waitFor()
    await visit(confirming.replace('/confirm', '/components'))
    expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(1)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    await done('public-subscribe-choice')
    await visit(`/app/uptime/status-pages/${service.id}`)
    const list = page.getByRole('region', { name: 'Subscribers' })
    await list.getByText('reader@example.com').waitFor()
    await list.getByText('1 confirmed').waitFor()
    await list.getByText('1 component').waitFor()
    await list.scrollIntoViewIfNeeded()
    await done('status-page-subscribers')
    await list.getByRole('button', { name: 'Remove: reader@example.com' }).click()
    await list
      .getByRole('group', { name: 'Remove reader@example.com?' })
      .getByText('Remove', { exact: true })
      .click()
    await list.getByText('Nobody has subscribed yet.').waitFor()
    await write(`/api/v1/services/${service.id}`, { access: 'password', password: 'open sesame' }, 'PUT')
    await page.reload()
    const feeds = page.getByRole('region', { name: 'Feeds' })
    await feeds.getByRole('button', { name: 'Show addresses' }).click()
    await feeds.getByRole('button', { name: 'Make a key' }).click()
    const readFeed = async () => {
      const [address = ''] = /http\S+history\.rss\S+/.exec(await feeds.innerText()) ?? []
      return { address, status: (await fetch(address)).status }
    }
    await feeds.getByText('history.rss').waitFor()
    const before = await readFeed()
    await expect.poll(async () => (await readFeed()).status).toBe(200)
    await done('status-page-feeds')
    await feeds.getByRole('button', { name: 'Replace key' }).click()
    await feeds.getByRole('group').getByRole('button', { name: 'Replace key' }).click()
    await expect.poll(async () => (await readFeed()).address).not.toBe(before.address)
    // Who may see a page is asked of the database once in a second.
    await expect
      .poll(async () => [(await readFeed()).status, (await fetch(before.address)).status])
      .toEqual([200, 404])
    const { page: hers } = await screens.open(`/uptime/status-pages/${service.id}`, {
      email: 'viewer@example.com',
    })
    await hers.getByRole('heading', { name: 'Acme Shop' }).waitFor()
    expect(await hers.getByRole('region', { name: /Subscribers|Feeds/ }).count()).toBe(0)
  })
})
