import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { domain, newSurfer, type SignOnWorld, startSignOnWorld } from './fixtures/signed-on.ts'
import { foundSecondOrg, password, type SignedIn } from './fixtures/people.ts'
import type { Surfer } from './fixtures/surfer.ts'

let world: SignOnWorld

beforeAll(async () => {
  world = await startSignOnWorld({ GATEHOUSE_ADMINS: `boss@${domain}` })
  await world.configure()
})
beforeEach(() => world.issuer.faults.clear())
afterAll(() => world.stop())

type Me = {
  user: { id: string; email: string; name: string; emailVerifiedAt: string | null }
  teams: { id: string; role: string }[]
  teamId: string
  role: string
}

let people = 0
/** Somebody of the organisation's domain whom the issuer knows. */
const somebody = (given: object = {}) => {
  people += 1
  const name = `person${people}`
  const account = {
    sub: `sub-${name}`,
    email: `${name}@${domain}`,
    email_verified: true,
    name,
    groups: ['staff'],
  }
  return { ...account, ...given }
}
const signInAs = async (account: ReturnType<typeof somebody>, surfer = newSurfer()) => {
  world.issuer.signsIn = account
  return { surfer, landing: await world.signIn(surfer, account.email) }
}
const me = async (surfer: Surfer): Promise<Me> =>
  world.server.client.ask<Me>('/dashboard/me', { credential: await world.tokenOf(surfer) })
const isIn = (pathname: string): boolean => pathname === '/app'

const newestEntries = async (count = 20) => {
  world.server.passMinute()
  const { auditLogs } = await world.server.client.ask<{ auditLogs: Record<string, unknown>[] }>(
    `/dashboard/audit-logs?limit=${count}`,
    { credential: world.owner.accessToken },
  )
  return auditLogs
}

describe('sso-members-come-from-their-own-issuer-only', () => {
  it('somebody new is made a member of that organisation only, with the role of their groups', async () => {
    const account = somebody({ name: 'Mia Müller' })
    const { surfer, landing } = await signInAs(account)
    expect(isIn(landing.url.pathname)).toBe(true)
    const { user, teams, teamId, role } = await me(surfer)
    expect(user).toMatchObject({ email: account.email, name: 'Mia Müller' })
    expect(user.emailVerifiedAt).not.toBeNull()
    expect(teams).toHaveLength(1)
    expect({ teamId, role }).toEqual({ teamId: world.owner.user.teamId, role: 'member' })
    const actions = (await newestEntries()).map(({ action }) => action)
    expect(actions).toEqual(expect.arrayContaining(['team.member.join', 'user.login']))
  })

  it('the same person comes back as the same member, whatever address the issuer has for them by now', async () => {
    const account = somebody()
    const { surfer } = await signInAs(account)
    const { user } = await me(surfer)
    const moved = { ...account, email: `renamed-${account.email}` }
    const { surfer: again } = await signInAs(moved)
    expect((await me(again)).user).toMatchObject({ id: user.id, email: account.email })
  })

  it('another subject with the same address is not that person', async () => {
    const account = somebody()
    await signInAs(account)
    const { landing } = await signInAs({ ...account, sub: `${account.sub}-later` })
    expect(landing.status).toBe(409)
    expect(landing.text).toContain('Somebody else')
  })

  it.each<[string, object, number, string]>([
    ['whose address is not verified', { email_verified: false }, 403, 'has not verified your e-mail address'],
    ['without an address', { email: undefined }, 403, 'did not give your e-mail address'],
    ['of a domain that is not proven', { email: 'mia@elsewhere.test' }, 403, 'not of a domain'],
    ['without a group that has a role', { groups: ['guests'] }, 403, 'None of your groups'],
    ['whose groups are not said', { groups: undefined }, 403, 'did not say which groups'],
  ])('nobody comes in %s', async (_whom, given, status, sentence) => {
    const account = somebody()
    world.issuer.signsIn = { ...account, ...given }
    const surfer = newSurfer()
    const landing = await world.signIn(surfer, account.email)
    expect(landing.status).toBe(status)
    expect(landing.text).toContain(sentence)
    await expect(world.tokenOf(surfer)).rejects.toThrow('Not signed in')
  })

  it('an account that was there is opened only once its person has given its password', async () => {
    const { client } = world.server
    const other = await foundSecondOrg(client, world.owner)
    const email = 'ann@example.com'
    const { landing, surfer } = await signInAs(somebody({ email, groups: ['admins'] }))
    expect(landing.url.pathname).toBe('/app/login')
    await expect(world.tokenOf(surfer)).rejects.toThrow('Not signed in')
    const linkToken = new URLSearchParams(landing.url.hash.slice(1)).get('connect')
    const connect = (given: string) =>
      client.send('/auth/sso/connect', { body: { linkToken, password: given } })
    expect((await connect('not the password at all')).status).toBe(401)
    const connected = await connect(password)
    expect(connected.status).toBe(200)
    expect((await connect(password)).status).toBe(401)
    const session = JSON.parse(connected.text) as SignedIn
    expect(session.user).toMatchObject({ id: world.owner.user.id, teamId: world.owner.user.teamId })
    await staysInItsOrg(session, other)
  })

  it('an issuer makes nobody an administrator of the instance, whatever address it names', async () => {
    const { surfer } = await signInAs(somebody({ email: `boss@${domain}` }))
    const credential = await world.tokenOf(surfer)
    const { client } = world.server
    expect(await client.ask('/dashboard/me', { credential })).toMatchObject({ instanceAdmin: false })
    expect((await client.send('/admin/orgs', { credential })).status).toBe(404)
  })

  /** What the issuer of one organisation opened is nothing in another. */
  const staysInItsOrg = async ({ accessToken: credential }: SignedIn, other: SignedIn): Promise<void> => {
    const { client, passMinute } = world.server
    const theirs = other.user.teamId
    const shown = await client.ask<Me>('/dashboard/me', { credential })
    expect(shown.teams.map(({ id }) => id)).toEqual([world.owner.user.teamId])
    const switched = await client.send(`/dashboard/teams/${theirs}/switch`, { method: 'POST', credential })
    expect(switched.status).toBe(404)
    const whole = [
      ['POST', '/dashboard/teams', { name: 'Mine' }],
      [
        'POST',
        '/dashboard/account/change-password',
        { currentPassword: password, newPassword: `${password} 2` },
      ],
      ['POST', '/dashboard/account/delete', { password }],
      ['GET', '/dashboard/account/factors', undefined],
    ] as const
    for (const [method, path, body] of whole) {
      passMinute()
      const { status, text } = await client.send(path, { method, credential, ...(body && { body }) })
      expect({ path, status, text }).toMatchObject({ path, status: 403 })
    }
    const { sessions } = await client.ask<{ sessions: unknown[] }>('/dashboard/sessions', { credential })
    expect(sessions).toHaveLength(1)
    // The person's own session in the other organisation goes on as before.
    await client.ask('/dashboard/me', { credential: other.accessToken })
  }
})

describe('roles-follow-the-groups-at-the-next-log-in', () => {
  it('and every token of before is dead within a second', async () => {
    const account = somebody({ groups: ['admins'] })
    const { surfer } = await signInAs(account)
    const before = await world.tokenOf(surfer)
    expect((await me(surfer)).role).toBe('owner')
    const { surfer: again } = await signInAs({ ...account, groups: ['staff'] })
    expect((await me(again)).role).toBe('member')
    const { status } = await world.server.client.send('/dashboard/me', { credential: before })
    expect(status).toBe(401)
  })

  it('whom no group gives a role any more belongs to the organisation no more', async () => {
    const account = somebody()
    const { surfer } = await signInAs(account)
    const credential = await world.tokenOf(surfer)
    const { landing } = await signInAs({ ...account, groups: [] })
    expect(landing.status).toBe(403)
    expect((await world.server.client.send('/dashboard/me', { credential })).status).toBe(401)
    await expect(world.tokenOf(surfer)).rejects.toThrow('Not signed in')
    const { surfer: back } = await signInAs(account)
    expect((await me(back)).role).toBe('member')
  })
})

describe('a-way-back-belongs-to-the-browser-that-went', () => {
  const begin = async (surfer: Surfer, account = somebody()) => {
    world.issuer.signsIn = account
    const { origin } = world.server
    return surfer.go(
      `${origin}/auth/sso/start?${new URLSearchParams({ email: account.email }).toString()}`,
      (url) => url.pathname === '/auth/sso/callback',
    )
  }

  it('another browser that is sent there gets nothing', async () => {
    const { url } = await begin(newSurfer())
    const landing = await newSurfer().go(url.href)
    expect(landing.status).toBe(400)
    expect(landing.text).toContain('begun in another browser')
  })

  it('a state that is not its own gets nothing, and the right one still works', async () => {
    const surfer = newSurfer()
    const { url } = await begin(surfer)
    const forged = new URL(url)
    forged.searchParams.set('state', 'x'.repeat(43))
    const cookie = surfer.cookies(world.server.origin).get('__Host-gatehouse-sign-on') ?? ''
    const response = await fetch(forged, {
      redirect: 'manual',
      headers: { cookie: `__Host-gatehouse-sign-on=${cookie}` },
    })
    expect(response.status).toBe(400)
    expect((await surfer.go(url.href, ({ pathname }) => pathname === '/app')).url.pathname).toBe('/app')
  })

  it('it is good once, also for ten at the same moment', async () => {
    const surfer = newSurfer()
    const { url } = await begin(surfer)
    const cookie = surfer.cookies(world.server.origin).get('__Host-gatehouse-sign-on') ?? ''
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        fetch(url, {
          redirect: 'manual',
          headers: { cookie: `__Host-gatehouse-sign-on=${cookie}` },
        }),
      ),
    )
    expect(answers.map(({ status }) => status).filter((status) => status === 303)).toHaveLength(1)
    expect((await surfer.go(url.href)).status).toBe(400)
  })

  it('the cookie of it is for this host alone, out of reach of scripts, and gone afterwards', async () => {
    const surfer = newSurfer()
    const { origin } = world.server
    const response = await surfer.send(`${origin}/auth/sso/start?email=a%40${domain}`)
    const [cookie = ''] = response.headers.getSetCookie()
    expect(cookie).toMatch(
      /^__Host-gatehouse-sign-on=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax; Max-Age=600$/,
    )
    const sent = new URL(response.headers.get('location') ?? '')
    expect(Object.fromEntries(sent.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      scope: expect.stringContaining('openid') as string,
    })
    const { surfer: arrived } = await signInAs(somebody())
    expect([...arrived.cookies(origin).keys()]).toEqual(['__Host-gatehouse-refresh'])
  })
})

describe('nobody-learns-which-domains-are-known', () => {
  const ask = async (email: string) => {
    world.server.passMinute()
    const startedMs = performance.now()
    const { status, text, headers } = await world.server.client.send(
      `/auth/sso/start?${new URLSearchParams({ email }).toString()}`,
    )
    return { status, text, tookMs: performance.now() - startedMs, cookies: headers.getSetCookie() }
  }

  it('an unknown domain, and one that is not proven, are answered alike and not before the floor', async () => {
    const unproven = 'unproven.example'
    world.server.passMinute()
    await world.configure({ domains: [domain, unproven] })
    world.texts.delete(`_gatehouse.${unproven}`)
    const { client } = world.server
    const credential = world.owner.accessToken
    const { sudoToken } = await client.ask<{ sudoToken: string }>('/dashboard/sudo/verify', {
      credential,
      body: { password },
    })
    await client.ask('/dashboard/team/sso/check', {
      method: 'POST',
      credential,
      headers: { 'x-sudo-token': sudoToken },
    })
    const answers = [await ask('mia@nowhere.test'), await ask(`mia@${unproven}`)]
    expect(answers.map(({ status, text, cookies }) => ({ status, text, cookies }))).toEqual([
      { status: 404, text: answers[0]?.text, cookies: [] },
      { status: 404, text: answers[0]?.text, cookies: [] },
    ])
    for (const { tookMs } of answers) expect(tookMs).toBeGreaterThanOrEqual(80)
  })

  it('whether somebody has an account plays no part in where they are sent', async () => {
    const sent = await Promise.all(
      ['ann', 'nobody-at-all'].map(async (name) => {
        const { status, headers } = await world.server.client.send(
          `/auth/sso/start?email=${name}%40${domain}`,
        )
        return { status, to: new URL(headers.get('location') ?? '').origin }
      }),
    )
    expect(sent).toEqual([
      { status: 303, to: world.issuer.url },
      { status: 303, to: world.issuer.url },
    ])
  })
})
