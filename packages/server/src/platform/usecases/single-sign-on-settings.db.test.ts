import { asGate, within } from '@gatehouse/kernel/db'
import { createEgress, noAllowance } from '@gatehouse/kernel/egress'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { Problem } from '@gatehouse/kernel/problem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { toDomainRecord } from '../domain/single-sign-on.ts'
import { findProvenDomain, findSsoSettings } from '../store/sso-settings-store.ts'
import { findConnectionRow } from '../store/sso-arrival-store.ts'
import { newPerson, type TestPerson } from '../testing/secured-person.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { checkSingleSignOn } from './check-single-sign-on.ts'
import { changeRole } from './change-role.ts'
import { toOwnConnection } from './find-connection.ts'
import { removeMember } from './remove-member.ts'
import {
  deleteSingleSignOn,
  findSingleSignOn,
  setSingleSignOn,
  type SsoChange,
} from './set-single-sign-on.ts'

/** The answers of the name servers; for a failing name there is no answer. */
const texts = new Map<string, string[]>()
const failing = new Set<string>()
const egress = createEgress({
  allow: noAllowance,
  resolve: async () => [{ address: '93.184.215.14' }],
  resolveTexts: async (name) => {
    if (failing.has(name)) throw Object.assign(new Error('SERVFAIL'), { code: 'ESERVFAIL' })
    return texts.get(name) ?? []
  },
})

let platform: TestPlatform
let owner: MemberPrincipal
let ann: TestPerson

const change: SsoChange = {
  issuer: 'https://login.example.com',
  clientId: 'gatehouse',
  clientSecret: 'a secret of theirs',
  domains: ['example.com'],
  groupClaim: 'groups',
  groupRoles: [{ group: 'admins', role: 'owner' }],
  defaultRole: 'viewer',
  isRequired: false,
  breakGlassUserId: null,
  clockSkewSeconds: 60,
}
const set = (given: Partial<SsoChange> = {}, by = owner) =>
  setSingleSignOn(platform.deps, by, { ...change, ...given })

beforeAll(async () => {
  platform = await startTestPlatform({ egress })
})
beforeEach(async () => {
  texts.clear()
  ann = await newPerson(platform)
  owner = ann.member
})
afterAll(async () => {
  egress.close()
  await platform.database.drop()
})

/** The field that is refused, and why. */
async function refusal(work: Promise<unknown>): Promise<unknown> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof Problem)) throw new Error('It was not refused', { cause: error })
  return error.fields?.[0] ?? error.code
}

describe('what an organisation sets', () => {
  it('is read back, without the secret, which only its own place opens', async () => {
    await set()
    const view = await findSingleSignOn(platform.deps, owner)
    expect(view?.settings).toMatchObject({ issuer: change.issuer, groupRoles: change.groupRoles })
    const stored = await within(platform.deps, owner, findSsoSettings)
    expect(JSON.stringify([view, stored])).not.toContain(change.clientSecret)
    expect((await toOwnConnection(platform.deps, owner.orgId))?.clientSecret.reveal()).toBe(
      change.clientSecret,
    )
    const stranger = (await newPerson(platform)).member
    expect(await findSingleSignOn(platform.deps, stranger)).toBeUndefined()
  })

  it('keeps its secret while issuer and client stay, and sends it to no other', async () => {
    await set()
    await set({ clientSecret: undefined, defaultRole: null })
    expect((await toOwnConnection(platform.deps, owner.orgId))?.clientSecret.reveal()).toBe(
      change.clientSecret,
    )
    const message = 'is required, since the issuer or the client is a new one'
    const field = { field: 'clientSecret', message }
    expect(await refusal(set({ clientSecret: undefined, issuer: 'https://other.example.com' }))).toEqual(
      field,
    )
    expect(await refusal(set({ clientSecret: undefined, clientId: 'other' }))).toEqual(field)
  })

  it.each([
    ['plain http', 'http://login.example.com', 'The scheme must be https.'],
    [
      'a private address',
      'https://10.0.0.1',
      'This address is not on the public internet and may not be used.',
    ],
    [
      'a name of a private network',
      'https://login.internal',
      'This name belongs to a private network and may not be used.',
    ],
    ['a query', 'https://login.example.com/?tenant=1', 'must have no query and no fragment'],
    ['no URL', 'login', 'This is not a valid URL.'],
  ])('refuses an issuer that is %s', async (_what, issuer, message) => {
    expect(await refusal(set({ issuer }))).toEqual({ field: 'issuer', message })
  })

  it('is gone when it is taken away, and that once', async () => {
    await set()
    await deleteSingleSignOn(platform.deps, owner)
    expect(await findSingleSignOn(platform.deps, owner)).toBeUndefined()
    expect(await refusal(deleteSingleSignOn(platform.deps, owner))).toBe('NOT_FOUND')
  })
})

describe('a-domain-counts-once-its-record-has-been-found', () => {
  const prove = async (by = owner) => {
    const [domain] = (await findSingleSignOn(platform.deps, by))?.domains ?? []
    if (domain === undefined) throw new Error('There is no domain to prove')
    const { name, value } = toDomainRecord(domain)
    texts.set(name, [...(texts.get(name) ?? []), value])
    return { name, value }
  }
  const check = async (by = owner) => (await checkSingleSignOn(platform.deps, by)).domains[0]
  const proven = async (orgId = owner.orgId) =>
    (await asGate(platform.deps, (tx) => findConnectionRow(tx, orgId)))?.domains

  it('and not before', async () => {
    await set({ domains: ['first.example'] })
    expect(await check()).toMatchObject({ outcome: 'missing', provenAtMs: null })
    expect(await proven()).toEqual([])
    await prove()
    expect(await check()).toMatchObject({ outcome: 'proven', provenAtMs: platform.clock.now() })
    expect(await proven()).toEqual(['first.example'])
  })

  it('a record that is gone takes the proof with it; name servers that are silent do not', async () => {
    await set({ domains: ['second.example'] })
    const { name } = await prove()
    await check()
    failing.add(name)
    expect(await check()).toMatchObject({ outcome: 'unknown' })
    expect(await proven()).toEqual(['second.example'])
    failing.delete(name)
    texts.delete(name)
    expect(await check()).toMatchObject({ outcome: 'missing' })
    expect(await proven()).toEqual([])
  })

  it('a domain is of one organisation: another gets it only when the record of the first is gone', async () => {
    const other = (await newPerson(platform)).member
    await set({ domains: ['third.example'] })
    await set({ domains: ['third.example'] }, other)
    const { name, value } = await prove()
    expect(await check()).toMatchObject({ outcome: 'proven' })
    const theirs = await prove(other)
    expect(await check(other)).toMatchObject({ outcome: 'taken' })
    expect(await proven(other.orgId)).toEqual([])
    texts.set(name, [theirs.value])
    expect(await check(other)).toMatchObject({ outcome: 'proven' })
    expect(await proven()).toEqual([])
    const found = await asGate(platform.deps, (tx) => findProvenDomain(tx, 'third.example'))
    expect(found?.orgId).toBe(other.orgId)
    expect(value).not.toBe(theirs.value)
  })

  it('of two that prove it at the same moment one gets it', async () => {
    const other = (await newPerson(platform)).member
    await set({ domains: ['fourth.example'] })
    await set({ domains: ['fourth.example'] }, other)
    await prove()
    await prove(other)
    const outcomes = await Promise.all([check(), check(other)])
    expect(new Set(outcomes.map((domain) => domain?.outcome))).toEqual(new Set(['proven', 'taken']))
  })

  it('a domain that is taken off the list is the organisation’s no more', async () => {
    await set({ domains: ['fifth.example'] })
    await prove()
    await check()
    await set({ domains: [] })
    expect(await asGate(platform.deps, (tx) => findProvenDomain(tx, 'fifth.example'))).toBeUndefined()
  })
})

describe('the break-glass owner', () => {
  const rule = {
    field: 'breakGlassUserId',
    message: 'must be an owner of the organisation who has a password',
  }

  it('is whoever requires single sign-on, unless another owner with a password is named', async () => {
    await set({ isRequired: true })
    expect((await findSingleSignOn(platform.deps, owner))?.settings.breakGlassUserId).toBe(owner.userId)
    const viewer = await platform.join(owner.orgId, 'viewer')
    expect(await refusal(set({ isRequired: true, breakGlassUserId: viewer.userId }))).toEqual(rule)
    const passwordless = await platform.join(owner.orgId, 'owner')
    expect(await refusal(set({ isRequired: true, breakGlassUserId: passwordless.userId }))).toEqual(rule)
    const stranger = (await newPerson(platform)).member
    expect(await refusal(set({ isRequired: true, breakGlassUserId: stranger.userId }))).toEqual(rule)
  })

  it('keeps role and membership for as long as single sign-on is required', async () => {
    const { deps } = platform
    const second = await platform.join(owner.orgId, 'owner')
    await set({ isRequired: true })
    expect(await refusal(changeRole(deps, second, owner.userId, 'member'))).toBe('BREAK_GLASS_OWNER')
    expect(await refusal(removeMember(deps, second, owner.userId))).toBe('BREAK_GLASS_OWNER')
    await set({ isRequired: false })
    await removeMember(deps, second, owner.userId)
  })
})
