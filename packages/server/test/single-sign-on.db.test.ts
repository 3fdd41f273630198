import { within } from '@gatehouse/kernel/db'
import { createEgress, parseEgressAllowance } from '@gatehouse/kernel/egress'
import type { MemberPrincipal, Role } from '@gatehouse/kernel/principal'
import { Secret } from '@gatehouse/kernel/secrets'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PlatformDeps } from '../src/platform/deps.ts'
import type { InstanceIssuer } from '../src/platform/domain/single-sign-on.ts'
import { findMember } from '../src/platform/store/membership-store.ts'
import { newPerson, password, visit } from '../src/platform/testing/secured-person.ts'
import { startTestPlatform, type TestPlatform } from '../src/platform/testing/test-platform.ts'
import { changeRole } from '../src/platform/usecases/change-role.ts'
import { checkSingleSignOn } from '../src/platform/usecases/check-single-sign-on.ts'
import { connectAccount } from '../src/platform/usecases/connect-account.ts'
import { endSessionsByIssuer } from '../src/platform/usecases/end-sessions-by-issuer.ts'
import { type Finished, finishSingleSignOn } from '../src/platform/usecases/finish-single-sign-on.ts'
import { listAuditLogs } from '../src/platform/usecases/list-audit-logs.ts'
import type { SignedIn } from '../src/platform/usecases/open-member-session.ts'
import { proveByIssuer } from '../src/platform/usecases/prove-by-issuer.ts'
import { removeMember } from '../src/platform/usecases/remove-member.ts'
import { deleteSingleSignOn, setSingleSignOn } from '../src/platform/usecases/set-single-sign-on.ts'
import { startSingleSignOn } from '../src/platform/usecases/start-single-sign-on.ts'
import { verifySudo } from '../src/platform/usecases/sudo.ts'
import { type Issuer, type IssuerAccount, startIssuer } from './fixtures/issuer.ts'
import { createSurfer, type Surfer } from './fixtures/surfer.ts'

let issuer: Issuer
let platform: TestPlatform
let owner: MemberPrincipal
let ownerEmail: string
const texts = new Map<string, string>()

beforeAll(async () => {
  issuer = await startIssuer()
  const egress = createEgress({
    allow: parseEgressAllowance(`127.0.0.1:${issuer.port}`),
    resolveTexts: async (name) => [texts.get(name) ?? ''],
  })
  platform = await startTestPlatform({ egress })
  await issuer.serve(platform.deps.publicUrl())
})
beforeEach(async () => {
  issuer.faults.clear()
  // The issuer lives by the real time.
  platform.clock.set(Date.now())
  const person = await newPerson(platform)
  owner = person.member
  ownerEmail = person.email
  domain = `d${(domains += 1)}.example`
  await configure()
})
afterAll(async () => {
  await platform.database.drop()
  await issuer.close()
})

let domains = 0
let domain = ''
let people = 0

const configure = async (change: object = {}) => {
  const settings = {
    issuer: issuer.url,
    clientId: issuer.client.id,
    clientSecret: issuer.client.secret,
    domains: [domain],
    groupClaim: 'groups',
    groupRoles: [
      { group: 'staff', role: 'member' as const },
      { group: 'admins', role: 'owner' as const },
    ],
    defaultRole: null,
    isRequired: false,
    breakGlassUserId: null,
    clockSkewSeconds: 60,
    ...change,
  }
  const { domains: shown } = await setSingleSignOn(platform.deps, owner, settings)
  for (const first of shown)
    texts.set(`_gatehouse.${first.domain}`, `gatehouse-domain-verification=${first.token}`)
  await checkSingleSignOn(platform.deps, owner)
}
const somebody = (given: object = {}): IssuerAccount & { email: string } => {
  people += 1
  const sub = `sub${people}`
  return { sub, email: `${sub}@${domain}`, email_verified: true, name: sub, groups: ['staff'], ...given }
}

type Back = { readonly secret: string; readonly search: string; readonly surfer: Surfer }

/** At the issuer and on the way back, which is not taken yet. */
async function goAndComeBack(
  account: IssuerAccount & { email: string },
  deps: PlatformDeps = platform.deps,
  email: string | undefined = account.email,
): Promise<Back> {
  const started = await startSingleSignOn(deps, email, visit, 'en')
  if (!started.begun) throw new Error(`It did not begin: ${started.reason}`)
  const surfer = createSurfer()
  issuer.signsIn = account
  const { url } = await surfer.go(started.url, ({ pathname }) => pathname === '/auth/sso/callback')
  return { secret: started.secret, search: url.search, surfer }
}
const finish = ({ secret, search }: Back, deps: PlatformDeps = platform.deps): Promise<Finished> =>
  finishSingleSignOn(deps, secret, search, visit, 'en')
const signIn = async (account: IssuerAccount & { email: string }, deps = platform.deps) =>
  finish(await goAndComeBack(account, deps), deps)
const enter = async (account: IssuerAccount & { email: string }, deps = platform.deps): Promise<SignedIn> => {
  const finished = await signIn(account, deps)
  if (finished.kind !== 'in') throw new Error(`Not let in: ${JSON.stringify(finished)}`)
  return finished.signedIn
}
const sessionOf = async (signedIn: SignedIn): Promise<MemberPrincipal> => {
  const { user } = signedIn
  const { rows } = await platform.deps.db.pool.query<{ id: string }>(
    'SELECT id FROM gatehouse.session WHERE user_id = $1 ORDER BY id DESC LIMIT 1',
    [user.id],
  )
  const { id: userId, teamId: orgId, role } = user
  const sessionId = rows[0]?.id ?? ''
  return { kind: 'member', userId, orgId, role, sessionId, ip: visit.ip, isConfined: true }
}
const roleOf = (userId: string, orgId = owner.orgId): Promise<Role | undefined> =>
  within(
    platform.deps,
    { kind: 'system', orgId, because: 'test' },
    async (tx) => (await findMember(tx, userId))?.role,
  )
const entries = async (action: string) => {
  const page = await listAuditLogs(platform.deps, owner, { action, limit: 20 })
  return JSON.stringify(page)
}

describe('a way back', () => {
  it('a way back is good for ten minutes to the millisecond', async () => {
    const [intime, late] = [await goAndComeBack(somebody()), await goAndComeBack(somebody())]
    platform.clock.advance(10 * 60_000 - 1_000)
    expect((await finish(intime)).kind).toBe('in')
    platform.clock.advance(60_000)
    expect(await finish(late)).toEqual({ kind: 'refused', reason: 'begun_elsewhere' })
  })

  it('nothing that proves a way back is stored', async () => {
    const { secret, search } = await goAndComeBack(somebody())
    const { rows } = await platform.deps.db.pool.query<{ row: string }>(
      'SELECT f::text AS row FROM platform.sso_flow f',
    )
    const dump = rows.map(({ row }) => row).join('\n')
    const params = new URLSearchParams(search)
    for (const word of [secret, params.get('state') ?? '', params.get('code') ?? '']) {
      expect(word.length).toBeGreaterThan(20)
      expect(dump).not.toContain(word)
      expect(dump).not.toContain(Buffer.from(word).toString('hex'))
    }
  })

  it('leads nowhere once the organisation has another issuer', async () => {
    const back = await goAndComeBack(somebody())
    await configure({ issuer: `${issuer.url}/other` })
    expect(await finish(back)).toEqual({ kind: 'refused', reason: 'begun_elsewhere' })
    expect(platform.refusals.at(-1)).toMatchObject({ orgId: owner.orgId, reason: 'connection_gone' })
  })
})

describe('somebody new', () => {
  it('is one person, however many of their sign-ins end at the same moment', async () => {
    const account = somebody()
    const backs = [await goAndComeBack(account), await goAndComeBack(account), await goAndComeBack(account)]
    const finished = await Promise.all(backs.map((back) => finish(back)))
    const users = finished.map((one) => (one.kind === 'in' ? one.signedIn.user.id : one.kind))
    expect(new Set(users).size).toBe(1)
    expect(users).toHaveLength(3)
  })

  it('is not taken where the server takes nobody new', async () => {
    const deps: PlatformDeps = { ...platform.deps, registration: 'closed' }
    expect(await signIn(somebody(), deps)).toEqual({ kind: 'refused', reason: 'registration_closed' })
  })

  it('who was removed, and belongs to nothing any more, comes in again as a newcomer does', async () => {
    const account = somebody()
    const { user } = await enter(account)
    await removeMember(platform.deps, owner, user.id)
    const { user: again } = await enter({ ...account, sub: `${account.sub}-anew` })
    expect(again.id).toBe(user.id)
  })

  it('has no password that could be guessed', async () => {
    const { user } = await enter(somebody())
    const { rows } = await platform.deps.db.pool.query<{ password_hash: string }>(
      'SELECT password_hash FROM platform."user" WHERE id = $1',
      [user.id],
    )
    expect(rows[0]?.password_hash).toBe('none')
  })
})

describe('an account that was there', () => {
  const toLink = async () => {
    // The owner's own address, of a domain that the organisation proves as well.
    await configure({ domains: ['example.com'] })
    const finished = await signIn(somebody({ email: ownerEmail, groups: ['admins'] }))
    if (finished.kind !== 'connect') throw new Error(`Not asked to connect: ${finished.kind}`)
    return finished.linkToken
  }
  const connect = (linkToken: string, given: string) =>
    connectAccount(platform.deps, { linkToken, password: given }, visit)

  it('the fifth password of a connection may be right, and a sixth is not looked at', async () => {
    const linkToken = await toLink()
    for (let n = 0; n < 4; n += 1)
      await expect(connect(linkToken, 'wrong one')).rejects.toMatchObject({ status: 401 })
    await expect(connect(linkToken, password)).resolves.toMatchObject({ user: { id: owner.userId } })
    const another = await toLinkAgain()
    for (let n = 0; n < 5; n += 1)
      await expect(connect(another, 'wrong one')).rejects.toMatchObject({ status: 401 })
    await expect(connect(another, password)).rejects.toMatchObject({ status: 401 })
  })

  /** For another owner, whose account is not connected yet. */
  const toLinkAgain = async () => {
    const other = await newPerson(platform)
    const finished = await signIn(somebody({ email: other.email, groups: ['staff'] }))
    if (finished.kind !== 'connect') throw new Error(`Not asked to connect: ${finished.kind}`)
    return finished.linkToken
  }

  it('of another organisation joins this one by its person’s own password, and keeps the other', async () => {
    await configure({ domains: ['example.com'] })
    const other = await newPerson(platform)
    const finished = await signIn(somebody({ email: other.email }))
    if (finished.kind !== 'connect') throw new Error(`Not asked to connect: ${finished.kind}`)
    expect(await roleOf(other.member.userId)).toBeUndefined()
    const connected = await connect(finished.linkToken, password)
    expect(connected).toMatchObject({
      user: { id: other.member.userId, teamId: owner.orgId, role: 'member' },
    })
    expect(await roleOf(other.member.userId, other.member.orgId)).toBe('owner')
  })
})

describe('the groups of the issuer', () => {
  it('never take the last owner’s role', async () => {
    const { user } = await enter(somebody({ groups: ['admins'] }))
    await removeMember(platform.deps, { ...owner, userId: user.id, role: 'owner' }, owner.userId)
    owner = { ...owner, userId: user.id }
    const account = { sub: `sub${people}`, email: user.email, email_verified: true, groups: ['staff'] }
    const again = await enter(account)
    expect(again.user.role).toBe('owner')
    expect(await signIn({ ...account, groups: [] })).toEqual({ kind: 'refused', reason: 'no_role' })
    expect(await roleOf(user.id)).toBe('owner')
    expect(await entries('member.change_role')).toContain('last_owner')
  })

  it('win over a role that was given by hand', async () => {
    const account = somebody()
    const { user } = await enter(account)
    await changeRole(platform.deps, owner, user.id, 'viewer')
    expect((await enter(account)).user.role).toBe('member')
    expect(await roleOf(user.id)).toBe('member')
  })
})

describe('a fresh proof of the issuer', () => {
  const begin = async () => {
    const account = somebody()
    const member = await sessionOf(await enter(account))
    const begun = await proveByIssuer(platform.deps, member, 'en')
    const surfer = createSurfer()
    issuer.signsIn = account
    const { url } = await surfer.go(begun.url, ({ pathname }) => pathname === '/auth/sso/callback')
    return { member, begun, back: { secret: begun.secret, search: url.search, surfer } }
  }

  it('a proof of the issuer is an entry', async () => {
    const { member, begun, back } = await begin()
    expect(await finish(back)).toEqual({ kind: 'proven' })
    await verifySudo(platform.deps, member, { issuerTicket: begun.ticket })
    expect(await entries('sudo.prove')).toContain('"method":"issuer"')
  })

  it('of ten who take a proof at the same moment one gets it', async () => {
    const { member, begun, back } = await begin()
    await finish(back)
    const taken = await Promise.allSettled(
      Array.from({ length: 10 }, () => verifySudo(platform.deps, member, { issuerTicket: begun.ticket })),
    )
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('is worth nothing after five minutes', async () => {
    const { member, begun, back } = await begin()
    await finish(back)
    platform.clock.advance(5 * 60_000)
    await expect(verifySudo(platform.deps, member, { issuerTicket: begun.ticket })).rejects.toMatchObject({
      code: 'PROOF_REFUSED',
    })
  })
})

describe('a log-out by the issuer', () => {
  const toToken = (sub: string) => {
    const iat = Math.floor(platform.clock.now() / 1_000)
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
    const claims = { iss: issuer.url, aud: issuer.client.id, iat, exp: iat + 120, jti: sub, sub, events }
    return issuer.sign(claims, { typ: 'logout+jwt' })
  }

  it('a log-out by the issuer is an entry that names the sessions', async () => {
    const account = somebody()
    const { sessionId } = await sessionOf(await enter(account))
    await endSessionsByIssuer(platform.deps, await toToken(account.sub), visit)
    expect(await entries('sso.log_out')).toContain(sessionId)
  })

  it('of ten log-outs with one token at the same moment one counts', async () => {
    const account = somebody()
    await enter(account)
    const token = await toToken(account.sub)
    const ended = await Promise.allSettled(
      Array.from({ length: 10 }, () => endSessionsByIssuer(platform.deps, token, visit)),
    )
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('ends also what waits for a password or a second factor', async () => {
    await configure({ domains: ['example.com'] })
    const account = somebody({ email: ownerEmail })
    const finished = await signIn(account)
    if (finished.kind !== 'connect') throw new Error('Not asked to connect')
    await endSessionsByIssuer(platform.deps, await toToken(account.sub), visit)
    await expect(
      connectAccount(platform.deps, { linkToken: finished.linkToken, password }, visit),
    ).rejects.toMatchObject({ status: 401 })
  })
})

describe('the issuer of the whole instance', () => {
  beforeEach(() => deleteSingleSignOn(platform.deps, owner))

  const ofInstance = (orgSlug: string | undefined): PlatformDeps => {
    const instanceIssuer: InstanceIssuer = {
      issuer: issuer.url,
      clientId: issuer.client.id,
      clientSecret: new Secret(issuer.client.secret),
      domains: ['instance.example'],
      groupClaim: null,
      groupRoles: [],
      defaultRole: 'viewer',
      clockSkewSeconds: 60,
      orgSlug,
    }
    return { ...platform.deps, instanceIssuer }
  }
  /** The floor of refusals is kept by real time. */
  const realTime = (deps: PlatformDeps): PlatformDeps => ({
    ...deps,
    clock: { now: platform.clock.now, monotonic: () => performance.now() },
  })
  const slugOf = async (orgId: string): Promise<string> => {
    const { rows } = await platform.deps.db.pool.query<{ slug: string }>(
      'SELECT slug FROM gatehouse.org WHERE org_id = $1',
      [orgId],
    )
    return rows[0]?.slug ?? ''
  }

  it('lets the people of the operator’s domains into the organisation that is named', async () => {
    const deps = ofInstance(await slugOf(owner.orgId))
    const { user } = await enter(somebody({ email: `mia${people}@instance.example` }), deps)
    expect(user).toMatchObject({ teamId: owner.orgId, role: 'viewer' })
    const back = await goAndComeBack(somebody({ email: `ben${people}@instance.example` }), deps, undefined)
    expect((await finish(back, deps)).kind).toBe('in')
  })

  it('lets nobody in where it is not clear into which of several organisations', async () => {
    const started = await startSingleSignOn(
      realTime(ofInstance(undefined)),
      'mia@instance.example',
      visit,
      'en',
    )
    expect(started).toEqual({ begun: false, reason: 'unknown' })
  })

  it('vouches for no other domain', async () => {
    const deps = ofInstance(await slugOf(owner.orgId))
    const back = await goAndComeBack(somebody({ email: 'mia@elsewhere.example' }), deps, 'a@instance.example')
    expect(await finish(back, deps)).toEqual({ kind: 'refused', reason: 'email_foreign' })
  })
})
