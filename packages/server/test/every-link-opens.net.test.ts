import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ParsedMail } from 'mailparser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { buildDashboard } from './fixtures/dashboard-browser.ts'
import { eventually } from './fixtures/eventually.ts'
import { password, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { type Listener, listenMail, listenWebhooks, type Received } from './fixtures/sinks.ts'
import { startStrippingProxy, type StrippingProxy } from './fixtures/stripping-proxy.ts'

const packages = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string): string => readFileSync(`${packages}${path}`, 'utf8')

/** The pages that the app has, as it declares them: its doors, and its places with the pages below each. */
const doors = [...read('dashboard/src/app.tsx').matchAll(/\bat\('([^']*)'\)/g)].map(([, page = '']) => page)
const places = read('dashboard/src/places.tsx')
  .split(/(?=\bpath: ')/)
  .flatMap((place) => {
    const path = /^path: '([^']*)'/.exec(place)?.[1]
    const below = [...place.matchAll(/'(\/:[^']*)': /g)].map(([, rest = '']) => rest)
    return path === undefined ? [] : [path, ...below.map((rest) => path + rest)]
  })
const pages = [...doors, ...places].map((page) => new RegExp(`^/app${page.replaceAll(/:\w+/g, '[^/]+')}$`))
const isPage = (path: string): boolean => pages.some((page) => page.test(path))

let server: ComposedServer
let proxy: StrippingProxy
let mail: Listener
let hooks: Listener
let ann: SignedIn
const mails: ParsedMail[] = []
const received: Received[] = []

beforeAll(async () => {
  await buildDashboard()
  proxy = await startStrippingProxy('/gate/house')
  mail = await listenMail(mails)
  hooks = await listenWebhooks(received)
  server = await composeServer({
    GATEHOUSE_PUBLIC_URL: proxy.publicUrl,
    GATEHOUSE_REGISTRATION: 'open',
    GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${mail.port},127.0.0.1:${hooks.port}`,
    SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
  })
  proxy.pointAt(server.origin)
  ann = await setUpOwner(server.client, server.ownerToken)
})
afterAll(async () => {
  await server.stop()
  await Promise.all([mail.stop(), hooks.stop(), proxy.stop()])
})

const linksIn = (text: string): readonly string[] => text.match(/https?:\/\/[^\s"<>]+/g) ?? []
const ask = <T>(path: string, body?: unknown, headers = {}) =>
  server.client.ask<T>(path, { method: 'POST', credential: ann.accessToken, body, headers })

/** As a browser does: redirects are followed, and it says that it reads pages. */
const open = (url: string) => fetch(url, { headers: { accept: 'text/html,*/*;q=0.8' } })

async function mailed(subject: string): Promise<readonly string[]> {
  const found = await eventually(`a mail arrives: ${subject}`, () =>
    mails.find((one) => one.subject?.includes(subject)),
  )
  return linksIn(found.text ?? '')
}

/** Every kind of message that carries a link, and how it comes about. */
const messages: readonly (readonly [what: string, links: () => Promise<readonly string[]>])[] = [
  ['the link of the first owner', async () => [server.ownerLink]],
  [
    'a verification',
    async () => {
      await ask('/auth/register', { email: 'noah@example.com', password, name: 'Noah' })
      return mailed('Confirm your e-mail address')
    },
  ],
  [
    'a reset',
    async () => {
      await ask('/auth/forgot-password', { email: 'ann@example.com' })
      return mailed('password')
    },
  ],
  [
    'an invitation',
    async () => {
      const headers = await proveAnew(server.client, ann)
      await ask('/dashboard/team/invitations', { role: 'viewer', email: 'eve@example.com' }, headers)
      return mailed('An invitation')
    },
  ],
  [
    'a change of address',
    async () => {
      await ask('/dashboard/account/change-email', { newEmail: 'ann2@example.com', password })
      return mailed('Confirm your new e-mail address')
    },
  ],
  [
    'a device',
    async () => {
      const device = await ask<{ verificationUrl: string; verificationUrlComplete: string }>(
        '/auth/device/code',
        { client: 'cli' },
      )
      return [device.verificationUrl, device.verificationUrlComplete]
    },
  ],
  [
    'the verification of a channel',
    async () => {
      await ask('/dashboard/notification-channels', {
        type: 'email',
        name: 'Desk',
        config: { email: 'desk@example.com' },
      })
      return mailed('Confirm this address for notices')
    },
  ],
  [
    'a webhook of an incident',
    async () => {
      await ask('/dashboard/notification-channels', {
        type: 'webhook',
        name: 'Hook',
        config: { url: `http://127.0.0.1:${hooks.port}/`, secret: 'a secret of 20 chars' },
        isDefault: true,
      })
      await ask('/dashboard/incidents', { title: 'Payments are slow' })
      const { body } = await eventually('the webhook arrives', () => received[0])
      return linksIn(body)
    },
  ],
  [
    'a status page',
    async () => {
      await ask('/dashboard/services', { name: 'Acme', slug: 'acme', isPublic: true })
      return ['', '/subscribe'].map((part) => `${proxy.publicUrl}/status/acme${part}`)
    },
  ],
  [
    'the question whether to subscribe to it',
    async () => {
      const body = new URLSearchParams({ email: 'reader@example.com' })
      await fetch(`${proxy.publicUrl}/status/acme/subscribe`, { method: 'POST', body })
      return mailed('Confirm that you follow a status page')
    },
  ],
  [
    'a notice to a subscriber',
    async () => {
      const links = await mailed('Confirm that you follow a status page')
      for (const link of links) await fetch(link, { method: 'POST' })
      const { services } = await server.client.ask<{ services: { id: string; slug: string }[] }>(
        '/dashboard/services',
        { credential: ann.accessToken },
      )
      const serviceId = services.find(({ slug }) => slug === 'acme')?.id
      await ask('/dashboard/incidents', { title: 'Search is slow', serviceId })
      return mailed('Investigating: Search is slow')
    },
  ],
  [
    'the type of a problem',
    async () => {
      const { text } = await server.client.send('/healthz', { method: 'DELETE' })
      const { type } = JSON.parse(text) as { type: string }
      return [new URL(type, proxy.publicUrl).href]
    },
  ],
]

describe('every-link-opens', () => {
  it.each(messages)('%s leads to a page, below the path that a proxy takes away', async (_what, links) => {
    const found = await links()
    expect(found).not.toEqual([])
    for (const link of found) {
      const answer = await open(link)
      const { pathname } = new URL(answer.url)
      expect({ link, status: answer.status, type: answer.headers.get('content-type') }).toEqual({
        link,
        status: 200,
        type: 'text/html; charset=utf-8',
      })
      expect(link.startsWith(`${proxy.publicUrl}/`)).toBe(true)
      if (pathname.startsWith('/gate/house/app')) {
        expect({ link, isPage: isPage(pathname.slice('/gate/house'.length)) }).toEqual({ link, isPage: true })
      }
    }
  })

  it('every address of the app that the server writes is a page of the app', () => {
    const sources = globSync('server/src/**/*.ts', { cwd: packages }).filter(
      (file) => !file.includes('.test.'),
    )
    const written = sources.flatMap((file) =>
      [...read(file).matchAll(/publicUrl(?:\(\))?\}(\/[^`'"\s]*)/g)].map(([, tail = '']) => tail),
    )
    const tails = written.map((tail) => tail.replaceAll(/\$\{[^}]*\}/g, 'x').split(/[?#]/, 1)[0] ?? '')
    const ofApp = tails.filter((place) => place.startsWith('/app'))
    expect(ofApp.length).toBeGreaterThan(15)
    expect(ofApp.filter((place) => !isPage(place))).toEqual([])
    const others = tails.filter(
      (place) =>
        !place.startsWith('/app') &&
        !/^\/(?:auth|ping|notification-channels|status|subscriptions|security|docs|v1|\.well-known)\//.test(
          place,
        ),
    )
    expect(others).toEqual([])
  })

  it.each([
    ['badge.svg', 'image/svg+xml'],
    ['history.atom', 'application/atom+xml'],
    ['history.rss', 'application/rss+xml'],
    ['calendar.ics', 'text/calendar'],
    ['api/v2/summary.json', 'application/json'],
    ['api/v2/incidents/unresolved.json', 'application/json'],
  ])('a public status page has %s for programs', async (part, type) => {
    const { status, headers } = await open(`${proxy.publicUrl}/status/acme/${part}`)
    expect([status, headers.get('content-type')?.split(';', 1)[0]]).toEqual([200, type])
  })

  it('a page shows its parts, which lie below the path too', async () => {
    for (const page of [
      '/app/login',
      '/status/acme',
      '/docs',
      '/docs/problems',
      '/docs/problems/NOT_FOUND',
    ]) {
      const answer = await open(`${proxy.publicUrl}${page}`)
      const parts = [...(await answer.text()).matchAll(/<(?:script|link)[^>]* (?:src|href)="([^"]+)"/g)]
      expect(parts.length).toBeGreaterThan(0)
      for (const [, part = ''] of parts) {
        const { status } = await fetch(new URL(part, answer.url))
        expect({ page, part, status }).toEqual({ page, part, status: 200 })
      }
    }
  })

  it.each([
    ['/', '/app'],
    ['/setup?token=abc%2F', '/app/setup?token=abc%2F'],
    ['/reset-password?token=a&b=c?d', '/app/reset-password?token=a&b=c?d'],
    ['/monitors/01ARZ?tab=x', '/app/uptime/monitors/01ARZ?tab=x'],
    ['/webhooks/a%20b', '/app/alerts/webhooks/a%20b'],
    ['/incidents/01ARZ', '/app/uptime/incidents/01ARZ'],
    ['/status-pages', '/app/uptime/status-pages'],
  ])('who follows the old address %s comes to %s', async (old, now) => {
    const { status, headers } = await server.client.send(old)
    expect({ status, location: headers.get('location'), kept: headers.get('cache-control') }).toEqual({
      status: 308,
      location: `/gate/house${now}`,
      kept: 'no-store',
    })
  })
})

describe('a browser gets a page and a program a problem', () => {
  const accept = 'text/html,application/xhtml+xml,*/*;q=0.8'

  it.each(['/nowhere', '/dashboard/nowhere', '/api/v1/nowhere', '/monitors/a/b'])('at %s', async (path) => {
    const page = await server.client.send(path, { headers: { accept } })
    expect({ status: page.status, type: page.headers.get('content-type') }).toEqual({
      status: 404,
      type: 'text/html; charset=utf-8',
    })
    expect(page.text).toContain('href="/gate/house/app"')
    const problem = await server.client.send(path, { headers: { accept: 'application/json' } })
    expect(problem.status).toBe(404)
    expect(problem.headers.get('content-type')).toContain('json')
    expect(JSON.parse(problem.text)).toMatchObject(
      problem.headers.get('content-type')?.startsWith('application/problem+json') === true
        ? { code: 'NOT_FOUND' }
        : { error: { code: 'NOT_FOUND' } },
    )
  })

  it('any page of the app is the app, which says itself that it has no such page', async () => {
    const { status, headers } = await server.client.send('/app/no/such/page', { headers: { accept } })
    expect([200, 503]).toContain(status)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
  })

  it('an unknown problem is a page that says so', async () => {
    const { status, text, headers } = await server.client.send('/docs/problems/%3Cscript%3E')
    expect(status).toBe(404)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(text).not.toContain('<script')
  })

  it('each part of the API has its page, and one that does not exist says so', async () => {
    const { text } = await server.client.send('/docs')
    const links = [...text.matchAll(/href="\.(\/docs\/operations\/[^"]+)"/g)].map(([, link = '']) => link)
    expect(links.length).toBeGreaterThan(20)
    for (const link of links) {
      const page = await server.client.send(link)
      expect({ link, status: page.status }).toEqual({ link, status: 200 })
      expect(page.text.length).toBeLessThan(40_000)
      expect(page.text).toContain('<li><code>')
    }
    expect((await server.client.send('/docs/operations/%3Cb%3E')).status).toBe(404)
  })

  it.each(['/docs', '/docs/operations/account', '/docs/problems', '/docs/problems/NOT_FOUND'])(
    '%s is a page without script',
    async (path) => {
      const { status, text, headers } = await server.client.send(path)
      expect(status).toBe(200)
      expect(headers.get('content-security-policy')).toContain("default-src 'none'; style-src 'self'")
      expect(text).not.toMatch(/<script|style=|javascript:/)
      expect(text.length).toBeLessThan(40_000)
    },
  )
})
