import { once } from 'node:events'
import { connect } from 'node:net'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { createEgress } from './create-egress.ts'
import { DnsError } from './dns/dns-error.ts'
import { dripping, egressTo, policy, startLocalServer, useLocalServers } from './fixtures/local-server.ts'
import { parseEgressAllowance } from './parse-egress-allowance.ts'

const { serve } = useLocalServers()

async function closedPort(): Promise<number> {
  const server = await startLocalServer(() => undefined)
  await server.close()
  return server.port
}

function failingWith(code: string) {
  const resolve = () => Promise.reject(Object.assign(new Error(code), { code }))
  return createEgress({ allow: parseEgressAllowance('127.0.0.1'), resolve })
}

// Elsewhere only 127.0.0.1 exists, and the rest of 127.0.0.0/8 does not answer at all.
const everyLoopback = process.platform === 'linux'

const tcp = (hostname: string, port: number) => ({ scheme: 'tcp', hostname, port }) as const

describe('an open connection', () => {
  it('is handed over unread, with its phases', async () => {
    const { port } = await serve((socket) => void socket.end('220 ready\r\n'))
    const connection = await egressTo([port]).openConnection({ target: tcp('relay.test', port), policy })
    expect(connection.remoteAddress).toBe('127.0.0.1')
    expect(connection.phases).toMatchObject({ tlsMs: null, ttfbMs: null, downloadMs: null })
    const { dnsMs, connectMs, totalMs } = connection.phases
    for (const ms of [dnsMs, connectMs, totalMs]) expect(Number.isInteger(ms)).toBe(true)
    const [banner] = await once(connection.socket, 'data')
    expect(String(banner)).toBe('220 ready\r\n')
    connection.socket.destroy()
  })

  it('outlives its own deadline, which was for opening it', async () => {
    // A byte every 5 ms: the thirtieth comes long after the deadline.
    const { port } = await serve(dripping('', 'x'))
    const target = tcp('127.0.0.1', port)
    const { socket } = await egressTo([port]).openConnection({ target, policy, timeoutMs: 50 })
    socket.write('go')
    let bytes = 0
    for await (const chunk of socket) {
      bytes += Buffer.from(chunk as Uint8Array).length
      if (bytes >= 30) break
    }
    expect(bytes).toBeGreaterThanOrEqual(30)
  })

  it('that breaks before its owner listens does not end the process', async () => {
    const { port } = await serve((socket) => void socket.once('data', () => socket.resetAndDestroy()))
    const { socket } = await egressTo([port]).openConnection({ target: tcp('127.0.0.1', port), policy })
    const closed = Promise.withResolvers<void>()
    socket.once('close', closed.resolve).write('x')
    await closed.promise
    expect(socket.destroyed).toBe(true)
  })

  it.skipIf(!everyLoopback)('falls back from a dead address to the next, IPv6 included', async () => {
    const { port } = await serve((socket) => void socket.end())
    const egress = createEgress({
      allow: parseEgressAllowance('127.0.0.0/8, ::1'),
      resolve: async () => [{ address: '::1' }, { address: '127.0.0.2' }, { address: '127.0.0.1' }],
    })
    const { socket, remoteAddress } = await egress.openConnection({ target: tcp('site.test', port), policy })
    expect(remoteAddress).toBe('127.0.0.1')
    socket.destroy()
  })

  it.skipIf(!everyLoopback)("dials at most the policy's addresses, the families in turn", async () => {
    const { port, connections } = await serve((socket) => void socket.end())
    const dead = ['127.0.0.2', '127.0.0.3', '127.0.0.4']
    const egress = createEgress({
      allow: parseEgressAllowance('127.0.0.0/8, ::1'),
      resolve: async () => [...dead, '127.0.0.1', '::1'].map((address) => ({ address })),
    })
    await expect(egress.openConnection({ target: tcp('site.test', port), policy })).rejects.toMatchObject({
      code: 'connect_refused',
      remoteAddress: '127.0.0.3',
    })
    expect(connections()).toBe(0)
  })
})

describe('a connection that fails says how far it came', () => {
  it('connect_refused', async () => {
    const port = await closedPort()
    await expect(
      egressTo([port]).openConnection({ target: tcp('site.test', port), policy }),
    ).rejects.toMatchObject({
      code: 'connect_refused',
      remoteAddress: '127.0.0.1',
      phases: { dnsMs: expect.any(Number), connectMs: null, tlsMs: null, totalMs: expect.any(Number) },
    })
  })

  it('network_unreachable', async () => {
    const egress = createEgress({ allow: parseEgressAllowance('255.255.255.255') })
    await expect(egress.openConnection({ target: tcp('255.255.255.255', 80), policy })).rejects.toMatchObject(
      { code: 'network_unreachable' },
    )
  })

  it.each([
    ['ENOTFOUND', 'dns_not_found', undefined],
    ['ENODATA', 'dns_not_found', undefined],
    ['ESERVFAIL', 'dns_failed', 'SERVFAIL'],
    ['EREFUSED', 'dns_failed', 'REFUSED'],
    ['EBADRESP', 'dns_failed', 'BADRESP'],
    ['ETIMEOUT', 'dns_failed', 'TIMEOUT'],
    ['ECONNREFUSED', 'dns_failed', undefined],
    ['EAI_AGAIN', 'dns_failed', undefined],
  ])('%s is %s', async (answer, code, rcode) => {
    await expect(
      failingWith(answer).openConnection({ target: tcp('site.test', 80), policy }),
    ).rejects.toMatchObject({ code, rcode, phases: { dnsMs: null, connectMs: null } })
  })

  it('an answer without addresses is dns_not_found', async () => {
    const egress = egressTo([80], { resolve: async () => [] })
    await expect(egress.openConnection({ target: tcp('site.test', 80), policy })).rejects.toMatchObject({
      code: 'dns_not_found',
    })
  })

  it("a resolver that is broken is not the target's fault", async () => {
    const resolve = () => Promise.reject(new TypeError('bug'))
    const egress = egressTo([80], { resolve })
    await expect(egress.openConnection({ target: tcp('site.test', 80), policy })).rejects.toBeInstanceOf(
      TypeError,
    )
  })

  it.each([
    ['its own time-out', { policy, timeoutMs: 50 }],
    ["the policy's connect time-out", { policy: { ...policy, connectTimeoutMs: 50 } }],
  ])('a resolver that never answers ends at %s and is told to stop', async (_which, options) => {
    let told: AbortSignal | undefined
    const egress = egressTo([80], {
      resolve: (_hostname, { signal }) => {
        told = signal
        return new Promise(() => undefined)
      },
    })
    await expect(egress.openConnection({ target: tcp('site.test', 80), ...options })).rejects.toMatchObject({
      code: 'dns_failed',
      rcode: 'TIMEOUT',
    })
    expect(told?.aborted).toBe(true)
  })

  it('a resolver that is told to stop says what it knows by then', async () => {
    const egress = egressTo([80], {
      resolve: (hostname, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new DnsError('ECONNREFUSED', hostname)))
        }),
    })
    const opening = egress.openConnection({ target: tcp('site.test', 80), policy, timeoutMs: 50 })
    await expect(opening).rejects.toMatchObject({ code: 'dns_failed', rcode: undefined })
  })

  it.skipIf(process.platform !== 'linux')('connect_timeout, when nothing answers the handshake', async () => {
    const { port, fillers, stop } = await startDeafServer()
    const egress = egressTo([port])
    await expect(
      egress.openConnection({ target: tcp('127.0.0.1', port), policy, timeoutMs: 100 }),
    ).rejects.toMatchObject({
      code: 'connect_timeout',
      remoteAddress: '127.0.0.1',
      phases: { connectMs: null },
    })
    const hasty = { ...policy, connectTimeoutMs: 100 }
    await expect(egress.request({ url: `http://127.0.0.1:${port}/`, policy: hasty })).rejects.toMatchObject({
      code: 'connect_timeout',
    })
    for (const filler of fillers) filler.destroy()
    await stop()
  })

  it('a caller that gives up while dialling gets its own reason', async () => {
    const controller = new AbortController()
    const egress = egressTo([80], { resolve: () => new Promise(() => undefined) })
    const opening = egress.openConnection({ target: tcp('site.test', 80), policy, signal: controller.signal })
    const reason = new Error('shutting down')
    controller.abort(reason)
    await expect(opening).rejects.toBe(reason)
  })
})

/** A listener that never accepts: its thread sleeps, its queue of two is full, and Linux drops every further SYN. */
async function startDeafServer() {
  const source = `
    const { parentPort, workerData } = require('node:worker_threads')
    const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      parentPort.postMessage(server.address().port)
      setImmediate(() => Atomics.wait(workerData, 0, 0))
    })`
  const gate = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(source, { eval: true, workerData: gate })
  const [port]: number[] = await once(worker, 'message')
  const fillers = Array.from({ length: 2 }, () => connect({ port: port ?? 0, host: '127.0.0.1' }))
  for (const filler of fillers) filler.on('error', () => undefined)
  await Promise.all(fillers.map((filler) => once(filler, 'connect')))
  const stop = async (): Promise<void> => {
    Atomics.store(gate, 0, 1)
    Atomics.notify(gate, 0)
    await worker.terminate()
  }
  return { port: port ?? 0, fillers, stop }
}
