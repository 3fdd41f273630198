import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { fakeClock } from '../testing/index.ts'
import { createEgress, type EgressOptions } from './create-egress.ts'
import { noAllowance } from './egress-allowance.ts'
import { record, soa, zone, type Asked, type Script } from '../testing/index.ts'
import { answering, policy, useLocalServers } from './fixtures/local-server.ts'
import { useLocalDns } from './fixtures/use-local-dns.ts'
import { parseEgressAllowance } from './parse-egress-allowance.ts'

const serveNames = useLocalDns()
const { serve } = useLocalServers()
const okay: (socket: Socket) => void = answering('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret')

/** A target on loopback and an egress that asks a name server with this script. */
async function between(script: Script, options: Partial<EgressOptions> = {}) {
  const target = await serve(okay)
  const dns = await serveNames(script)
  const egress = createEgress({ allow: noAllowance, dnsServers: [dns], ...options })
  return { egress, dns, target, url: `http://rebind.test:${target.port}/` }
}

const ofA = (asked: readonly Asked[]) => asked.filter(({ type }) => type === 'A')

describe('rebinding-is-refused, by a name server that changes its answer', () => {
  it('the target is reached when it is allowed, so its silence below means something', async () => {
    const target = await serve(okay)
    const dns = await serveNames(zone({ 'rebind.test': ['127.0.0.1'] }))
    const allow = parseEgressAllowance(`127.0.0.1:${target.port}`)
    const egress = createEgress({ allow, dnsServers: [dns] })
    await egress.request({ url: `http://rebind.test:${target.port}/`, policy })
    expect(target.connections()).toBe(1)
    egress.close()
  })

  it('public when it was saved, loopback when it is dialled', async () => {
    const clock = fakeClock()
    const answers = ['8.8.8.8', '127.0.0.1']
    const { egress, dns, target, url } = await between(
      ({ hostname, type }) =>
        type === 'AAAA'
          ? [{ authorities: [soa(60)] }]
          : [{ answers: [record(hostname, answers.shift() ?? '', 0)] }],
      { clock },
    )
    expect(await egress.judgeTargetNow(url, policy)).toMatchObject({ accepted: true })
    clock.advance(5_000)
    await expect(egress.request({ url, policy })).rejects.toMatchObject({ code: 'target_forbidden' })
    expect(ofA(dns.asked)).toHaveLength(2)
    expect(target.connections()).toBe(0)
  })

  it('one attempt asks once and dials that answer, so there is no second answer to swap', async () => {
    const target = await serve(okay)
    const dns = await serveNames(({ hostname, type }) =>
      type === 'AAAA'
        ? [{ authorities: [soa(60)] }]
        : [{ answers: [record(hostname, ofA(dns.asked).length === 1 ? '127.0.0.1' : '10.0.0.1', 0)] }],
    )
    const allow = parseEgressAllowance(`127.0.0.1:${target.port}`)
    const egress = createEgress({ allow, dnsServers: [dns] })
    const { remoteAddress } = await egress.request({ url: `http://rebind.test:${target.port}/`, policy })
    expect(remoteAddress).toBe('127.0.0.1')
    expect(ofA(dns.asked)).toHaveLength(1)
    await expect(
      egress.request({ url: `http://rebind.test:${target.port}/`, policy, fresh: true }),
    ).rejects.toMatchObject({ code: 'target_forbidden' })
    egress.close()
  })

  it('an open connection that the target would keep is not used again: the next request is judged anew', async () => {
    const target = await serve((socket) =>
      socket.on('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 6\r\n\r\nsecret')
      }),
    )
    const dns = await serveNames(({ hostname, type }) =>
      type === 'AAAA'
        ? [{ authorities: [soa(60)] }]
        : [{ answers: [record(hostname, ofA(dns.asked).length < 3 ? '127.0.0.1' : '10.0.0.1', 0)] }],
    )
    const allow = parseEgressAllowance(`127.0.0.1:${target.port}`)
    const egress = createEgress({ allow, dnsServers: [dns] })
    const request = { url: `http://rebind.test:${target.port}/`, policy, fresh: true }
    for (const connections of [1, 2]) {
      expect(await egress.request(request)).toMatchObject({ status: 200 })
      expect(target.connections()).toBe(connections)
    }
    await target.idle()
    await expect(egress.request(request)).rejects.toMatchObject({ code: 'target_forbidden' })
    expect(target.connections()).toBe(2)
    egress.close()
  })

  it.each([
    ['a private address beside a public one', ['8.8.8.8', '10.0.0.1']],
    ['loopback over IPv6 beside a public address over IPv4', ['8.8.8.8', '::1']],
    ['a mapped address', ['8.8.8.8', '::ffff:127.0.0.1']],
    ['the metadata address last of many', ['8.8.8.8', '8.8.4.4', '1.1.1.1', '1.0.0.1', '169.254.169.254']],
    ['loopback alone', ['127.0.0.1']],
  ])('%s condemns the whole answer', async (_what, addresses) => {
    const { egress, target, url } = await between(zone({ 'rebind.test': addresses }))
    await expect(egress.request({ url, policy })).rejects.toMatchObject({ code: 'target_forbidden' })
    expect(await egress.judgeTargetNow(url, policy)).toMatchObject({ accepted: false, reason: 'address' })
    expect(target.connections()).toBe(0)
  })
})

describe('a name server that does not answer', () => {
  it('says nothing of the target, however short the time', async () => {
    const { egress, url } = await between(() => [])
    await expect(egress.request({ url, policy, timeoutMs: 50 })).rejects.toMatchObject({
      code: 'dns_failed',
      rcode: undefined,
      phases: { dnsMs: null },
    })
    egress.close()
  })
})

it('whoever saves waits three seconds at most for a name that does not answer, and may save', async () => {
  const patient = { ...policy, connectTimeoutMs: 600_000, totalTimeoutMs: 600_000 }
  const hanging = createEgress({ allow: noAllowance, resolve: () => new Promise(() => undefined) })
  expect(await hanging.judgeTargetNow('http://site.test/', patient)).toMatchObject({ accepted: true })
})
