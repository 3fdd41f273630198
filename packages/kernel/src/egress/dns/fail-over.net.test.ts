import { describe, expect, it } from 'vitest'
import { startLocalDns, zone, type Asked, type Message } from '../../testing/index.ts'
import { useLocalDns } from '../fixtures/use-local-dns.ts'
import { addressesOf, codeOf, impatient, useResolvers } from '../fixtures/use-resolvers.ts'
import type { NameServer } from './name-servers.ts'

const serve = useLocalDns()
const resolverOf = useResolvers()
const silence: readonly Message[] = []

/** A port of this machine on which nothing answers and nothing listens. */
async function startAndStop(): Promise<NameServer> {
  const server = await startLocalDns(() => silence)
  await server.close()
  return server
}

const namesOfA = (asked: readonly Asked[]) =>
  asked.filter(({ type }) => type === 'A').map(({ hostname }) => hostname)

describe('two upstreams', () => {
  it('the second answers where the first is silent, and is asked first from then on', async () => {
    const dead = await serve(() => silence)
    const alive = await serve(zone({ 'site.test': ['192.0.2.1'], 'other.test': ['192.0.2.2'] }))
    const resolver = resolverOf([dead, alive], impatient)
    expect(await addressesOf(resolver)).toEqual(['192.0.2.1'])
    const before = dead.asked.length
    expect(await addressesOf(resolver, 'other.test')).toEqual(['192.0.2.2'])
    expect(dead.asked).toHaveLength(before)
  })

  it('the second answers where nothing listens on the first', async () => {
    const alive = await serve(zone({ 'site.test': ['192.0.2.1'] }))
    expect(await addressesOf(resolverOf([await startAndStop(), alive]))).toEqual(['192.0.2.1'])
  })

  it.each(['SERVFAIL', 'REFUSED'] as const)('the second answers where the first says %s', async (code) => {
    const broken = await serve(() => [{ code }])
    const alive = await serve(zone({ 'site.test': ['192.0.2.1'] }))
    const resolver = resolverOf([broken, alive])
    expect(await addressesOf(resolver)).toEqual(['192.0.2.1'])
    // Only that one question failed: for the next name the first server is asked first again.
    await codeOf(addressesOf(resolver, 'other.test'))
    expect(namesOfA(broken.asked)).toEqual(['site.test', 'other.test'])
  })

  it('a lost datagram is asked for again', async () => {
    let lost = 0
    const whole = zone({ 'site.test': ['192.0.2.1'] })
    const dns = await serve((asked) => (lost++ < 2 ? silence : whole(asked)))
    expect(await addressesOf(resolverOf([dns], impatient))).toEqual(['192.0.2.1'])
  })

  it.each<[string, string, readonly Message[], readonly Message[]]>([
    ['ESERVFAIL', 'both fail', [{ code: 'SERVFAIL' }], [{ code: 'SERVFAIL' }]],
    ['ESERVFAIL', 'one fails and one is silent', silence, [{ code: 'SERVFAIL' }]],
    ['ESERVFAIL', 'one fails and one refuses', [{ code: 'SERVFAIL' }], [{ code: 'REFUSED' }]],
    ['EREFUSED', 'both refuse', [{ code: 'REFUSED' }], [{ code: 'REFUSED' }]],
    ['ECONNREFUSED', 'both are silent', silence, silence],
  ])('%s where %s', async (code, _what, first, second) => {
    const servers = [await serve(() => first), await serve(() => second)]
    expect(await codeOf(addressesOf(resolverOf(servers, impatient)))).toBe(code)
  })

  it('ECONNREFUSED where nothing listens on either', async () => {
    expect(await codeOf(addressesOf(resolverOf([await startAndStop(), await startAndStop()])))).toBe(
      'ECONNREFUSED',
    )
  })

  it('ETIMEOUT where the upstreams answer for others but not for this name', async () => {
    const whole = zone({ 'other.test': ['192.0.2.2'] })
    const dns = await serve((asked) => (asked.hostname === 'site.test' ? silence : whole(asked)))
    const resolver = resolverOf([dns], impatient)
    const look = codeOf(addressesOf(resolver))
    expect(await addressesOf(resolver, 'other.test')).toEqual(['192.0.2.2'])
    expect(await look).toBe('ETIMEOUT')
  })
})

describe('who gives up', () => {
  it.each([
    ['before any try ended hears that nothing is known', 60_000, 'ECONNREFUSED'],
    ['after a server failed hears of it', 60_000, 'ESERVFAIL'],
  ])('%s', async (_promise, tryMs, code) => {
    const asked = Promise.withResolvers<void>()
    const controller = new AbortController()
    const failing = await serve(() => [{ code: 'SERVFAIL' }])
    const dead = await serve(() => {
      asked.resolve()
      return silence
    })
    const servers = code === 'ESERVFAIL' ? [failing, dead] : [dead, failing]
    const resolver = resolverOf(servers, { limits: { triesMs: [tryMs, tryMs] } })
    const look = codeOf(addressesOf(resolver, 'site.test', { signal: controller.signal }))
    await asked.promise
    controller.abort()
    expect(await look).toBe(code)
  })

  it('leaves the query to the others who wait for it; the last one ends it', async () => {
    const [first, second] = [new AbortController(), new AbortController()]
    const gate = Promise.withResolvers<void>()
    const whole = zone({ 'site.test': ['192.0.2.1'] })
    const dns = await serve(async (asked) => {
      await gate.promise
      return whole(asked)
    })
    const resolver = resolverOf([dns])
    const left = codeOf(addressesOf(resolver, 'site.test', { signal: first.signal }))
    const stayed = addressesOf(resolver, 'site.test', { signal: second.signal })
    first.abort()
    expect(await left).toBe('ECONNREFUSED')
    gate.resolve()
    expect(await stayed).toEqual(['192.0.2.1'])
    expect(dns.asked).toHaveLength(2)
  })

  it('closing ends every look-up, and there is no other after it', async () => {
    const dns = await serve(() => silence)
    const resolver = resolverOf([dns])
    const look = codeOf(addressesOf(resolver))
    resolver.close()
    expect(await look).toBe('ECANCELLED')
    // The look-up ended before its query was sent.
    expect(dns.asked).toEqual([])
    expect(await codeOf(addressesOf(resolver))).toBe('ECANCELLED')
  })
})
