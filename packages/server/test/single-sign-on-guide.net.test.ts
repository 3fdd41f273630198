import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { issuerFaults } from '../src/platform/domain/single-sign-on.ts'
import { toInstanceIssuer } from '../src/instance-issuer.ts'
import { readServerConfig } from '../src/config.ts'
import { proveAnew } from './fixtures/people.ts'
import { newSurfer, type SignOnWorld, startSignOnWorld } from './fixtures/signed-on.ts'

const guide = readFileSync(new URL('../../../docs/guides/single-sign-on.md', import.meta.url), 'utf8')
const address = (path: string): string => `https://gatehouse.example.com${path}`

let world: SignOnWorld

beforeAll(async () => {
  world = await startSignOnWorld()
})
afterAll(() => world.stop())

it('the guide to single sign-on leads from its settings to somebody who is signed in', async () => {
  const { server, issuer, owner, texts } = world
  const [, settings = ''] = /-d '(\{.*?\})'\n```/s.exec(guide) ?? []
  const body = JSON.parse(settings) as Record<string, unknown>
  const own = { issuer: issuer.url, clientId: issuer.client.id, clientSecret: issuer.client.secret }
  const credential = owner.accessToken
  const headers = await proveAnew(server.client, owner)
  const { data, redirectUri, backchannelLogoutUri } = await server.client.ask<{
    data: { domains: { record: { name: string; value: string } }[] }
    redirectUri: string
    backchannelLogoutUri: string
  }>('/dashboard/team/sso', { method: 'PUT', credential, headers, body: { ...body, ...own } })
  for (const uri of [redirectUri, backchannelLogoutUri])
    expect(guide).toContain(address(uri.slice(server.origin.length)))
  for (const { record } of data.domains) {
    expect(guide).toContain(record.name)
    expect(guide).toContain(record.value.slice(0, record.value.indexOf('=') + 1))
    texts.set(record.name, [record.value])
  }
  const check = await server.client.ask('/dashboard/team/sso/check', { method: 'POST', credential, headers })
  expect(check).toMatchObject({ issuerFault: null, domains: [{ outcome: 'proven' }] })
  const [, start = ''] =
    /`https:\/\/gatehouse\.example\.com(\/auth\/sso\/start\?email=[^`]+)`/.exec(guide) ?? []
  issuer.signsIn = {
    sub: 'you',
    email: 'you@example.com',
    email_verified: true,
    name: 'You',
    groups: ['engineers'],
  }
  const surfer = newSurfer()
  const { url } = await surfer.go(`${server.origin}${start}`, ({ pathname }) => pathname === '/app')
  expect(url.pathname).toBe('/app')
  const me = await server.client.ask('/dashboard/me', { credential: await world.tokenOf(surfer) })
  expect(me).toMatchObject({ role: 'member', user: { email: 'you@example.com' } })
})

it('the guide names every class of fault that the settings can be checked for', () => {
  const named = issuerFaults.filter((fault) => guide.includes(`\`${fault}\``))
  expect(named).toEqual(
    expect.arrayContaining([
      'issuer_unreachable',
      'issuer_slow',
      'issuer_forbidden',
      'issuer_answer_invalid',
      'issuer_mismatch',
      'client_refused',
      'key_unknown',
      'clock_differs',
    ]),
  )
})

it('the settings of the environment in the guide are an issuer of the instance, and half of them are refused', () => {
  const [, block = ''] = /```sh\n(GATEHOUSE_OIDC_ISSUER=.*?)```/s.exec(guide) ?? []
  const env = Object.fromEntries(
    block
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
  const issuer = toInstanceIssuer(readServerConfig(env, '/nowhere'))
  expect(issuer).toMatchObject({
    issuer: 'https://login.example.com/realms/acme',
    domains: ['example.com'],
    groupRoles: [
      { group: 'platform-team', role: 'owner' },
      { group: 'engineers', role: 'member' },
    ],
    defaultRole: 'viewer',
    orgSlug: undefined,
  })
  const { GATEHOUSE_OIDC_CLIENT_SECRET: _secret, ...half } = env
  expect(() => toInstanceIssuer(readServerConfig(half, '/nowhere'))).toThrow('GATEHOUSE_OIDC_CLIENT_SECRET')
})
