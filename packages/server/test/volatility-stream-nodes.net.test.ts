import { systemClock } from '@gatehouse/kernel/clock'
import { isValkeyMissing, startValkey, type TestValkey } from '@gatehouse/kernel/testing'
import { Gatehouse, type RegimeEvent } from '@gatehouse/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bearer, closeOf, openSocket } from '../src/http/fixtures/socket-client.ts'
import { balance } from './fixtures/balance.ts'
import { composeNodes, type ComposedNodes } from './fixtures/compose-nodes.ts'
import { createKey, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { tellEvents, type TestEvent } from './fixtures/regime-events.ts'

describe.skipIf(isValkeyMissing)('streams of two nodes', () => {
  let valkey: TestValkey
  let nodes: ComposedNodes
  let ann: SignedIn
  let key: string
  /** While it stands, nothing comes due. */
  let stoodStillMs: number | undefined
  const clock = { ...systemClock, monotonic: () => stoodStillMs ?? systemClock.monotonic() }

  beforeAll(async () => {
    valkey = await startValkey()
    nodes = await composeNodes(2, { VALKEY_URL: valkey.url.reveal() }, { clock })
    ann = await setUpOwner(clientOf(), nodes.ownerToken)
    key = await createKey(clientOf(), ann, 'volatility')
  })
  afterAll(async () => {
    await nodes.stop()
    await valkey.stop()
  })

  const clientOf = () => {
    const [client] = nodes.clients
    if (client === undefined) throw new Error('There must be a node')
    return client
  }
  const tell = (events: readonly TestEvent[]) => tellEvents(nodes.database.db.pool, events)
  const originOf = (index: number): string => nodes.origins[index % nodes.origins.length] ?? ''

  /** The same numbers each time, so that a failure can be had again. */
  const drawn = (seed: number) => {
    let state = seed
    return (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
  }

  it.each([1, 2, 3])(
    'stream-resumes-without-loss-or-duplicates, whenever it is cut and wherever it goes on (seed %i)',
    async (seed) => {
      const draw = drawn(seed)
      const before = await tell([{}])
      const told: number[] = []
      const writing = (async () => {
        for (let batch = 0; batch < 40; batch += 1) {
          const events = Array.from({ length: 1 + draw(8) }, () => ({
            symbol: draw(2) === 0 ? 'btcusdt' : 'ethusdt',
          }))
          const seqs = await tell(events)
          told.push(...seqs.filter((_seq, index) => events[index]?.symbol === 'btcusdt'))
        }
      })()
      const heard: number[] = []
      let isWritten = false
      void writing.then(() => (isWritten = true))
      for (let cut = 0; !isWritten || heard.length < told.length; cut += 1) {
        const { socket } = await openSocket(`${originOf(draw(2))}/v1/stream`, ['gatehouse.v1'], bearer(key))
        const until = heard.length + draw(20)
        const gone = new Promise((resolve) => socket.once('close', resolve))
        socket.on('message', (data: Buffer) => {
          if (socket.readyState !== socket.OPEN) return
          // Safe: what the server says is JSON.
          const message = JSON.parse(data.toString()) as { readonly type: string; readonly seq: number }
          if (message.type !== 'regime.transition') return
          heard.push(message.seq)
          if (heard.length >= until || (isWritten && heard.length >= told.length)) socket.terminate()
        })
        socket.send(
          JSON.stringify({
            op: 'subscribe',
            id: 'a',
            symbols: ['btcusdt'],
            since_seq: heard.at(-1) ?? before[0],
          }),
        )
        void writing.then(() => (heard.length >= told.length ? socket.terminate() : undefined))
        await gone
        if (cut > 2_000) break
      }
      await writing
      expect(heard).toEqual(told)
    },
  )

  it('stream-resumes-without-loss-or-duplicates: the SDK goes on by itself, on another node, whenever its connection is cut', async () => {
    const balancer = await balance(nodes.origins)
    const gatehouse = new Gatehouse({ baseUrl: balancer.url, apiKey: key })
    const ending = new AbortController()
    const heard: RegimeEvent[] = []
    let cutAt = Number.POSITIVE_INFINITY
    const [before] = await tell([{}])
    const reading = (async () => {
      for await (const event of gatehouse.volatility.stream({
        ...(before === undefined ? {} : { sinceSeq: before }),
        signal: ending.signal,
      }))
        if (event.type !== 'gap' && heard.push(event) === cutAt) balancer.cut()
    })()
    const seqs = (): readonly number[] => heard.map(({ seq }) => seq)
    const told = [...(await tell([{}, { symbol: 'ethusdt' }]))]
    await expect.poll(seqs).toEqual(told)
    for (let cut = 1; cut <= 3; cut += 1) {
      const taken = balancer.taken()
      balancer.cut()
      // Some are told while nobody listens, some are cut off on their way, and some come afterwards.
      told.push(...(await tell([{}, {}])))
      await expect.poll(balancer.taken).toBeGreaterThan(taken)
      await expect.poll(seqs).toEqual(told)
      cutAt = told.length + 50
      told.push(...(await tell(Array.from({ length: 200 }, () => ({ padding: 10_000 })))))
      told.push(...(await tell([{}])))
      await expect.poll(seqs).toEqual(told)
    }
    ending.abort()
    await reading
    await balancer.stop()
  })

  it('rotated-keys-die-on-every-node-and-socket-within-one-second', async () => {
    const { apiKey } = await clientOf().ask<{ apiKey: { id: string; key: string } }>('/dashboard/api-keys', {
      credential: ann.accessToken,
      headers: await proveAnew(clientOf(), ann),
      body: { name: 'rotated', service: 'volatility', scopes: ['stream:read'] },
    })
    const sockets = await Promise.all(
      [0, 1].map(async (node) =>
        openSocket(`${originOf(node)}/v1/stream`, ['gatehouse.v1'], bearer(apiKey.key)),
      ),
    )
    const others = await openSocket(`${originOf(1)}/v1/stream`, ['gatehouse.v1'], bearer(key))
    const closed = sockets.map(({ socket }) => closeOf(socket))
    const asked = { credential: ann.accessToken, headers: await proveAnew(clientOf(), ann) }
    // Keys that nobody spoke of are read again after half a minute: with the clock standing, the word of it alone can end them.
    stoodStillMs = systemClock.monotonic()
    await clientOf().ask(`/dashboard/api-keys/${apiKey.id}/rotate`, {
      ...asked,
      body: { overlapSeconds: 0 },
    })
    expect((await Promise.all(closed)).map(({ code }) => code)).toEqual([4410, 4410])
    stoodStillMs = undefined
    expect(others.socket.readyState).toBe(others.socket.OPEN)
    others.socket.terminate()
  })
})
