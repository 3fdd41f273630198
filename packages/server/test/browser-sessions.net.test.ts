import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { password, setUpOwner } from './fixtures/people.ts'

let server: ComposedServer
const credentials = { email: 'ann@example.com', password }
const inCookie = { 'x-gatehouse-session': 'cookie' }

beforeAll(async () => {
  server = await composeServer()
  await setUpOwner(server.client, server.ownerToken)
})
afterAll(() => server.stop())
beforeEach(() => server.passMinute())

/** What a browser would keep and send back. */
async function logIn(): Promise<string> {
  const { status, text, headers } = await server.client.send('/auth/login', {
    body: credentials,
    headers: inCookie,
  })
  expect(status).toBe(200)
  expect(JSON.parse(text)).not.toHaveProperty('refreshToken')
  expect(headers.get('cache-control')).toBe('no-store')
  return toCookie(headers)
}

function toCookie(headers: Headers): string {
  const [set = ''] = headers.getSetCookie()
  expect(set).toMatch(
    /^__Host-gatehouse-refresh=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict; Max-Age=604800$/,
  )
  return set.split(';')[0] ?? ''
}

const refresh = (headers: Readonly<Record<string, string>>) =>
  server.client.send('/auth/refresh', { method: 'POST', headers })

it('a browser goes on with its cookie alone, a new one each time, and the used one is dead', async () => {
  const cookie = await logIn()
  const { origin } = server
  const first = await refresh({ cookie, origin })
  expect(first.status).toBe(200)
  expect(Object.keys(JSON.parse(first.text))).toEqual(['accessToken'])
  const next = toCookie(first.headers)
  expect(next).not.toBe(cookie)
  expect((await refresh({ cookie, origin })).status).toBe(401)
  expect((await refresh({ cookie: next, origin })).status).toBe(200)
})

it.each([
  ['no Origin', {}],
  ['a foreign one', { origin: 'https://evil.example' }],
  ['a withheld one', { origin: 'null' }],
])('a cookie with %s opens nothing, and stays good for its own page', async (_what, headers) => {
  const cookie = await logIn()
  const refused = await refresh({ cookie, ...headers })
  expect(refused.status).toBe(403)
  expect(refused.headers.getSetCookie()).toEqual([])
  expect((await refresh({ cookie, origin: server.origin })).status).toBe(200)
})

it('a program that sends the token in the body needs no Origin and gets no cookie', async () => {
  const { text, headers } = await server.client.send('/auth/login', { body: credentials })
  expect(headers.getSetCookie()).toEqual([])
  const { refreshToken } = JSON.parse(text)
  const next = await server.client.send('/auth/refresh', { body: { refreshToken } })
  expect(next.status).toBe(200)
  expect(next.headers.getSetCookie()).toEqual([])
  expect(JSON.parse(next.text)).toHaveProperty('refreshToken')
})

it('twenty reloads from one address within seconds keep a browser in, and a lost race says that it is one', async () => {
  let cookie = await logIn()
  const { origin } = server
  const from = { 'x-forwarded-for': '198.51.100.77', origin }
  for (let n = 0; n < 20; n += 1) {
    const answers = await Promise.all([refresh({ ...from, cookie }), refresh({ ...from, cookie })])
    const [won, lost] = answers.toSorted((left, right) => left.status - right.status)
    expect([won?.status, lost?.status]).toEqual([200, 401])
    expect(lost?.text).toContain('REFRESH_SUPERSEDED')
    expect(lost?.headers.getSetCookie()).toEqual([])
    cookie = toCookie(won?.headers ?? new Headers())
  }
  const dead = await refresh({ ...from, cookie: cookie.replace(/=.*/, `=${'A'.repeat(43)}`) })
  expect([dead.status, dead.text.includes('REFRESH_SUPERSEDED')]).toEqual([401, false])
})

it('neither token nor cookie is the usual 401', async () => {
  expect((await refresh({ origin: server.origin })).status).toBe(401)
})

it('a cookie is no credential for anything but its renewal', async () => {
  const cookie = await logIn()
  const { status } = await server.client.send('/dashboard/me', { headers: { cookie, origin: server.origin } })
  expect(status).toBe(401)
})

it('a log-out takes the cookie away, and its session is over', async () => {
  const cookie = await logIn()
  const { origin } = server
  const first = await refresh({ cookie, origin })
  const next = toCookie(first.headers)
  const { accessToken } = JSON.parse(first.text)
  const out = await server.client.send('/auth/logout', {
    method: 'POST',
    credential: accessToken,
    headers: { cookie: next },
  })
  expect(out.headers.getSetCookie()).toEqual([
    '__Host-gatehouse-refresh=; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=0',
  ])
  expect((await refresh({ cookie: next, origin })).status).toBe(401)
})
