import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalNames, startLocalNames } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Certificate, makeCertificate } from './fixtures/certificate.ts'
import type { Call, Client } from './fixtures/client.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, join as joinTeam, setUpOwner, type SignedIn } from './fixtures/people.ts'

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-domains-'))
const own = 'gate.test'
const domain = 'status.acme.test'
let server: ComposedServer
let dns: LocalNames
let owner: SignedIn
let key: string
let id: string

function write(place: string, { cert, key: secret }: Certificate): void {
  mkdirSync(join(folder, place), { recursive: true })
  writeFileSync(join(folder, place, 'privkey.pem'), secret)
  writeFileSync(join(folder, place, 'fullchain.pem'), cert)
}

beforeAll(async () => {
  write('own', makeCertificate(own))
  write(`domains/${domain}`, makeCertificate(domain))
  dns = await startLocalNames()
  server = await composeServer({
    GATEHOUSE_PUBLIC_URL: `https://${own}`,
    GATEHOUSE_DNS_SERVERS: `127.0.0.1:${dns.port}`,
    GATEHOUSE_TLS_CERT: join(folder, 'own/fullchain.pem'),
    GATEHOUSE_TLS_KEY: join(folder, 'own/privkey.pem'),
    GATEHOUSE_TLS_DOMAINS: join(folder, 'domains'),
  })
  owner = await setUpOwner(client, server.ownerToken)
  key = await createKey(client, owner)
  const { service } = await client.ask<{ service: { id: string } }>('/api/v1/services', {
    credential: key,
    body: { name: 'Acme Status', slug: 'acme' },
  })
  id = service.id
  await client.ask('/api/v1/monitors', {
    credential: key,
    body: { type: 'heartbeat', name: 'Shop', config: {}, serviceId: id },
  })
})
afterAll(async () => {
  await server.stop()
  await dns.close()
  rmSync(folder, { recursive: true, force: true })
})

type Reply = {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The name on the certificate of the handshake. */
  readonly certificate: unknown
}

let sentSoFar = 0

/** One request at a host, by a client that would also send that name in its handshake. */
function at(host: string, path: string, { method, credential, body, headers }: Call = {}): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>()
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
  sentSoFar += 1
  const sent = request(
    {
      host: '127.0.0.1',
      port: new URL(server.origin).port,
      servername: host.replace(/:\d+$|\.$/g, ''),
      rejectUnauthorized: false,
      agent: false,
      path,
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        host,
        'x-forwarded-for': `198.18.${sentSoFar >> 8}.${sentSoFar & 255}`,
        ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
        ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
    },
    (response) => {
      // Safe: the connection is one of TLS.
      const certificate = (response.socket as TLSSocket).getPeerCertificate().subject.CN
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          text: Buffer.concat(chunks).toString('utf8'),
          headers: response.headers,
          certificate,
        }),
      )
    },
  )
  sent.on('upgrade', (_response, socket) => {
    socket.destroy()
    reject(new Error('It was upgraded'))
  })
  sent.on('error', reject)
  sent.end(text)
  return promise
}

const client: Client = {
  send: async (path, call) => {
    const { status, text } = await at(own, path, call)
    return { status, text, headers: new Headers() }
  },
  ask: async <T>(path: string, call: Call = {}) => {
    const { status, text } = await at(own, path, call)
    if (status >= 300) throw new Error(`${path} answered ${status}: ${text}`)
    // Safe: the server parses its replies with the schemas that these types are read from.
    return JSON.parse(text) as T
  },
}

type Validated = {
  readonly service: {
    readonly customDomainStatus: string
    readonly customDomainValidation: {
      readonly records: readonly { readonly type: string; readonly name: string; readonly value: string }[]
    }
  }
}

const place = () => `/api/v1/services/${id}/custom-domain`
const change = (path: string, call: Call = {}) => client.ask<Validated>(path, { credential: key, ...call })

async function activate(): Promise<void> {
  const { service } = await change(place(), { body: { domain: 'Status.Acme.Test.' } })
  for (const { type, name, value } of service.customDomainValidation.records)
    dns.names.set(name, type === 'CNAME' ? { alias: value } : { texts: [value] })
  const verified = await change(`${place()}/verify`, { method: 'POST' })
  expect(verified.service.customDomainStatus).toBe('active')
}

const html = { accept: 'text/html' }

it('an unknown host behaves as ever, before there is a domain', async () => {
  expect((await at(domain, '/healthz')).status).toBe(200)
  expect((await at(domain, '/status/acme')).status).toBe(200)
  expect((await at(own, `/status/tls-ask?domain=${domain}`)).status).toBe(404)
  expect((await at(domain, '/')).certificate).toBe(own)
})

describe('a-page-is-read-at-its-own-domain', () => {
  beforeAll(activate)

  it('the page is at the root, with what hangs on it', async () => {
    const page = await at(domain, '/')
    expect(page.status).toBe(200)
    expect(page.text).toContain('Acme Status')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    const links = [...page.text.matchAll(/(?:href|src)="([^"#?]+)/g)].map(([, link = '']) => link)
    expect(links.length).toBeGreaterThan(2)
    for (const link of links) {
      const { pathname } = new URL(link, `https://${domain}/`)
      expect({ pathname, status: (await at(domain, pathname)).status }).toEqual({ pathname, status: 200 })
    }
    for (const path of [
      '/api/v2/summary.json',
      '/badge.svg',
      '/?lang=ja',
      '/api/v2/incidents/unresolved.json',
    ])
      expect({ path, status: (await at(domain, path)).status }).toEqual({ path, status: 200 })
    expect((await at(domain, '/?lang=ja')).text).toContain('lang="ja"')
    const form = await at(domain, '/subscribe')
    const [, back = ''] = /href="([^"]+\?lang=en)"/.exec(form.text) ?? []
    expect(new URL(back, `https://${domain}/subscribe`).href).toBe(`https://${domain}/?lang=en`)
  })

  it('feeds, calendar and programs are told the address at the domain', async () => {
    expect((await at(domain, '/history.atom')).text).toContain(
      `<link rel="self" type="application/atom+xml" href="https://${domain}/history.atom"`,
    )
    const summary = (await at(domain, '/api/v2/summary.json')).text
    expect(summary).toContain(`https://${domain}`)
    expect(summary).not.toContain(own)
    expect((await at(own, '/status/acme/history.atom')).text).toContain(
      `https://${own}/status/acme/history.atom`,
    )
  })

  it.each([
    ['upper case', 'STATUS.ACME.TEST'],
    ['the dot of the root', `${domain}.`],
    ['a port', `${domain}:443`],
  ])('%s is the same name', async (_what, host) => {
    expect((await at(host, '/')).text).toContain('Acme Status')
  })

  it('a renamed page stays at its domain', async () => {
    const rename = (slug: string) => change(`/api/v1/services/${id}`, { method: 'PUT', body: { slug } })
    await rename('acme-two')
    await expect.poll(async () => (await at(domain, '/')).status).toBe(200)
    await rename('acme')
    await expect.poll(async () => (await at(domain, '/')).status).toBe(200)
  })

  it('a password opens it there, by a cookie of that host', async () => {
    const set = (body: object) => change(`/api/v1/services/${id}`, { method: 'PUT', body })
    await set({ access: 'password', password: 'open sesame' })
    await expect.poll(async () => (await at(domain, '/')).status).toBe(403)
    const form = { 'content-type': 'application/x-www-form-urlencoded', origin: `https://${domain}` }
    const opened = await at(domain, '/', { body: 'password=open+sesame', headers: form })
    expect(opened.status).toBe(303)
    expect(opened.headers.location).toBe('/')
    const [cookie = ''] = [opened.headers['set-cookie'] ?? []].flat()
    expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Lax; .*Secure/)
    const [pass = ''] = cookie.split(';')
    expect((await at(domain, '/', { headers: { cookie: pass } })).status).toBe(200)
    await set({ access: 'members' })
    await expect.poll(async () => (await at(domain, '/', { headers: { cookie: pass } })).status).toBe(404)
    await set({ access: 'public' })
    await expect.poll(async () => (await at(domain, '/')).status).toBe(200)
  })
})

describe('nothing-else-is-served-at-a-custom-host', () => {
  beforeAll(activate)

  it.each([
    '/app',
    '/app/login',
    '/auth/login',
    '/api/v1/services',
    '/api/v1/monitors',
    '/dashboard/services',
    '/v1/board',
    '/healthz',
    '/readyz',
    '/metrics',
    '/mcp',
    '/docs',
    '/openapi.json',
    '/security',
    '/.well-known/security.txt',
    '/status/acme',
    '/status/acme/badge.svg',
    '/status/tls-ask?domain=status.acme.test',
    '/status/assets/../../app',
    '/../app',
    '//app',
    '/%2e%2e/app',
    '/assets/%2e%2e%2fapp',
    'https://gate.test/app',
    'https://gate.test/api/v1/services',
  ])('%s', async (path) => {
    const bare = await at(domain, path, { credential: key })
    expect([404, 400]).toContain(bare.status)
    expect(bare.text).not.toContain('Acme Status')
    const page = await at(domain, path, { headers: html })
    expect([404, 400]).toContain(page.status)
    expect(page.text).not.toMatch(/Gatehouse|\/app/)
  })

  it('neither a log-in nor a socket is answered there', async () => {
    const body = { email: 'ann@example.com', password: 'x' }
    expect((await at(domain, '/auth/login', { body })).status).toBe(404)
    const handshake = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    }
    expect((await at(domain, '/v1/stream', { headers: handshake })).status).toBe(404)
    expect((await at(own, '/v1/stream', { headers: handshake })).status).not.toBe(404)
  })

  it('other hosts behave as ever', async () => {
    for (const host of [own, 'other.acme.test', 'acme.test', `x.${domain}`]) {
      expect((await at(host, '/healthz')).status).toBe(200)
      expect((await at(host, '/openapi.json')).status).toBe(200)
    }
  })
})

describe('a-certificate-is-for-active-domains-alone', () => {
  beforeAll(activate)

  const ask = async (name: string) =>
    (await at(own, `/status/tls-ask?domain=${encodeURIComponent(name)}`)).status

  it('a proxy that asks gets its word for an active domain, in any spelling, and for no other', async () => {
    expect(await ask(domain)).toBe(200)
    expect(await ask('STATUS.acme.test.')).toBe(200)
    for (const name of [own, 'other.acme.test', 'acme.test', '*', '127.0.0.1', '../own'])
      expect({ name, status: await ask(name) }).toEqual({ name, status: 404 })
    expect((await at(own, '/status/tls-ask')).status).toBe(400)
  })

  it('its own certificate is shown in its handshakes, and another one as soon as it is renewed', async () => {
    expect((await at(domain, '/')).certificate).toBe(domain)
    expect((await at(own, '/healthz')).certificate).toBe(own)
    write(`domains/${domain}`, makeCertificate('renewed.test'))
    expect((await at(domain, '/')).certificate).toBe('renewed.test')
    writeFileSync(join(folder, 'domains', domain, 'privkey.pem'), 'no key')
    expect((await at(domain, '/')).certificate).toBe('renewed.test')
    write(`domains/${domain}`, makeCertificate(domain))
    expect((await at(domain, '/')).certificate).toBe(domain)
  })

  it('a name that no page has gets no certificate of the folder', async () => {
    write('domains/other.acme.test', makeCertificate('other.acme.test'))
    expect((await at('other.acme.test', '/healthz')).certificate).toBe(own)
  })
})

describe('a-domain-is-for-owners', () => {
  beforeAll(activate)

  it('members and viewers read it, and change nothing', async () => {
    const roles: readonly ('member' | 'viewer')[] = ['member', 'viewer']
    for (const role of roles) {
      const { accessToken: credential } = await joinTeam(client, owner, role)
      const page = `/dashboard/services/${id}/custom-domain`
      const calls = [
        at(own, page, { credential, body: { domain: 'mine.acme.test' } }),
        at(own, `${page}/verify`, { credential, method: 'POST' }),
        at(own, page, { credential, method: 'DELETE' }),
      ]
      for (const { status } of await Promise.all(calls)) expect(status).toBe(403)
      const { services } = await client.ask<{ services: readonly object[] }>('/dashboard/services', {
        credential,
      })
      expect(services).toContainEqual(expect.objectContaining({ id, customDomain: domain }))
    }
  })

  it.each([
    ['192.0.2.1', 'must be a name, not an IP address'],
    ['*.acme.test', 'must be one name, not a wildcard'],
    ['localhost', 'must be a name of the public internet'],
    ['co.uk', 'must be a name of your own below it'],
    ['https://status.acme.test/', 'must be a host name such as status.example.com'],
    [own, 'is the name of this instance itself'],
  ])('%s is refused by the name of its field', async (name, because) => {
    const { status, text } = await at(own, place(), { credential: key, body: { domain: name } })
    expect(status).toBe(400)
    expect(text).toContain(`domain: ${because}`)
  })

  it('once it is removed, its host is like every other', async () => {
    const credential = owner.accessToken
    await client.ask(`/dashboard/services/${id}/custom-domain`, { credential, method: 'DELETE' })
    expect((await at(domain, '/openapi.json')).status).toBe(200)
    expect((await at(domain, '/')).certificate).toBe(own)
    expect((await at(own, `/status/tls-ask?domain=${domain}`)).status).toBe(404)
  })

  it('a server that starts anew knows its domains before it answers', async () => {
    await activate()
    await server.restart(async () => undefined)
    expect((await at(domain, '/')).text).toContain('Acme Status')
    expect((await at(domain, '/openapi.json')).status).toBe(404)
  })
})
