import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret, TOTP } from 'otpauth'
import { domain, newSurfer, type SignOnWorld, startSignOnWorld } from './fixtures/signed-on.ts'
import { join, password, proveAnew, type SignedIn } from './fixtures/people.ts'
import type { Surfer } from './fixtures/surfer.ts'

let world: SignOnWorld

beforeAll(async () => {
  world = await startSignOnWorld()
  await world.configure()
})
afterAll(() => world.stop())

let people = 0
const newAccount = (groups = ['staff']) => {
  people += 1
  const name = `ended${people}`
  return { sub: `sub-${name}`, email: `${name}@${domain}`, email_verified: true, name, groups }
}
type Account = ReturnType<typeof newAccount>

const signIn = async (account: Account, surfer = newSurfer()) => {
  world.issuer.signsIn = account
  const landing = await world.signIn(surfer, account.email)
  return { surfer, landing, token: landing.url.pathname === '/app' ? await world.tokenOf(surfer) : '' }
}
const isAlive = async (credential: string): Promise<boolean> => {
  world.server.passMinute()
  return (await world.server.client.send('/dashboard/me', { credential })).status === 200
}
const event = 'http://schemas.openid.net/event/backchannel-logout'
let tokens = 0
const claimsFor = (account: Account, given: object = {}) => {
  tokens += 1
  const iat = Math.floor(Date.now() / 1_000)
  const claims = {
    iss: world.issuer.url,
    aud: world.issuer.client.id,
    iat,
    exp: iat + 120,
    jti: `jti-${tokens}`,
  }
  return { ...claims, sub: account.sub, events: { [event]: {} }, ...given }
}
const logOut = async (token: string) => {
  const response = await fetch(`${world.server.origin}/auth/sso/backchannel-logout`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': '198.18.9.9' },
    body: new URLSearchParams({ logout_token: token }),
  })
  return { status: response.status, cache: response.headers.get('cache-control') }
}

describe('issuers-end-what-they-opened: back-channel log-out', () => {
  it('ends every session that the issuer opened for somebody, and nobody else’s', async () => {
    const [mia, ben] = [newAccount(), newAccount()]
    const [first, second, other] = [await signIn(mia), await signIn(mia), await signIn(ben)]
    const token = await world.issuer.sign(claimsFor(mia), { typ: 'logout+jwt' })
    expect(await logOut(token)).toEqual({ status: 200, cache: 'no-store' })
    expect(await isAlive(first.token)).toBe(false)
    expect(await isAlive(second.token)).toBe(false)
    expect(await isAlive(other.token)).toBe(true)
    await expect(world.tokenOf(first.surfer)).rejects.toThrow('Not signed in')
  })

  it('by the issuer itself, when somebody signs out there', async () => {
    const mia = newAccount()
    const { surfer, token } = await signIn(mia)
    const page = await surfer.go(`${world.issuer.url}/session/end?client_id=${world.issuer.client.id}`)
    const [, xsrf = ''] = /name="xsrf" value="(\w+)"/.exec(page.text) ?? []
    await surfer.send(`${world.issuer.url}/session/end/confirm`, {
      method: 'POST',
      body: new URLSearchParams({ xsrf, logout: 'yes' }),
    })
    expect(await isAlive(token)).toBe(false)
  })

  it('ends the sessions of one session there, where it names that', async () => {
    const mia = newAccount()
    const [first, second] = [await signIn(mia), await signIn(mia)]
    const { rows } = await world.server.db.pool.query<{ sid: string }>(
      `SELECT sid FROM platform.sso_session WHERE subject = $1 ORDER BY session_id`,
      [mia.sub],
    )
    expect(rows).toHaveLength(2)
    const { sub: _sub, ...claims } = claimsFor(mia, { sid: rows[0]?.sid })
    expect((await logOut(await world.issuer.sign(claims))).status).toBe(200)
    expect(await isAlive(first.token)).toBe(false)
    expect(await isAlive(second.token)).toBe(true)
  })

  it.each<[string, (account: Account) => Promise<string>]>([
    ['for another client', (mia) => world.issuer.sign(claimsFor(mia, { aud: 'other' }))],
    ['of an unknown issuer', (mia) => world.issuer.sign(claimsFor(mia, { iss: 'https://other.example' }))],
    ['without the event', (mia) => world.issuer.sign(claimsFor(mia, { events: {} }))],
    ['with a nonce', (mia) => world.issuer.sign(claimsFor(mia, { nonce: 'n' }))],
    ['that is old', (mia) => world.issuer.sign(claimsFor(mia, { iat: 1, exp: 100 }))],
    ['without an id', (mia) => world.issuer.sign(claimsFor(mia, { jti: undefined }))],
    ['that names nobody', (mia) => world.issuer.sign(claimsFor(mia, { sub: undefined }))],
    ['of another type', (mia) => world.issuer.sign(claimsFor(mia), { typ: 'at+jwt' })],
    [
      'with a changed signature',
      async (mia) => `${(await world.issuer.sign(claimsFor(mia))).slice(0, -8)}AAAAAAAA`,
    ],
    ['that is no token', async () => 'nothing'],
  ])('a token %s ends nothing', async (_what, toToken) => {
    const mia = newAccount()
    const { token } = await signIn(mia)
    expect((await logOut(await toToken(mia))).status).toBe(400)
    expect(await isAlive(token)).toBe(true)
  })

  it('a-log-out-token-counts-once: what was opened since stays', async () => {
    const mia = newAccount()
    await signIn(mia)
    const token = await world.issuer.sign(claimsFor(mia))
    expect((await logOut(token)).status).toBe(200)
    const { token: later } = await signIn(mia)
    expect((await logOut(token)).status).toBe(400)
    expect(await isAlive(later)).toBe(true)
  })
})

describe('a-fresh-proof-of-an-issuer-is-of-the-same-person: a session that it opened is proven anew', () => {
  const begin = async (surfer: Surfer, credential: string) => {
    world.server.passMinute()
    const response = await surfer.send(`${world.server.origin}/dashboard/sudo/issuer`, {
      method: 'POST',
      headers: { authorization: `Bearer ${credential}` },
    })
    return (await response.json()) as { url: string; ticket: string }
  }
  const prove = (credential: string, issuerTicket: string) => {
    world.server.passMinute()
    return world.server.client.send('/dashboard/sudo/verify', { credential, body: { issuerTicket } })
  }
  const isProven = (url: URL): boolean => url.pathname === '/app/proven'

  it('by signing in there once more, and the proof is good once', async () => {
    const { surfer, token } = await signIn(newAccount())
    const { methods } = await world.server.client.ask<{ methods: string[] }>('/dashboard/sudo/options', {
      credential: token,
      body: {},
    })
    expect(methods).toEqual(['issuer'])
    const { url, ticket } = await begin(surfer, token)
    expect(new URL(url).searchParams.get('prompt')).toBe('login')
    expect((await prove(token, ticket)).status).toBe(403)
    expect(isProven((await surfer.go(url, isProven)).url)).toBe(true)
    const proof = await prove(token, ticket)
    expect(proof.status).toBe(200)
    expect((await prove(token, ticket)).status).toBe(403)
    const { sudoToken } = JSON.parse(proof.text) as { sudoToken: string }
    const { status } = await world.server.client.send('/dashboard/account/factors/totp', {
      method: 'POST',
      credential: token,
      headers: { 'x-sudo-token': sudoToken },
    })
    expect(status).toBe(201)
  })

  it('not by somebody else, nor from another session', async () => {
    const mia = newAccount()
    const { surfer, token } = await signIn(mia)
    const stranger = await begin(surfer, token)
    world.issuer.signsIn = newAccount()
    surfer.forget(world.issuer.url)
    const landing = await surfer.go(stranger.url, isProven)
    expect(landing.status).toBe(403)
    expect(landing.text).toContain('Somebody else')
    const own = await begin(surfer, token)
    world.issuer.signsIn = mia
    surfer.forget(world.issuer.url)
    await surfer.go(own.url, isProven)
    const { token: another } = await signIn(mia)
    expect((await prove(another, own.ticket)).status).toBe(403)
    expect((await prove(token, own.ticket)).status).toBe(200)
  })

  it('not by a sign-in of long ago', async () => {
    const { surfer, token } = await signIn(newAccount())
    const { url, ticket } = await begin(surfer, token)
    world.issuer.faults.set('/token', async (_request, response, whole) => {
      const answer = JSON.parse((await whole()).body) as { id_token: string }
      const claims = JSON.parse(
        Buffer.from(answer.id_token.split('.')[1] ?? '', 'base64url').toString(),
      ) as Record<string, unknown>
      const old = await world.issuer.sign({ ...claims, auth_time: Math.floor(Date.now() / 1_000) - 300 })
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ ...answer, id_token: old }))
    })
    const landing = await surfer.go(url, isProven)
    world.issuer.faults.clear()
    expect(landing.text).toContain('did not ask you to sign in anew')
    expect((await prove(token, ticket)).status).toBe(403)
  })

  it('a session that a password opened has no issuer to go to', async () => {
    const { status, text } = await world.server.client.send('/dashboard/sudo/issuer', {
      method: 'POST',
      credential: world.owner.accessToken,
    })
    expect(status).toBe(403)
    expect(text).toContain('did not come through a sign-in server')
  })
})

describe('a second factor of one’s own', () => {
  it('is asked for after the issuer’s word, and the session holds in its organisation alone', async () => {
    const mia = newAccount()
    const { surfer, token } = await signIn(mia)
    world.server.passMinute()
    const begun = await surfer.send(`${world.server.origin}/dashboard/sudo/issuer`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    })
    const { url, ticket } = (await begun.json()) as { url: string; ticket: string }
    await surfer.go(url, ({ pathname }) => pathname === '/app/proven')
    const { client } = world.server
    const { sudoToken } = await client.ask<{ sudoToken: string }>('/dashboard/sudo/verify', {
      credential: token,
      body: { issuerTicket: ticket },
    })
    const headers = { 'x-sudo-token': sudoToken }
    const { id, secret } = await client.ask<{ id: string; secret: string }>(
      '/dashboard/account/factors/totp',
      {
        method: 'POST',
        credential: token,
        headers,
      },
    )
    const totp = new TOTP({ secret: Secret.fromBase32(secret) })
    await client.ask(`/dashboard/account/factors/totp/${id}/confirm`, {
      credential: token,
      headers,
      body: { code: totp.generate() },
    })
    const { landing } = await signIn(mia)
    expect(landing.url.pathname).toBe('/app/login')
    const owed = new URLSearchParams(landing.url.hash.slice(1))
    expect(owed.get('methods')).toBe('totp,recoveryCode')
    const mfaToken = owed.get('mfa')
    const wrong = await client.send('/auth/mfa/verify', { body: { mfaToken, code: '000000' } })
    expect(wrong.status).toBe(401)
    const next = totp.generate({ timestamp: Date.now() + 30_000 })
    const done = await client.ask<SignedIn>('/auth/mfa/verify', { body: { mfaToken, code: next } })
    expect(done.user.teamId).toBe(world.owner.user.teamId)
    const { rows } = await world.server.db.pool.query<{ confined_to: string }>(
      `SELECT confined_to FROM gatehouse.session WHERE user_id = $1 AND ended_at IS NULL ORDER BY id DESC LIMIT 1`,
      [done.user.id],
    )
    expect(rows[0]?.confined_to).toBe(world.owner.user.teamId)
  })
})

describe('required-sign-on-shuts-every-other-password', () => {
  it('shuts every password but that of the break-glass owner, on sessions that are open, too', async () => {
    const { client } = world.server
    const member = await join(client, world.owner, 'member')
    expect(await isAlive(member.accessToken)).toBe(true)
    await world.configure({ require: true })
    expect(await isAlive(member.accessToken)).toBe(false)
    const logIn = (email: string) => client.send('/auth/login', { body: { email, password } })
    const refused = await logIn('member@example.com')
    expect(refused.status).toBe(403)
    expect(refused.text).toContain('SINGLE_SIGN_ON_REQUIRED')
    const renewed = await client.send('/auth/refresh', { body: { refreshToken: member.refreshToken } })
    expect(renewed.status).toBe(401)
    expect((await logIn('ann@example.com')).status).toBe(200)
    expect(
      (await client.send('/auth/login', { body: { email: 'member@example.com', password: 'wrong one' } }))
        .status,
    ).toBe(401)
    const { token } = await signIn(newAccount())
    expect(await isAlive(token)).toBe(true)
    await world.configure({ require: false })
    expect((await logIn('member@example.com')).status).toBe(200)
  })
})

describe('what an issuer opened ends with it', () => {
  it('when the organisation takes the issuer away', async () => {
    const { surfer, token } = await signIn(newAccount())
    const credential = world.owner.accessToken
    const headers = await proveAnew(world.server.client, world.owner)
    await world.server.client.ask('/dashboard/team/sso', { method: 'DELETE', credential, headers })
    expect(await isAlive(token)).toBe(false)
    await expect(world.tokenOf(surfer)).rejects.toThrow('Not signed in')
    expect((await signIn(newAccount())).landing.status).toBe(404)
    await world.configure()
  })

  it('when its person is removed from the organisation', async () => {
    const { surfer, token } = await signIn(newAccount())
    const { user } = await world.server.client.ask<{ user: { id: string } }>('/dashboard/me', {
      credential: token,
    })
    await world.server.client.ask(`/dashboard/team/members/${user.id}`, {
      method: 'DELETE',
      credential: world.owner.accessToken,
      headers: await proveAnew(world.server.client, world.owner),
    })
    expect(await isAlive(token)).toBe(false)
    await expect(world.tokenOf(surfer)).rejects.toThrow('Not signed in')
  })

  it('when the organisation is suspended, and nobody new comes in', async () => {
    const { token } = await signIn(newAccount())
    const { teamId } = world.owner.user
    const set = (to: string) =>
      world.server.db.pool.query(`UPDATE gatehouse.org SET suspended_at = ${to} WHERE org_id = $1`, [teamId])
    await set('now()')
    await world.server.db.pool.query(`SELECT gatehouse.invalidate($1)`, [`org:${teamId}`])
    await expect.poll(() => isAlive(token), { timeout: 60_000 }).toBe(false)
    expect((await signIn(newAccount())).landing.status).toBe(404)
    await set('NULL')
    await world.server.db.pool.query(`SELECT gatehouse.invalidate($1)`, [`org:${teamId}`])
  })
})
