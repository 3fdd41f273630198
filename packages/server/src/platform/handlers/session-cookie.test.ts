import { WithHeaders } from '@gatehouse/kernel/endpoint'
import { Secret } from '@gatehouse/kernel/secrets'
import { expect, it } from 'vitest'
import { forgetCookie, handOver, keepsCookie, takeRefreshCookie } from './session-cookie.ts'

const request = (headers: Readonly<Record<string, string>>) => ({
  header: (name: string): string | undefined => headers[name],
})
const cookie = 'theme=dark; __Host-gatehouse-refresh=secret-token; other=1'

it.each<[promise: string, publicUrl: string, headers: Record<string, string>]>([
  ['the public URL', 'https://gate.example.com', { origin: 'https://gate.example.com' }],
  [
    'a path in the public URL is no part of it',
    'https://a.example.com/gate',
    { origin: 'https://a.example.com' },
  ],
  [
    'another name over TLS, by which the server was asked',
    'https://gate.example.com',
    { origin: 'https://other.example.com', host: 'other.example.com' },
  ],
  ['localhost', 'http://127.0.0.1:8080', { origin: 'http://localhost:8080', host: 'localhost:8080' }],
])('a cookie is taken from a page of the own origin: %s', (_promise, publicUrl, headers) => {
  expect(takeRefreshCookie({ publicUrl: () => publicUrl }, request({ ...headers, cookie }))).toBe(
    'secret-token',
  )
})

it.each<[promise: string, publicUrl: string, headers: Record<string, string>]>([
  ['no Origin', 'https://gate.example.com', { host: 'gate.example.com' }],
  ['an Origin that is withheld', 'https://gate.example.com', { origin: 'null', host: 'gate.example.com' }],
  ['another site', 'https://gate.example.com', { origin: 'https://evil.example', host: 'gate.example.com' }],
  [
    'a sibling of the same site',
    'https://gate.example.com',
    { origin: 'https://app.example.com', host: 'gate.example.com' },
  ],
  [
    'the same host without TLS',
    'https://gate.example.com',
    { origin: 'http://gate.example.com', host: 'gate.example.com' },
  ],
  ['another port', 'http://127.0.0.1:8080', { origin: 'http://localhost:9090', host: 'localhost:8080' }],
])('a cookie with a foreign Origin is refused: %s', (_promise, publicUrl, headers) => {
  const take = () => takeRefreshCookie({ publicUrl: () => publicUrl }, request({ ...headers, cookie }))
  expect(take).toThrow(expect.objectContaining({ code: 'FORBIDDEN', status: 403 }))
})

it('a request without the cookie has no token, wherever it came from', () => {
  const deps = { publicUrl: () => 'https://gate.example.com' }
  expect(takeRefreshCookie(deps, request({}))).toBeUndefined()
  expect(takeRefreshCookie(deps, request({ cookie: 'gatehouse-refresh=secret-token' }))).toBeUndefined()
})

it('only a client that says so gets a cookie, and then no token in the body', () => {
  const token = new Secret('secret-token')
  expect(keepsCookie(request({}))).toBe(false)
  expect(keepsCookie(request({ 'x-gatehouse-session': 'cookie' }))).toBe(true)
  expect(handOver({ accessToken: 'a' }, token, false)).toEqual({
    accessToken: 'a',
    refreshToken: 'secret-token',
  })
  const reply = handOver({ accessToken: 'a' }, token, true)
  if (!(reply instanceof WithHeaders)) throw new Error('No cookie was set')
  expect(reply.value).toEqual({ accessToken: 'a' })
  expect(reply.headers['set-cookie']).toBe(
    '__Host-gatehouse-refresh=secret-token; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=604800',
  )
})

it('a log-out takes the cookie away from whoever has one', () => {
  expect(forgetCookie({ ok: true }, request({}))).toEqual({ ok: true })
  const reply = forgetCookie({ ok: true }, request({ cookie }))
  if (!(reply instanceof WithHeaders)) throw new Error('The cookie was kept')
  expect(reply.headers['set-cookie']).toMatch(/^__Host-gatehouse-refresh=; .*Max-Age=0$/)
})
