import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Gatehouse } from '@gatehouse/sdk'
import { afterEach, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'

type Asked = { readonly op: string; readonly since_seq?: number }

let servers: WebSocketServer | undefined
afterEach(() => {
  servers?.close()
})

it('stream-resumes-without-loss-or-duplicates: after a silence the SDK goes on where the server was, and never before an event that it had', async () => {
  /** What each connection says once it is subscribed to, and what it says before. */
  const scripts: readonly (readonly [before: readonly object[], after: readonly object[]])[] = [
    // Before the subscription stands, a number of the server says nothing of what was told.
    [[{ type: 'heartbeat', seq: 40 }], []],
    [[], [{ type: 'heartbeat', seq: 90 }]],
    [[], [{ type: 'regime.transition', seq: 95 }]],
    // Another server that lags behind the one before.
    [[], [{ type: 'heartbeat', seq: 93 }]],
    [[], [{ type: 'gap', oldest_seq: 120 }]],
    // One that was set back: what the numbers stood for is not known there.
    [[], [{ type: 'gap', oldest_seq: 12 }]],
    [[], []],
  ]
  const asked: (number | undefined)[] = []
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  servers = server
  await once(server, 'listening')
  server.on('connection', (socket) => {
    const [before = [], after = []] = scripts[asked.length] ?? []
    const say = (messages: readonly object[]): void => {
      for (const message of messages) socket.send(JSON.stringify(message))
    }
    socket.on('message', (data: Buffer) => {
      // Safe: what the SDK says is JSON.
      const { op, since_seq } = JSON.parse(data.toString()) as Asked
      if (op === 'auth') say([{ type: 'welcome', seq: 20 }, ...before])
      else {
        asked.push(since_seq)
        say([{ type: 'subscribed', id: 'sdk' }, ...after])
        if (asked.length < scripts.length) socket.close(1011)
      }
    })
  })
  // Safe: it listens on a port.
  const { port } = server.address() as AddressInfo
  const ending = new AbortController()
  const stream = new Gatehouse({ baseUrl: `http://127.0.0.1:${port}`, apiKey: 'ak_x' }).volatility.stream({
    sinceSeq: 10,
    signal: ending.signal,
  })
  const heard: number[] = []
  const reading = (async () => {
    for await (const event of stream) heard.push(event.type === 'gap' ? event.oldest_seq : event.seq)
  })()
  await expect.poll(() => asked).toEqual([10, 10, 90, 95, 95, 119, 11])
  expect(heard).toEqual([95, 120, 12])
  ending.abort()
  await reading
})
