import { asGate, type Invalidations, listenForInvalidations } from '@gatehouse/kernel/db'
import { createMemoryStore } from '@gatehouse/kernel/limits'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { createSessionVerifier, openSession, type SessionVerifier } from '@gatehouse/kernel/sessions'
import { fakeClock } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLimiter } from '../http/limiter.ts'
import { type HttpServer, listen } from '../http/listen.ts'
import { securityHeaders } from '../http/security-headers.ts'
import { buildService } from '../service/define-service.ts'
import { createOwnerLink, definePlatform, findMembership } from './index.ts'
import { startTestPlatform, type TestPlatform } from './testing/test-platform.ts'
import { createOwner } from './usecases/create-owner.ts'
import { signAccessToken } from './usecases/open-member-session.ts'
import { judgeControlTokens } from '../mcp/judge-control-tokens.ts'

const service = definePlatform([])
let platform: TestPlatform
let invalidations: Invalidations
let verifier: SessionVerifier
let server: HttpServer
const limitClock = fakeClock()
const password = 'correct horse battery'

beforeAll(async () => {
  platform = await startTestPlatform()
  const { deps, clock, database } = platform
  invalidations = await listenForInvalidations(database.url)
  verifier = createSessionVerifier({ db: deps.db, tokens: deps.tokens, invalidations, clock, findMembership })
  server = await listen(
    {
      // The floor is kept by real time.
      clock: { now: clock.now, monotonic: () => performance.now() },
      limiter: createLimiter(createMemoryStore(), limitClock),
      refusals: { note: deps.refusals.note, noteAccepted: () => undefined, stop: async () => undefined },
      verifyMaster: () => ({ accepted: false, reason: 'not_configured' }),
      log: deps.log,
      calls: {
        record: () => undefined,
        counts: () => ({ queued: 0, waited: 0, lost: 0 }),
        flush: async () => undefined,
        stop: async () => undefined,
      },
      trustedHops: 0,
      publicUrl: () => 'http://localhost',
      publicPath: '',
      verifyKey: async () => ({ accepted: false, reason: 'unknown' }),
      verifySession: async (text, ip) => {
        const verdict = await verifier.verify(text)
        if (!verdict.accepted) return verdict
        const { userId, orgId, sessionId, role } = verdict
        const principal = { kind: 'member', userId, orgId, sessionId, role, ip } as const
        return { accepted: true, principal, requestsPerWindow: null }
      },
      isInstanceAdmin: async () => false,
      belongsElsewhere: async () => false,
      verifySudo: (text, member) => deps.sudoTokens.verify(text, member, clock.now()),
      securityHeaders,
      judgeControlTokens,
      preflightOrigins: [],
      isOriginAllowed: async () => false,
      news: invalidations,
      rereadKeys: async () => () => ({ accepted: false, reason: 'unknown' }),
      takesQueryKeys: false,
      db: deps.db,
      digests: deps.digests,
    },
    {
      host: '127.0.0.1',
      port: 0,
      trustedProxies: [],
      socketsPerAddressMax: 100,
      services: [buildService(service, deps)],
    },
  )
})
afterAll(async () => {
  await server.stop()
  verifier.stop()
  await invalidations.stop()
  await platform.database.drop()
})

type Answer = { readonly status: number; readonly text: string; readonly headers: Headers }

/** The sudo tokens of people with a fresh proof, by access token. */
const sudoTokens = new Map<string, string>()

async function send(method: string, path: string, token?: string, body?: unknown): Promise<Answer> {
  const sudoToken = sudoTokens.get(token ?? '')
  const response = await fetch(`${server.origin}${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(sudoToken === undefined ? {} : { 'x-sudo-token': sudoToken }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, text: await response.text(), headers: response.headers }
}

/** Two minutes after the call before, so that no limit is met. The reply's schema has been checked by the server. */
async function call<T>(method: string, path: string, token?: string, body?: unknown): Promise<T> {
  limitClock.advance(120_000)
  const { status, text } = await send(method, path, token, body)
  if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${text}`)
  // Safe: the server parses its replies with the schemas that these types are read from.
  return JSON.parse(text) as T
}

type SignedIn = {
  user: { id: string; teamId: string; role: string }
  accessToken: string
  refreshToken: string
}
type Data<T> = { data: T }

it('the whole life of an org works over HTTP, and every reply fits its schema', async () => {
  const link = await createOwnerLink(platform.deps)
  if (!link.open) throw new Error('Somebody has an account already')
  const token = new URL(link.url).searchParams.get('token')
  const owner = { token, email: 'Ann@Example.com', password, name: 'Ann', orgName: 'Acme' }
  const ann = await call<SignedIn>('POST', '/auth/setup', undefined, owner)
  expect(ann.user).toMatchObject({ email: 'ann@example.com', name: 'Ann', role: 'owner' })
  const proof = { password }
  const sudo = await call<{ sudoToken: string }>('POST', '/dashboard/sudo/verify', ann.accessToken, proof)
  sudoTokens.set(ann.accessToken, sudo.sudoToken)

  const invited = await call<Data<{ token: string; emailSent: boolean }>>(
    'POST',
    '/dashboard/team/invitations',
    ann.accessToken,
    { role: 'viewer', email: 'bob@example.com' },
  )
  expect(invited.data).toMatchObject({ email: 'bob@example.com', role: 'viewer', emailSent: true })
  const open = await call<Data<unknown[]>>('GET', '/dashboard/team/invitations', ann.accessToken)
  expect(open.data).toHaveLength(1)
  const bob = await call<SignedIn>('POST', '/auth/invitations/accept', undefined, {
    token: invited.data.token,
    email: 'bob@example.com',
    password,
    name: 'Bob',
  })
  expect(bob.user).toMatchObject({ teamId: ann.user.teamId, role: 'viewer' })

  const me = await call<{ teams: unknown[]; teamId: string }>('GET', '/dashboard/me', bob.accessToken)
  expect(me).toMatchObject({
    teamId: ann.user.teamId,
    role: 'viewer',
    teams: [{ name: 'Acme', plan: 'unlimited' }],
  })
  const members = await call<Data<unknown[]>>('GET', '/dashboard/team/members', bob.accessToken)
  expect(members.data).toHaveLength(2)
  await call('GET', `/dashboard/team/members/${ann.user.id}`, bob.accessToken)
  await call('PUT', `/dashboard/team/members/${bob.user.id}`, ann.accessToken, { role: 'member' })

  const made = await call<{ apiKey: { id: string; key: string } }>(
    'POST',
    '/dashboard/api-keys',
    ann.accessToken,
    {
      name: 'ci',
      service: 'uptime',
      scopes: ['read', 'write'],
    },
  )
  const rotated = await call<{ apiKey: { id: string; key: string } }>(
    'POST',
    `/dashboard/api-keys/${made.apiKey.id}/rotate`,
    ann.accessToken,
  )
  expect(rotated.apiKey.key).not.toBe(made.apiKey.key)
  await call('PUT', `/dashboard/api-keys/${rotated.apiKey.id}`, ann.accessToken, {
    name: 'cd',
    rateLimit: 10,
  })
  const keys = await call<{ apiKeys: unknown[] }>('GET', '/dashboard/api-keys', ann.accessToken)
  expect(keys.apiKeys).toMatchObject([{ name: 'cd', rateLimit: 10, type: 'persistent' }])
  expect(JSON.stringify(keys)).not.toContain(rotated.apiKey.key)
  await call('DELETE', `/dashboard/api-keys/${rotated.apiKey.id}`, ann.accessToken)

  const settings = { name: 'Acme & Sons', allowedOrigins: ['https://app.example.com'] }
  expect(await call('PUT', '/dashboard/team', ann.accessToken, settings)).toMatchObject({ data: settings })
  expect(await call('GET', '/dashboard/team', ann.accessToken)).toMatchObject({ data: settings })
  const other = await call<Data<{ id: string }>>('POST', '/dashboard/teams', ann.accessToken, {
    name: 'Other',
  })
  expect((await call<Data<unknown[]>>('GET', '/dashboard/teams', ann.accessToken)).data).toHaveLength(2)
  const switched = await call<{ accessToken: string }>(
    'POST',
    `/dashboard/teams/${other.data.id}/switch`,
    ann.accessToken,
  )
  expect(await call('GET', '/dashboard/me', switched.accessToken)).toMatchObject({ teamId: other.data.id })

  const sessions = await call<{ sessions: unknown[] }>('GET', '/dashboard/sessions', ann.accessToken)
  expect(sessions.sessions).toMatchObject([
    { current: true, ipAddress: '127.0.0.1', device: { browser: 'node', system: null } },
  ])
  expect(await call('GET', '/dashboard/audit-logs?action=key.&limit=2', ann.accessToken)).toMatchObject({
    auditLogs: [{ eventType: 'key.revoke' }, { eventType: 'key.update' }],
    hasMore: true,
  })
  expect(await call('GET', '/dashboard/audit-logs/verify', ann.accessToken)).toMatchObject({ intact: true })
  const exported = await send('GET', '/dashboard/audit-logs/export', ann.accessToken)
  expect(exported.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
  expect(exported.text.trimEnd().split('\n').length).toBeGreaterThan(10)

  await call('POST', '/auth/refresh', undefined, { refreshToken: ann.refreshToken })
  await call('POST', '/auth/logout', ann.accessToken)
})

it('unknown-and-wrong-logins-are-indistinguishable on the wire', async () => {
  limitClock.advance(120_000)
  const email = 'known@example.com'
  await createOwner(platform.deps, { email, password, name: 'Known', orgName: 'Known' })
  const wrong = await send('POST', '/auth/login', undefined, { email, password: 'x' })
  const unknown = await send('POST', '/auth/login', undefined, { email: 'eve@example.com', password: 'x' })
  expect(wrong.status).toBe(401)
  expect([unknown.status, unknown.text]).toEqual([wrong.status, wrong.text])
  const names = (headers: Headers): string[] => [...headers.keys()].toSorted()
  expect(names(unknown.headers)).toEqual(names(wrong.headers))
})

it('the tenth request a minute to /auth is answered, and the eleventh refused', async () => {
  limitClock.advance(120_000)
  const body = { token: 'A'.repeat(43) }
  for (let n = 0; n < 10; n += 1)
    expect((await send('POST', '/auth/verify-email', undefined, body)).status).toBe(400)
  const eleventh = await send('POST', '/auth/verify-email', undefined, body)
  expect(eleventh.status).toBe(429)
  expect(Number(eleventh.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
})

it('a viewer changes nothing of the org', async () => {
  const owner = await platform.found()
  const viewer = await platform.join(owner.orgId, 'viewer')
  const { clock } = platform
  const { accessToken } = await openSessionFor(viewer)
  clock.advance(1)
  const writes = service.endpoints.filter(
    ({ method, access }) => method !== 'GET' && access.kind === 'session' && access.role !== 'viewer',
  )
  expect(writes.length).toBeGreaterThan(7)
  const answers: Record<string, number> = {}
  for (const endpoint of writes) {
    limitClock.advance(120_000)
    const path = endpoint.path.replace(/\{\w+\}/, owner.userId)
    answers[endpoint.id] = (await send(endpoint.method, path, accessToken)).status
  }
  expect(answers).toEqual(Object.fromEntries(writes.map(({ id }) => [id, 403])))
  const removal = await send('DELETE', `/dashboard/team/members/${owner.userId}`, accessToken)
  expect(removal.status).toBe(403)
})

async function openSessionFor(member: MemberPrincipal): Promise<{ accessToken: string }> {
  const { deps, clock } = platform
  const { userId, orgId, ip } = member
  const { session } = await asGate(deps, (tx) =>
    openSession(tx, { userId, orgId, ip, userAgent: undefined }, clock.now()),
  )
  return { accessToken: await signAccessToken(deps, session, orgId) }
}
