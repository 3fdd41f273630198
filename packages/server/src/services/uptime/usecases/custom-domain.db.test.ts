import { listEntries } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { createEgress, type Egress, noAllowance } from '@gatehouse/kernel/egress'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { type LocalNames, startLocalNames } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ServiceReply } from '../contract/service-shapes.ts'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { createService } from './create-service.ts'
import { createViewLink } from './create-view-link.ts'
import { deleteService } from './delete-service.ts'
import { listServices } from './list-services.ts'
import { removeCustomDomain, setCustomDomain } from './set-custom-domain.ts'
import { verifyCustomDomain } from './verify-custom-domain.ts'
import { watchCustomDomains } from './watch-custom-domains.ts'

const dayMs = 86_400_000
let uptime: TestUptime
let egress: Egress
let dns: LocalNames
let owner: MemberPrincipal
let page: ServiceReply
let domain: string
let pages = 0

beforeAll(async () => {
  dns = await startLocalNames()
  egress = createEgress({ allow: noAllowance, dnsServers: [dns] })
  uptime = await startTestUptime({ egress })
})
afterAll(async () => {
  egress.close()
  await dns.close()
  await uptime.database.drop()
})
beforeEach(async () => {
  ;({ owner, page } = await newPage())
  domain = `status${pages}.site.test`
})

async function newPage(plan?: string) {
  pages += 1
  const member = await uptime.found(plan)
  const made = await createService(uptime.deps, member, { name: 'Shop', slug: `domain-page-${pages}` })
  return { owner: member, page: made }
}

const set = (name = domain) => setCustomDomain(uptime.deps, owner, page.id, { domain: name })
const verify = () => verifyCustomDomain(uptime.deps, owner, page.id)
const now = async () =>
  (await listServices(uptime.deps, owner)).find(({ id }) => id === page.id) ?? expect.fail('no page')
const watch = () => watchCustomDomains(uptime.deps, { signal: new AbortController().signal })
const served = async () => {
  await uptime.deps.hosts.load()
  return uptime.deps.hosts.find(domain)
}

/** Sets the records that the page asks for. */
function publish({ customDomainValidation }: ServiceReply): void {
  for (const { type, name, value } of customDomainValidation?.records ?? [])
    dns.names.set(name, type === 'CNAME' ? { alias: value } : { texts: [value] })
}

async function activate(): Promise<void> {
  publish(await set())
  expect(await verify()).toMatchObject({ customDomainStatus: 'active' })
}

const outcomes = ({ customDomainValidation }: ServiceReply) =>
  customDomainValidation?.records.map(({ found }) => found?.outcome)

it('links-to-a-page-name-its-domain: also those that let one member in, once the domain is active', async () => {
  const link = () => createViewLink(uptime.deps, owner, page.id)
  const view = String.raw`\?view=[\w-]{43}$`
  expect(await link()).toMatch(new RegExp(String.raw`^https://gate\.example\.com/status/${page.slug}${view}`))
  publish(await set())
  expect(await link()).toMatch(/^https:\/\/gate\.example\.com\//)
  await verify()
  expect(await link()).toMatch(new RegExp(`^https://${domain}/${view}`))
  await removeCustomDomain(uptime.deps, owner, page.id)
  expect(await link()).toMatch(/^https:\/\/gate\.example\.com\//)
})

describe('a-page-is-at-a-domain-once-both-records-are-found', () => {
  it('it says which records to set, and is served at the domain once they are there', async () => {
    const waiting = await set()
    expect(waiting).toMatchObject({
      customDomain: domain,
      customDomainStatus: 'pending_validation',
      customDomainValidation: { checkedAt: null, badDays: 0 },
    })
    expect(waiting.customDomainValidation?.records).toEqual([
      { type: 'CNAME', name: domain, value: 'gate.example.com', found: null },
      {
        type: 'TXT',
        name: `_gatehouse.${domain}`,
        value: expect.stringMatching(/^gatehouse-verify=[\w-]{43}$/),
        found: null,
      },
    ])
    expect(await served()).toBeUndefined()
    publish(waiting)
    const verified = await verify()
    expect(verified).toMatchObject({ customDomainStatus: 'active' })
    expect(outcomes(verified)).toEqual(['found', 'found'])
    expect(await served()).toBe(page.slug)
    expect(await now()).toEqual(verified)
  })

  it('what was found instead is told, and the next look may find what is right', async () => {
    publish(await set())
    dns.names.set(domain, { alias: 'elsewhere.test' })
    const failed = await verify()
    expect(failed).toMatchObject({ customDomainStatus: 'failed' })
    expect(failed.customDomainValidation?.records[0]?.found).toEqual({
      outcome: 'other',
      values: ['elsewhere.test'],
    })
    expect(await served()).toBeUndefined()
    publish(failed)
    expect(await verify()).toMatchObject({ customDomainStatus: 'active' })
  })

  it('each record is needed: one alone proves nothing', async () => {
    const waiting = await set()
    publish(waiting)
    dns.names.delete(`_gatehouse.${domain}`)
    expect(outcomes(await verify())).toEqual(['found', 'missing'])
    publish(waiting)
    dns.names.set(domain, { address: '192.0.2.1' })
    expect(outcomes(await verify())).toEqual(['missing', 'found'])
    expect(await now()).toMatchObject({ customDomainStatus: 'failed' })
  })

  it('a chain of aliases leads here as well, and a circle leads nowhere', async () => {
    publish(await set())
    dns.names.set(domain, { alias: 'edge.test' })
    dns.names.set('edge.test', { alias: 'GATE.example.com' })
    expect(await verify()).toMatchObject({ customDomainStatus: 'active' })
    dns.names.set('edge.test', { alias: domain })
    expect(await verify()).toMatchObject({ customDomainStatus: 'failed' })
  })

  it('name servers that do not answer take no page off its domain, and put none on it', async () => {
    publish(await set())
    dns.names.set(domain, 'failing')
    const failed = await verify()
    expect(failed).toMatchObject({ customDomainStatus: 'failed' })
    expect(outcomes(failed)).toEqual(['unanswered', 'found'])
    publish(failed)
    await verify()
    dns.names.set(domain, 'silent')
    const kept = await verify()
    expect(kept).toMatchObject({ customDomainStatus: 'active' })
    expect(outcomes(kept)).toEqual(['unanswered', 'found'])
    // Later tests look for all domains, and need not wait for this one.
    dns.names.delete(domain)
  })

  it('the same domain again keeps its record, and another one needs new records', async () => {
    await activate()
    const before = await now()
    expect((await set()).customDomainValidation).toEqual(before.customDomainValidation)
    expect(await now()).toMatchObject({ customDomainStatus: 'active' })
    const other = await set(`other${pages}.site.test`)
    expect(other).toMatchObject({ customDomainStatus: 'pending_validation' })
    expect(other.customDomainValidation?.records[1]?.value).not.toBe(
      before.customDomainValidation?.records[1]?.value,
    )
    expect(await served()).toBeUndefined()
  })

  it('a page that is deleted, or gives its domain up, is no longer served there', async () => {
    await activate()
    expect(await removeCustomDomain(uptime.deps, owner, page.id)).toMatchObject({
      customDomain: null,
      customDomainStatus: null,
      customDomainValidation: null,
    })
    expect(await served()).toBeUndefined()
    await activate()
    await deleteService(uptime.deps, owner, page.id)
    expect(await served()).toBeUndefined()
  })

  it('each step is an entry of the audit log', async () => {
    await activate()
    await removeCustomDomain(uptime.deps, owner, page.id)
    expect(await listDecisions()).toEqual([
      'status_page.remove_domain',
      'status_page.verify_domain',
      'status_page.set_domain',
    ])
  })
})

/** What was decided about domains, newest first. */
async function listDecisions(): Promise<readonly string[]> {
  const entries = await within(uptime.deps, owner, (tx) =>
    listEntries(tx, {}, { beforeSeq: undefined, limit: 40 }),
  )
  return entries.map(({ event_type: type }) => type).filter((type) => type.endsWith('_domain'))
}

describe('a-domain-belongs-to-one-page', () => {
  const taken = { code: 'CONFLICT', status: 409, detail: 'domain: is in use by another status page' }

  it('nobody else can take a domain that is active', async () => {
    await activate()
    const other = await newPage()
    await expect(setCustomDomain(uptime.deps, other.owner, other.page.id, { domain })).rejects.toMatchObject(
      taken,
    )
    const second = await createService(uptime.deps, owner, { name: 'Two', slug: `second-${pages}` })
    await expect(setCustomDomain(uptime.deps, owner, second.id, { domain })).rejects.toMatchObject(taken)
  })

  it('whoever only asked for it keeps it from nobody, and comes too late', async () => {
    const first = { owner, page }
    await set()
    ;({ owner, page } = await newPage())
    await activate()
    expect(await served()).toBe(page.slug)
    ;({ owner, page } = first)
    const mine = await now()
    const theirs = dns.names.get(`_gatehouse.${domain}`)
    const [, text] = mine.customDomainValidation?.records ?? []
    dns.names.set(`_gatehouse.${domain}`, {
      texts: [text?.value ?? '', ...(typeof theirs === 'object' ? (theirs.texts ?? []) : [])],
    })
    await expect(verify()).rejects.toMatchObject(taken)
    expect(await served()).not.toBe(page.slug)
  })

  it("another org's page is refused in the words of one that never existed", async () => {
    await activate()
    const eve = await uptime.found()
    for (const call of [
      () => setCustomDomain(uptime.deps, eve, page.id, { domain: 'eve.site.test' }),
      () => verifyCustomDomain(uptime.deps, eve, page.id),
      () => removeCustomDomain(uptime.deps, eve, page.id),
    ])
      await expect(call()).rejects.toMatchObject({
        code: 'NOT_FOUND',
        status: 404,
        detail: 'Status page not found',
      })
    expect(await served()).toBe(page.slug)
  })

  it('a page without a domain has none to verify', async () => {
    await expect(verify()).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 })
  })

  it('the name of the instance itself is refused', async () => {
    await expect(set('gate.example.com')).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      detail: 'domain: is the name of this instance itself',
    })
  })

  it.each(['http://192.0.2.1:4280', 'http://[2001:db8::1]', 'http://localhost:4280'])(
    'nothing can point to an instance at %s, which is said with the setting to change',
    async (publicUrl) => {
      const deps = { ...uptime.deps, publicUrl: () => publicUrl }
      await expect(setCustomDomain(deps, owner, page.id, { domain })).rejects.toMatchObject({
        code: 'INVALID_CONFIG',
        detail: expect.stringContaining('GATEHOUSE_PUBLIC_URL'),
      })
    },
  )
})

it.each([
  ['free', false],
  ['pro', true],
  ['business', true],
  ['unlimited', true],
])('domains-come-with-a-plan: %s %s', async (plan, comes) => {
  ;({ owner, page } = await newPage(plan))
  if (!comes) await expect(set()).rejects.toMatchObject({ code: 'PLAN_REQUIRED', status: 402 })
  else await set()
  expect(await now()).toMatchObject({ customDomain: comes ? domain : null })
})

describe('a-lost-domain-is-given-up-after-seven-days', () => {
  beforeEach(activate)

  const nextDay = async () => {
    uptime.clock.advance(dayMs)
    await watch()
    return now()
  }

  it('it is looked for a day after the last look, and not a millisecond before', async () => {
    dns.names.delete(domain)
    uptime.clock.advance(dayMs - 1)
    await watch()
    expect(outcomes(await now())).toEqual(['found', 'found'])
    uptime.clock.advance(1)
    await watch()
    expect(outcomes(await now())).toEqual(['missing', 'found'])
  })

  it('on the sixth bad day it is still served, and on the seventh it is not', async () => {
    dns.names.delete(domain)
    for (let day = 1; day <= 6; day += 1) {
      expect(await nextDay()).toMatchObject({
        customDomainStatus: 'active',
        customDomainValidation: { badDays: day },
      })
      expect(await served()).toBe(page.slug)
    }
    expect(await nextDay()).toMatchObject({ customDomainStatus: 'failed' })
    expect(await served()).toBeUndefined()
    expect((await listDecisions()).slice(0, 2)).toEqual([
      'status_page.lose_domain',
      'status_page.miss_domain',
    ])
    // From then on it is for a person to verify.
    dns.names.set(domain, { alias: 'gate.example.com' })
    expect(await nextDay()).toMatchObject({ customDomainStatus: 'failed' })
    expect(await verify()).toMatchObject({ customDomainStatus: 'active' })
  })

  it('owners are told on the first bad day, and when the page has left the domain', async () => {
    const tell = async () => {
      uptime.mails.splice(0)
      await nextDay()
      await uptime.sendMails()
      return uptime.mails.filter(({ text }) => text.includes(domain)).map(({ subject }) => subject)
    }
    dns.names.delete(domain)
    expect(await tell()).toEqual([`[Acme] ${domain} misses a record`])
    for (let day = 2; day <= 6; day += 1) expect(await tell()).toEqual([])
    expect(await tell()).toEqual([`[Acme] Shop is no longer at ${domain}`])
  })

  it('a good day begins the count anew', async () => {
    dns.names.delete(domain)
    for (let day = 1; day <= 6; day += 1) await nextDay()
    dns.names.set(domain, { alias: 'gate.example.com' })
    expect(await nextDay()).toMatchObject({ customDomainValidation: { badDays: 0 } })
    dns.names.delete(domain)
    expect(await nextDay()).toMatchObject({
      customDomainStatus: 'active',
      customDomainValidation: { badDays: 1 },
    })
  })

  it('a day without an answer does not count, and is asked for again', async () => {
    dns.names.set(domain, 'failing')
    for (let day = 1; day <= 8; day += 1)
      expect(await nextDay()).toMatchObject({
        customDomainStatus: 'active',
        customDomainValidation: { badDays: 0 },
      })
    dns.names.delete(domain)
    await watch()
    expect(await now()).toMatchObject({ customDomainValidation: { badDays: 1 } })
  })
})
