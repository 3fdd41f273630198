import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEgress, type Egress } from './create-egress.ts'
import { noAllowance } from './egress-allowance.ts'
import { EgressError } from './egress-error.ts'
import { hostileSpellings } from './fixtures/hostile-spellings.ts'
import { answering, egressTo, policy, startLocalServer, type LocalServer } from './fixtures/local-server.ts'
import { specialEdges } from './fixtures/special-edges.ts'

const okay = answering('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret')

let server: LocalServer
beforeAll(async () => {
  server = await startLocalServer(okay)
})
afterAll(() => server.close())

function answeringWith(...addresses: readonly string[]): Egress {
  return createEgress({ allow: noAllowance, resolve: async () => addresses.map((address) => ({ address })) })
}

async function refusalOf(egress: Egress, url: string): Promise<EgressError> {
  const error: unknown = await egress.request({ url, policy, readBody: { bytesMax: 100 } }).catch((e) => e)
  if (!(error instanceof EgressError)) throw new Error(`${url} was not refused`, { cause: error })
  return error
}

describe('no-special-address-is-dialled', () => {
  it('the server is reached when it is allowed, so its silence below means something', async () => {
    const response = await egressTo([server.port]).request({
      url: `http://127.0.0.1:${server.port}/`,
      policy,
      readBody: { bytesMax: 100 },
    })
    expect(response.body?.toString()).toBe('secret')
    expect(server.connections()).toBe(1)
  })

  it.each(hostileSpellings)('%j reaches nothing', async (spelling) => {
    const before = server.connections()
    const error = await refusalOf(answeringWith('127.0.0.1'), spelling.replace('PORT', String(server.port)))
    expect(error.code).toBe('target_forbidden')
    expect(server.connections()).toBe(before)
  })

  it.each(specialEdges)('$name is refused as a literal and as an answer', async ({ first, last }) => {
    const before = server.connections()
    for (const address of [first, last]) {
      const literal = address.includes(':') ? `[${address}]` : address
      expect((await refusalOf(answeringWith(), `http://${literal}:${server.port}/`)).code).toBe(
        'target_forbidden',
      )
      const named = await refusalOf(answeringWith(address), `http://site.test:${server.port}/`)
      expect(named.code).toBe('target_forbidden')
    }
    expect(server.connections()).toBe(before)
  })

  it.each([
    ['last', ['8.8.8.8', '2606:4700::1111', '127.0.0.1']],
    ['first', ['127.0.0.1', '8.8.8.8']],
    ['an AAAA record', ['8.8.8.8', '::1']],
    ['beyond the addresses that would be dialled', ['8.8.8.8', '8.8.4.4', '1.1.1.1', '1.0.0.1', '10.0.0.1']],
    ['a mapped address', ['8.8.8.8', '::ffff:127.0.0.1']],
    ['no address at all', ['8.8.8.8', 'localhost']],
  ])('one forbidden address, %s, condemns the whole answer', async (_where, addresses) => {
    const before = server.connections()
    const error = await refusalOf(answeringWith(...addresses), `http://site.test:${server.port}/`)
    expect(error.code).toBe('target_forbidden')
    expect(server.connections()).toBe(before)
  })

  it('an operator-configured host may be private, but a metadata address never', async () => {
    const mail = { ...policy, mailPorts: true, operatorConfigured: true }
    const target = { scheme: 'tcp', hostname: 'relay.internal', port: server.port } as const
    const { socket } = await answeringWith('127.0.0.1').openConnection({ target, policy: mail })
    socket.destroy()
    await expect(
      answeringWith('169.254.169.254').openConnection({ target, policy: mail }),
    ).rejects.toMatchObject({ code: 'target_forbidden' })
  })

  it('a refusal carries a class and a time, and neither an address nor a byte', async () => {
    const error = await refusalOf(answeringWith('127.0.0.1'), `http://site.test:${server.port}/`)
    expect(error).toMatchObject({
      code: 'target_forbidden',
      remoteAddress: undefined,
      phases: { dnsMs: expect.any(Number), connectMs: null, ttfbMs: null, totalMs: expect.any(Number) },
    })
    expect(error.message).toBe('target_forbidden')
    expect(error.cause).toBeUndefined()
    expect(JSON.stringify(error)).not.toMatch(/127|secret/)
  })
})

describe('no-special-address-is-dialled: what was really connected to is judged again', () => {
  it('0.0.0.0 is answered by 127.0.0.1, so allowing the one does not allow the other', async () => {
    const egress = createEgress({ allow: { ranges: [anyAddress] } })
    const before = server.received()
    await expect(egress.request({ url: `http://0.0.0.0:${server.port}/`, policy })).rejects.toMatchObject({
      code: 'target_forbidden',
      phases: { connectMs: expect.any(Number), ttfbMs: null },
    })
    await server.idle()
    expect(server.received()).toBe(before)
  })
})

const anyAddress = { text: '0.0.0.0', family: 4, first: [0], last: [0], port: undefined } as const

describe('rebinding-is-refused', () => {
  it('a name that was public when it was saved and is loopback when it is dialled reaches nothing', async () => {
    const answers = [['8.8.8.8'], ['127.0.0.1']]
    const egress = createEgress({
      allow: noAllowance,
      resolve: async () => (answers.shift() ?? []).map((address) => ({ address })),
    })
    const url = `http://rebind.test:${server.port}/`
    const before = server.connections()
    expect(await egress.judgeTargetNow(url, policy)).toMatchObject({ accepted: true })
    expect((await refusalOf(egress, url)).code).toBe('target_forbidden')
    expect(server.connections()).toBe(before)
    expect(answers).toEqual([])
  })

  it('one attempt asks once and dials that answer, so there is no second answer to swap', async () => {
    const asked: string[] = []
    const egress = egressTo([server.port], {
      resolve: async (hostname) => {
        asked.push(hostname)
        return [{ address: asked.length === 1 ? '127.0.0.1' : '10.0.0.1' }]
      },
    })
    const { remoteAddress } = await egress.request({ url: `http://Site.Test.:${server.port}/`, policy })
    expect(remoteAddress).toBe('127.0.0.1')
    expect(asked).toEqual(['site.test'])
  })
})

describe('saving a name', () => {
  it('is refused when any answer is forbidden, without naming the address', async () => {
    const verdict = await answeringWith('8.8.8.8', '10.9.8.7').judgeTargetNow('http://site.test/', policy)
    expect(verdict).toMatchObject({ accepted: false, reason: 'address' })
    expect(JSON.stringify(verdict)).not.toContain('10.9')
  })

  it.each(['ENOTFOUND', 'ESERVFAIL'])('is accepted when it does not resolve yet: %s', async (code) => {
    const resolve = () => Promise.reject(Object.assign(new Error(code), { code }))
    const egress = createEgress({ allow: noAllowance, resolve })
    expect(await egress.judgeTargetNow('http://site.test/', policy)).toMatchObject({ accepted: true })
  })

  it('asks nobody about a target that is refused by its spelling', async () => {
    const resolve = () => Promise.reject(new Error('asked'))
    const egress = createEgress({ allow: noAllowance, resolve })
    expect(await egress.judgeTargetNow('http://localhost/', policy)).toMatchObject({ reason: 'name' })
    expect(await egress.judgeTargetNow('http://127.1/', policy)).toMatchObject({ reason: 'address' })
  })
})
