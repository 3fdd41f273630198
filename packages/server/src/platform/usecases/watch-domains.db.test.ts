import { createEgress, noAllowance } from '@gatehouse/kernel/egress'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { toDomainRecord } from '../domain/single-sign-on.ts'
import { runQueue } from '../testing/run-queue.ts'
import { newPerson, visit } from '../testing/secured-person.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { admitArrival } from './admit-arrival.ts'
import { checkSingleSignOn } from './check-single-sign-on.ts'
import { listAuditLogs } from './list-audit-logs.ts'
import { findSingleSignOn, setSingleSignOn } from './set-single-sign-on.ts'
import { watchDomains } from './watch-domains.ts'

const dayMs = 86_400_000
const issuer = 'https://login.example.com'
/** The answers of the name servers; for a silent name there is no answer. */
const texts = new Map<string, string[]>()
const silent = new Set<string>()
const egress = createEgress({
  allow: noAllowance,
  resolve: async () => [{ address: '93.184.215.14' }],
  resolveTexts: async (name) => {
    if (silent.has(name)) throw Object.assign(new Error('SERVFAIL'), { code: 'ESERVFAIL' })
    return texts.get(name) ?? []
  },
})

let platform: TestPlatform
let owner: MemberPrincipal
let email: string
let domain: string
let record: { readonly name: string; readonly value: string }
let orgs = 0

beforeAll(async () => {
  platform = await startTestPlatform({ egress })
})
afterAll(async () => {
  egress.close()
  await platform.database.drop()
})
beforeEach(async () => {
  const person = await newPerson(platform)
  owner = person.member
  email = person.email
  orgs += 1
  domain = `d${orgs}.example`
  const { domains } = await setSingleSignOn(platform.deps, owner, {
    issuer,
    clientId: 'gatehouse',
    clientSecret: 'a secret of theirs',
    domains: [domain],
    groupClaim: null,
    groupRoles: [],
    defaultRole: 'viewer',
    isRequired: false,
    breakGlassUserId: null,
    clockSkewSeconds: 60,
  })
  const [held] = domains
  if (held === undefined) throw new Error('There is a domain')
  record = toDomainRecord(held)
  texts.set(record.name, [record.value])
  await checkSingleSignOn(platform.deps, owner)
})

/** The mails that the owner gets of one look. */
async function look() {
  platform.mails.splice(0)
  await watchDomains(platform.deps, { signal: new AbortController().signal })
  await runQueue(platform.deps)
  return platform.mails.filter(({ to }) => to === email)
}

async function lose() {
  texts.delete(record.name)
  platform.clock.advance(dayMs)
  return look()
}

const find = () => texts.set(record.name, [record.value])
const held = async () => (await findSingleSignOn(platform.deps, owner))?.domains[0]

function arrive(name: string) {
  const arrival = { orgId: owner.orgId, issuer, subject: name, email: `${name}@${domain}`, name, sid: null }
  return admitArrival(platform.deps, { ...arrival, role: 'viewer' }, visit, 'en')
}

describe('a-lost-record-lets-nobody-new-in', () => {
  it('it is looked for a day after the last look, and not a millisecond before', async () => {
    const checkedMs = (await held())?.checkedAtMs ?? 0
    texts.delete(record.name)
    platform.clock.set(checkedMs + dayMs - 1)
    expect(await look()).toEqual([])
    platform.clock.set(checkedMs + dayMs)
    expect(await look()).toHaveLength(1)
    expect((await held())?.missingSinceMs).toBe(checkedMs + dayMs)
  })

  it('owners are told once, with the record to set, and again when it is lost again', async () => {
    const [mail] = await lose()
    expect(mail?.text).toContain(record.name)
    expect(mail?.text).toContain(record.value)
    platform.clock.advance(dayMs)
    expect(await look()).toEqual([])
    find()
    expect(await look()).toEqual([])
    expect((await held())?.missingSinceMs).toBeNull()
    expect(await lose()).toHaveLength(1)
    const told = JSON.stringify(await listAuditLogs(platform.deps, owner, { action: 'sso.', limit: 20 }))
    expect(told.match(/"action":"sso\.miss_domain"/g)).toHaveLength(2)
    expect(told.match(/"action":"sso\.find_domain"/g)).toHaveLength(1)
  })

  it('members sign in as before, and nobody new does until it is back', async () => {
    expect((await arrive('member')).kind).toBe('in')
    await lose()
    expect((await arrive('member')).kind).toBe('in')
    expect(await arrive('newcomer')).toEqual({ kind: 'refused', reason: 'domain_missing' })
    find()
    await look()
    expect((await arrive('newcomer')).kind).toBe('in')
  })

  it('name servers that are silent take nothing away', async () => {
    silent.add(record.name)
    expect(await lose()).toEqual([])
    expect((await held())?.missingSinceMs).toBeNull()
    silent.delete(record.name)
    expect(await look()).toHaveLength(1)
  })

  it('of two nodes that look at the same moment one tells', async () => {
    texts.delete(record.name)
    platform.clock.advance(dayMs)
    const both = await Promise.all([look(), look()])
    expect(new Set(both.flat()).size).toBe(1)
  })

  it('another organisation that sets a record of its own has it, as before', async () => {
    await lose()
    expect(await held()).toMatchObject({ missingSinceMs: platform.clock.now() })
    await checkSingleSignOn(platform.deps, owner)
    expect(await held()).toMatchObject({ provenAtMs: null, missingSinceMs: null })
  })
})
