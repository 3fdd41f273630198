import { createSocket } from 'node:dgram'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fakeClock } from '../../testing/index.ts'
import { alias, record, soa, toBytes, zone, type Asked, type Message } from '../../testing/index.ts'
import type { Resolver } from './create-resolver.ts'
import { useLocalDns } from '../fixtures/use-local-dns.ts'
import { addressesOf, codeOf, useResolvers } from '../fixtures/use-resolvers.ts'

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-resolver-'))
afterAll(() => rmSync(folder, { recursive: true }))

const serve = useLocalDns()
const resolverOf = useResolvers()
const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
)
const silence: readonly Message[] = []

const ofType = (asked: readonly Asked[], type: Asked['type']) => asked.filter((one) => one.type === type)

describe('a name is looked up', () => {
  it('in both families at once, IPv4 first', async () => {
    const dns = await serve(zone({ 'site.test': ['2001:db8::1', '192.0.2.1', '192.0.2.2'] }))
    expect(await addressesOf(resolverOf([dns]))).toEqual(['192.0.2.1', '192.0.2.2', '2001:db8::1'])
    expect(dns.asked).toHaveLength(2)
    for (const type of ['A', 'AAAA']) {
      const query = { hostname: 'site.test', type, over: 'udp', edns: true }
      expect(dns.asked).toContainEqual(expect.objectContaining(query))
    }
  })

  it('through aliases', async () => {
    const dns = await serve(({ type }) =>
      type === 'AAAA'
        ? [{ answers: [alias('site.test', 'edge.test')], authorities: [soa(60)] }]
        : [{ answers: [alias('site.test', 'edge.test'), record('edge.test', '192.0.2.1')] }],
    )
    expect(await addressesOf(resolverOf([dns]))).toEqual(['192.0.2.1'])
  })

  it.skipIf(!hasIpv6)('at a name server that speaks IPv6, over both transports', async () => {
    const whole = zone({ 'site.test': ['192.0.2.1'] })
    const dns = await serve((asked) => (asked.over === 'udp' ? [{ truncated: true }] : whole(asked)), '::1')
    expect(await addressesOf(resolverOf([dns]))).toEqual(['192.0.2.1'])
  })

  it('that goes round in a circle of aliases is EBADRESP', async () => {
    const answers = [alias('site.test', 'b.test'), alias('b.test', 'site.test')]
    const dns = await serve(() => [{ answers }])
    expect(await codeOf(addressesOf(resolverOf([dns])))).toBe('EBADRESP')
  })

  it('over TCP where the reply does not fit a datagram', async () => {
    const addresses = Array.from({ length: 200 }, (_, index) => `192.0.2.${index + 1}`)
    const whole = zone({ 'site.test': addresses })
    const dns = await serve((asked) => (asked.over === 'udp' ? [{ truncated: true }] : whole(asked)))
    expect(await addressesOf(resolverOf([dns]))).toEqual(addresses)
  })

  it.each([
    [962, undefined],
    [963, 'EBADRESP'],
  ])('up to 16 KiB of it: %i addresses', async (count, code) => {
    const addresses = Array.from({ length: count }, (_, index) => `192.0.${index >> 8}.${index & 255}`)
    const dns = await serve(({ over, type }) => {
      if (type === 'AAAA') return [{ authorities: [soa(60)] }]
      if (over === 'udp') return [{ truncated: true }]
      // 19 bytes, and 17 for each of these.
      return [{ answers: addresses.map((address) => record('s', address)) }]
    })
    const look = addressesOf(resolverOf([dns]), 's')
    if (code === undefined) expect(await look).toEqual(addresses)
    else expect(await codeOf(look)).toBe(code)
  })

  it.each(['FORMERR', 'NOTIMP'] as const)('without extensions, where the server answers %s', async (code) => {
    const plain = zone({ 'site.test': ['192.0.2.1'] })
    const dns = await serve((asked) => (asked.edns ? [{ code }] : plain(asked)))
    expect(await addressesOf(resolverOf([dns]))).toEqual(['192.0.2.1'])
  })

  it('in the table of hosts alone, where it stands there', async () => {
    const hostsPath = join(folder, 'hosts')
    writeFileSync(hostsPath, '192.0.2.7 site.test\n2001:db8::7 site.test\n')
    const dns = await serve(zone({}))
    const resolver = resolverOf([dns], { hostsPath })
    expect(await addressesOf(resolver)).toEqual(['192.0.2.7', '2001:db8::7'])
    expect(dns.asked).toEqual([])
    expect(await codeOf(addressesOf(resolver, 'other.test'))).toBe('ENOTFOUND')
  })
})

describe('the two families', () => {
  it('a name that does not exist is ENOTFOUND, and IPv6 is not waited for', async () => {
    const dns = await serve(({ type }) => (type === 'AAAA' ? silence : [{ code: 'NXDOMAIN' }]))
    expect(await codeOf(addressesOf(resolverOf([dns])))).toBe('ENOTFOUND')
  })

  it('a server that denies the name for IPv6 is not believed', async () => {
    const dns = await serve(({ hostname, type }) =>
      type === 'AAAA' ? [{ code: 'NXDOMAIN' }] : [{ answers: [record(hostname, '192.0.2.1')] }],
    )
    expect(await addressesOf(resolverOf([dns]))).toEqual(['192.0.2.1'])
  })

  it('a name without addresses is ENODATA', async () => {
    const dns = await serve(zone({ 'site.test': [] }))
    expect(await codeOf(addressesOf(resolverOf([dns])))).toBe('ENODATA')
  })

  it('a name of IPv6 alone has its addresses', async () => {
    const dns = await serve(zone({ 'site.test': ['2001:db8::1'] }))
    expect(await addressesOf(resolverOf([dns]))).toEqual(['2001:db8::1'])
  })

  it.each<[Asked['type'], Asked['type']]>([
    ['A', 'AAAA'],
    ['AAAA', 'A'],
  ])('no %s record and a failure for %s is a failure', async (empty) => {
    const dns = await serve(({ type }) =>
      type === empty ? [{ authorities: [soa(60)] }] : [{ code: 'SERVFAIL' }],
    )
    expect(await codeOf(addressesOf(resolverOf([dns])))).toBe('ESERVFAIL')
  })

  it('a failure for IPv6 does not take the IPv4 addresses away', async () => {
    const dns = await serve(({ hostname, type }) =>
      type === 'AAAA' ? [{ code: 'SERVFAIL' }] : [{ answers: [record(hostname, '192.0.2.1')] }],
    )
    expect(await addressesOf(resolverOf([dns]))).toEqual(['192.0.2.1'])
  })

  it('IPv6 that comes too late is left to the cache', async () => {
    const late = Promise.withResolvers<readonly Message[]>()
    const dns = await serve(({ hostname, type }) =>
      type === 'AAAA' ? late.promise : [{ answers: [record(hostname, '192.0.2.1')] }],
    )
    const resolver = resolverOf([dns])
    expect(await addressesOf(resolver)).toEqual(['192.0.2.1'])
    late.resolve([{ answers: [record('site.test', '2001:db8::1')] }])
    expect(await addressesOf(resolver)).toEqual(['192.0.2.1', '2001:db8::1'])
    expect(dns.asked).toHaveLength(2)
  })
})

describe('forged replies', () => {
  it('with a wrong id or question are ignored, and the true one is waited for', async () => {
    const forged = [record('site.test', '198.51.100.66')]
    const dns = await serve(({ hostname, type }) => [
      { idOffset: 1, answers: forged },
      { idOffset: -1, code: 'NXDOMAIN' },
      { hostname: 'evil.test', answers: forged },
      type === 'A'
        ? { answers: [record(hostname, '192.0.2.1'), record('evil.test', '198.51.100.66')] }
        : { authorities: [soa(60)] },
    ])
    expect(await addressesOf(resolverOf([dns]))).toEqual(['192.0.2.1'])
  })
})

describe('who would forge a reply', () => {
  it('from another address or port is not heard, even with the right id', async () => {
    const stranger = createSocket('udp4')
    const dns = await serve(async (asked) => {
      const forged = toBytes({ answers: [record(asked.hostname, '198.51.100.66')] }, asked, asked.id)
      await new Promise((sent) => stranger.send(forged, asked.from, '127.0.0.1', sent))
      return zone({ 'site.test': ['192.0.2.1'] })(asked)
    })
    expect(await addressesOf(resolverOf([dns]))).toEqual(['192.0.2.1'])
    stranger.close()
  })

  it('has to guess an id and a port anew for every query', async () => {
    const dns = await serve(zone({}))
    const resolver = resolverOf([dns])
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => codeOf(addressesOf(resolver, `h${index}.test`))),
    )
    // Of eighty ids drawn from 65,536, a few may be equal; a port may be reused once its query has ended.
    expect(new Set(dns.asked.map(({ id }) => id)).size).toBeGreaterThan(70)
    expect(new Set(dns.asked.map(({ from }) => from)).size).toBeGreaterThan(40)
  })
})

describe('answers are kept', () => {
  it('for their TTL and asked for anew after it', async () => {
    const clock = fakeClock()
    const dns = await serve(zone({ 'site.test': ['192.0.2.1'] }, 60))
    const resolver = resolverOf([dns], { clock })
    await addressesOf(resolver)
    clock.advance(59_999)
    expect(await addressesOf(resolver)).toEqual(['192.0.2.1'])
    expect(dns.asked).toHaveLength(2)
    clock.advance(1)
    expect(await addressesOf(resolver)).toEqual(['192.0.2.1'])
    expect(dns.asked).toHaveLength(4)
  })

  it('that a name does not exist as well, but no failure', async () => {
    const dns = await serve((asked) =>
      asked.hostname === 'fails.test' ? [{ code: 'SERVFAIL' }] : zone({})(asked),
    )
    const resolver = resolverOf([dns])
    for (const hostname of ['missing.test', 'missing.test', 'fails.test', 'fails.test']) {
      await codeOf(addressesOf(resolver, hostname))
    }
    const names = ofType(dns.asked, 'A').map(({ hostname }) => hostname)
    expect(names).toEqual(['missing.test', 'fails.test', 'fails.test'])
  })

  it('and replaced by a fresh look-up', async () => {
    let address = '192.0.2.1'
    const dns = await serve((asked) => zone({ 'site.test': [address] })(asked))
    const resolver = resolverOf([dns])
    expect(await addressesOf(resolver)).toEqual(['192.0.2.1'])
    address = '192.0.2.2'
    expect(await addressesOf(resolver)).toEqual(['192.0.2.1'])
    expect(await addressesOf(resolver, 'site.test', { fresh: true })).toEqual(['192.0.2.2'])
    expect(await addressesOf(resolver)).toEqual(['192.0.2.2'])
  })
})

describe('many at once', () => {
  it('who asks for the same name shares one query', async () => {
    const dns = await serve(zone({ 'site.test': ['192.0.2.1'] }))
    const resolver = resolverOf([dns])
    const looks = Array.from({ length: 500 }, (_, index) =>
      addressesOf(resolver, 'site.test', { fresh: index % 2 === 0 }),
    )
    expect(new Set((await Promise.all(looks)).flat())).toEqual(new Set(['192.0.2.1']))
    expect(dns.asked).toHaveLength(2)
  })

  it('a resolver that takes 50 ms answers 2,000 names without one failure, 200 queries at a time', async () => {
    let inFlight = 0
    let most = 0
    const dns = await serve(async ({ hostname, type }) => {
      most = Math.max(most, ++inFlight)
      await new Promise((resolve) => setTimeout(resolve, 50))
      inFlight--
      return type === 'A' ? [{ answers: [record(hostname, '192.0.2.1')] }] : [{ authorities: [soa(60)] }]
    })
    const resolver = resolverOf([dns])
    const names = Array.from({ length: 2_000 }, (_, index) => `www.customer${index}.test`)
    const answers = await Promise.all(names.map((hostname) => addressesOf(resolver, hostname)))
    expect(answers.every(([address]) => address === '192.0.2.1')).toBe(true)
    expect(most).toBeLessThanOrEqual(200)
    expect(ofType(dns.asked, 'A')).toHaveLength(2_000)
  })

  /** Names that nobody answers for, looked up until the test is over. */
  const hang = async (
    names: readonly string[],
    resolver: Resolver,
    org: string,
    work: () => Promise<void>,
  ) => {
    const controller = new AbortController()
    const looks = names.map((hostname) =>
      codeOf(addressesOf(resolver, hostname, { org, signal: controller.signal })),
    )
    await work()
    controller.abort()
    await Promise.all(looks)
  }
  const numbered = (count: number, toName: (index: number) => string): readonly string[] =>
    Array.from({ length: count }, (_, index) => toName(index))
  // The default timeout of a check.
  const patience = (): AbortSignal => AbortSignal.timeout(10_000)
  const answering = zone({ 'x.co.uk': ['192.0.2.1'], 'site.test': ['192.0.2.2'] })
  const isHanging = ({ hostname }: Asked): boolean => /^h\d+\./.test(hostname)
  const serveHanging = () => serve((asked) => (isHanging(asked) ? silence : answering(asked)))

  it.each<[string, (index: number) => string]>([
    ['of one domain', (index) => `h${index}.evil.co.uk`],
    ['of as many domains', (index) => `h${index}.evil${index}.co.uk`],
    ['of as many suffixes', (index) => `h${index}.evil${index}.com`],
  ])('240 hanging names %s in one org never hold up the name of another', async (_what, toName) => {
    const resolver = resolverOf([await serveHanging()])
    await hang(numbered(240, toName), resolver, 'evil', async () => {
      const look = addressesOf(resolver, 'x.co.uk', { org: 'good', signal: patience() })
      expect(await codeOf(look)).toEqual(['192.0.2.1'])
    })
  })

  it('nor do those of three orgs at once', async () => {
    const resolver = resolverOf([await serveHanging()])
    const all = (org: string) => numbered(240, (index) => `h${index}.${org}.com`)
    await hang(all('a'), resolver, 'a', () =>
      hang(all('b'), resolver, 'b', () =>
        hang(all('c'), resolver, 'c', async () => {
          const look = addressesOf(resolver, 'x.co.uk', { org: 'good', signal: patience() })
          expect(await codeOf(look)).toEqual(['192.0.2.1'])
        }),
      ),
    )
  })

  it('nor those of 240 orgs with one name each, however long their later tries take', async () => {
    const limits = {
      triesMs: [50, 3_600_000],
      inFlightMax: 40,
      inFlightPerOrgMax: 20,
      inFlightPerDomainMax: 10,
    }
    const dns = await serveHanging()
    const resolver = resolverOf([dns], { limits })
    const controller = new AbortController()
    const looks = numbered(240, (index) => `h${index}.evil${index}.com`).map((hostname) =>
      codeOf(addressesOf(resolver, hostname, { org: hostname, signal: controller.signal })),
    )
    // By then the most names that are allowed wait for their second try, which would not end within this test.
    const asked = () => ofType(dns.asked, 'A').map(({ hostname }) => hostname)
    await expect.poll(() => new Set(asked()).size).toBe(240)
    await expect.poll(() => asked().length).toBeGreaterThan(240)
    const look = addressesOf(resolver, 'x.co.uk', { org: 'good', signal: patience() })
    expect(await codeOf(look)).toEqual(['192.0.2.1'])
    controller.abort()
    await Promise.all(looks)
  })

  it.each<[string, (index: number) => string]>([
    ['siblings below one public suffix', (index) => `h${index}.evil${index}.github.io`],
    ['names below one wildcard', (index) => `h${index}.w.evil.com`],
    ['names that lead on to such names', (index) => `c${index}.evil${index}.com`],
    ['names whose server drips its answer', (index) => `d${index}.evil${index}.com`],
  ])('nor do 240 %s', async (_what, toName) => {
    const dns = await serve((asked) => {
      if (asked.hostname.startsWith('c'))
        return [{ answers: [alias(asked.hostname, asked.hostname.replace('c', 'h'))] }]
      if (asked.hostname.startsWith('d')) return asked.over === 'udp' ? [{ truncated: true }] : silence
      return isHanging(asked) ? silence : answering(asked)
    })
    const resolver = resolverOf([dns])
    await hang(numbered(240, toName), resolver, 'evil', async () => {
      const look = addressesOf(resolver, 'x.co.uk', { org: 'good', signal: patience() })
      expect(await codeOf(look)).toEqual(['192.0.2.1'])
    })
  })

  it('a.co.uk and b.co.uk share nothing, in one org either', async () => {
    const limits = { inFlightMax: 8, inFlightPerOrgMax: 8, inFlightPerDomainMax: 4 }
    const resolver = resolverOf([await serveHanging()], { limits })
    await hang(
      numbered(40, (index) => `h${index}.a.co.uk`),
      resolver,
      'one',
      async () => {
        const look = addressesOf(resolver, 'x.co.uk', { org: 'one', signal: patience() })
        expect(await codeOf(look)).toEqual(['192.0.2.1'])
      },
    )
  })

  it('a name that waits in the line of a busy org is asked for at once on behalf of another', async () => {
    const limits = { inFlightMax: 8, inFlightPerOrgMax: 4, inFlightPerDomainMax: 4 }
    const resolver = resolverOf([await serveHanging()], { limits })
    const names = [...numbered(40, (index) => `h${index}.evil.com`), 'x.co.uk']
    await hang(names, resolver, 'evil', async () => {
      const look = addressesOf(resolver, 'x.co.uk', { org: 'good', signal: patience() })
      expect(await codeOf(look)).toEqual(['192.0.2.1'])
    })
  })

  it('a zone whose servers are dead does not keep others from being looked up', async () => {
    const resolver = resolverOf([await serveHanging()], {
      limits: { inFlightMax: 8, inFlightPerOrgMax: 8, inFlightPerDomainMax: 4 },
    })
    const controller = new AbortController()
    const dead = numbered(100, (index) => `h${index}.dead.test`).map((hostname) =>
      codeOf(addressesOf(resolver, hostname, { signal: controller.signal })),
    )
    expect(await addressesOf(resolver)).toEqual(['192.0.2.2'])
    controller.abort()
    expect(new Set(await Promise.all(dead))).toEqual(new Set(['ECONNREFUSED']))
  })
})
