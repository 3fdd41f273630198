import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Fault } from './fixtures/issuer.ts'
import { domain, newSurfer, type SignOnWorld, startSignOnWorld } from './fixtures/signed-on.ts'

let world: SignOnWorld
const discovery = '/.well-known/openid-configuration'

beforeAll(async () => {
  world = await startSignOnWorld()
  await world.configure({ clockSkewSeconds: 30 })
})
afterEach(() => world.issuer.faults.clear())
afterAll(() => world.stop())

let people = 0
const signIn = async () => {
  people += 1
  const email = `fault${people}@${domain}`
  world.issuer.signsIn = {
    sub: `fault${people}`,
    email,
    email_verified: true,
    name: 'Mia',
    groups: ['staff'],
  }
  const landing = await world.signIn(newSurfer(), email)
  return { landing, isIn: landing.url.pathname === '/app' }
}

const body =
  (status: number, type: string, text: string): Fault =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': type }).end(text)

/** The answer as it would be, with its members changed. */
const changed =
  (
    change: (answer: Record<string, unknown>) => Record<string, unknown> | Promise<Record<string, unknown>>,
  ): Fault =>
  async (_request, response, whole) => {
    const answer = JSON.parse((await whole()).body) as Record<string, unknown>
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(await change(answer)))
  }

/** The ID token with its claims changed, signed by the issuer's own key. */
const withClaims = (change: (claims: Record<string, unknown>) => Record<string, unknown>): Fault =>
  changed(async (answer) => ({
    ...answer,
    id_token: await world.issuer.sign(change(decodeJwt(String(answer['id_token'])))),
  }))

const now = (): number => Math.floor(Date.now() / 1_000)

describe('issuers-that-fail-are-told-apart: whoever does not come in reads why, and the audit log has the reason', () => {
  it.each<[what: string, path: string, fault: () => Fault, status: number, sentence: string, reason: string]>(
    [
      [
        'hangs up',
        discovery,
        () => (request) => void request.socket.destroy(),
        502,
        'cannot be reached',
        'issuer_unreachable: connection_reset',
      ],
      [
        'answers with a page',
        discovery,
        () => body(200, 'text/html', '<h1>Hello</h1>'),
        502,
        'cannot be understood',
        'issuer_answer_invalid: oauth_response_is_not_json',
      ],
      [
        'answers with half of JSON',
        discovery,
        () => body(200, 'application/json', '{"issuer":'),
        502,
        'cannot be understood',
        'issuer_answer_invalid: oauth_parse_error',
      ],
      [
        'answers with a list',
        discovery,
        () => body(200, 'application/json', '[]'),
        502,
        'cannot be understood',
        'issuer_answer_invalid',
      ],
      [
        'answers 500',
        discovery,
        () => body(500, 'application/json', '{}'),
        502,
        'cannot be understood',
        'issuer_answer_invalid: oauth_response_is_not_conform',
      ],
      [
        'answers with more than it may',
        discovery,
        () => body(200, 'application/json', JSON.stringify({ x: 'x'.repeat(300_000) })),
        502,
        'cannot be understood',
        'issuer_answer_invalid: body_too_large',
      ],
      [
        'sends us elsewhere',
        discovery,
        () => (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
        502,
        'cannot be understood',
        'issuer_answer_invalid: oauth_response_is_not_conform',
      ],
      [
        'calls itself by another name',
        discovery,
        () => changed((answer) => ({ ...answer, issuer: 'http://127.0.0.1:1' })),
        502,
        'by another name',
        'issuer_mismatch',
      ],
      [
        'names an address that is shut',
        discovery,
        () => changed((answer) => ({ ...answer, token_endpoint: 'http://127.0.0.1:1/token' })),
        502,
        'may not reach',
        'issuer_forbidden',
      ],
      [
        'names a metadata address for its keys',
        discovery,
        () => changed((answer) => ({ ...answer, jwks_uri: 'http://169.254.169.254/latest' })),
        502,
        'may not reach',
        'issuer_forbidden',
      ],
      [
        'sends people to a script',
        discovery,
        () => changed((answer) => ({ ...answer, authorization_endpoint: 'javascript:alert(1)' })),
        502,
        'cannot be understood',
        'issuer_answer_invalid',
      ],
      [
        'does not know the client',
        '/token',
        () => body(401, 'application/json', '{"error":"invalid_client"}'),
        502,
        'does not know this server',
        'client_refused: invalid_client',
      ],
      [
        'refuses the code',
        '/token',
        () => body(400, 'application/json', '{"error":"invalid_grant"}'),
        502,
        'refused this sign-in',
        'issuer_refused: invalid_grant',
      ],
      [
        'gives no ID token',
        '/token',
        () => changed(({ id_token: _token, ...answer }) => answer),
        502,
        'cannot be relied on',
        'token_invalid',
      ],
      [
        'vouches for another client',
        '/token',
        () => withClaims((claims) => ({ ...claims, aud: 'other' })),
        502,
        'cannot be relied on',
        'token_invalid',
      ],
      [
        'vouches as another issuer',
        '/token',
        () => withClaims((claims) => ({ ...claims, iss: 'https://other.example' })),
        502,
        'cannot be relied on',
        'token_invalid',
      ],
      [
        'repeats what it said to somebody else',
        '/token',
        () => withClaims((claims) => ({ ...claims, nonce: 'x'.repeat(43) })),
        502,
        'cannot be relied on',
        'token_invalid',
      ],
      [
        'has a clock that is 31 s behind the end',
        '/token',
        () => withClaims((claims) => ({ ...claims, iat: now() - 100, exp: now() - 31 })),
        502,
        'clock',
        'clock_differs',
      ],
      [
        'has a token signed by nobody',
        '/token',
        () =>
          changed((answer) => {
            const [, claims = ''] = String(answer['id_token']).split('.')
            const head = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')
            return { ...answer, id_token: `${head}.${claims}.` }
          }),
        502,
        'cannot be relied on',
        'token_invalid',
      ],
      [
        'publishes other keys',
        '/jwks',
        () => body(200, 'application/json', '{"keys":[]}'),
        502,
        'a key that it does not publish',
        'key_unknown',
      ],
      [
        'publishes no keys',
        '/jwks',
        () => body(404, 'text/plain', 'gone'),
        502,
        'cannot be understood',
        'issuer_answer_invalid',
      ],
      [
        'tells of another person than it vouched for',
        '/me',
        () => changed((answer) => ({ ...answer, sub: 'somebody-else' })),
        502,
        'by another name',
        'issuer_mismatch',
      ],
    ],
  )('an issuer that %s', async (_what, path, fault, status, sentence, reason) => {
    world.issuer.faults.set(path, fault())
    const { landing, isIn } = await signIn()
    expect({ isIn, status: landing.status }).toEqual({ isIn: false, status })
    expect(landing.text).toContain(sentence)
    world.issuer.faults.clear()
    await expect
      .poll(() => newestReasons(), { timeout: 60_000 })
      .toContainEqual(expect.stringContaining(reason))
  })

  it('an issuer whose clock is within the skew is believed', async () => {
    world.issuer.faults.set(
      '/token',
      withClaims((claims) => ({ ...claims, iat: now() - 100, exp: now() - 20 })),
    )
    expect((await signIn()).isIn).toBe(true)
  })

  it('an issuer that has changed its keys is believed at once', async () => {
    expect((await signIn()).isIn).toBe(true)
    await world.issuer.rotate()
    expect((await signIn()).isIn).toBe(true)
  })

  it('a person who cancels at the issuer reads so', async () => {
    const surfer = newSurfer()
    const at = await surfer.go(
      `${world.server.origin}/auth/sso/start?email=a%40${domain}`,
      (url) => url.port === String(world.issuer.port),
    )
    const state = at.url.searchParams.get('state') ?? ''
    const query = new URLSearchParams({ error: 'access_denied', state, iss: world.issuer.url })
    const landing = await surfer.go(`${world.server.origin}/auth/sso/callback?${query.toString()}`)
    expect(landing.status).toBe(403)
    expect(landing.text).toContain('was cancelled')
  })

  it('the sentence is in the language of the browser', async () => {
    world.issuer.faults.set(discovery, body(500, 'text/plain', 'no'))
    const response = await fetch(`${world.server.origin}/auth/sso/start?email=a%40${domain}`, {
      headers: { 'accept-language': 'ja', 'x-forwarded-for': '198.18.7.7' },
    })
    const text = await response.text()
    expect(text).toContain('<html lang="ja">')
    expect(text).toContain('組織のサインインサーバーの応答を解釈できません')
    expect(text.replace(/<style>.*<\/style>/s, '')).not.toContain('500')
  })

  it('an issuer that never answers is given up, in the words for it', async () => {
    const held = Promise.withResolvers<void>()
    world.issuer.faults.set(discovery, () => held.promise)
    const { landing } = await signIn()
    held.resolve()
    expect(landing.status).toBe(504)
    expect(landing.text).toContain('took too long')
  })
})

async function newestReasons(): Promise<string[]> {
  world.server.passMinute()
  const { auditLogs } = await world.server.client.ask<{ auditLogs: { metadata?: unknown }[] }>(
    '/dashboard/audit-logs?limit=20',
    { credential: world.owner.accessToken },
  )
  return auditLogs.map((entry) => JSON.stringify(entry))
}
