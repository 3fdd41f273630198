import { systemClock } from '@gatehouse/kernel/clock'
import { isValkeyMissing, startValkey, type TestValkey } from '@gatehouse/kernel/testing'
import { Gatehouse, type RegimeEvent } from '@gatehouse/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { bearer, closeOf, knock, openSocket } from '../src/http/fixtures/socket-client.ts'
import { balance } from './fixtures/balance.ts'
import { composeNodes, type ComposedNodes } from './fixtures/compose-nodes.ts'
import { createKey, foundSecondOrg, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'
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
      // One more comes while somebody listens who is not cut any more: whatever was lost before it, this ends it.
      let isLast = false
      const isOver = (): boolean => isLast && heard.at(-1) === told.at(-1)
      while (!isOver()) {
        const { socket } = await openSocket(`${originOf(draw(2))}/v1/stream`, ['gatehouse.v1'], bearer(key))
        const until = heard.length + draw(20)
        const gone = new Promise((resolve) => socket.once('close', resolve))
        socket.on('message', (data: Buffer) => {
          if (socket.readyState !== socket.OPEN) return
          // Safe: what the server says is JSON.
          const message = JSON.parse(data.toString()) as { readonly type: string; readonly seq: number }
          if (message.type === 'subscribed' && isWritten)
            void tell([{}]).then((seqs) => {
              told.push(...seqs)
              isLast = true
              if (isOver()) socket.terminate()
            })
          if (message.type !== 'regime.transition') return
          heard.push(message.seq)
          if (isOver() || (!isWritten && heard.length >= until)) socket.terminate()
        })
        socket.send(
          JSON.stringify({
            op: 'subscribe',
            id: 'a',
            symbols: ['btcusdt'],
            since_seq: heard.at(-1) ?? before[0],
          }),
        )
        if (!isWritten) void writing.then(() => socket.terminate())
        await gone
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

  it('stream-limits-hold-across-nodes: a plan bounds what is open on all of them together, and what a dead node held lapses', async () => {
    const owner = await foundSecondOrg(clientOf(), ann)
    const { teamId: orgId } = owner.user
    const own = await createKey(clientOf(), owner, 'volatility')
    const { pool } = nodes.database.db
    const setPlan = (plan: string) =>
      pool.query('UPDATE gatehouse.org SET plan = $1 WHERE org_id = $2', [plan, orgId])
    // Only the owner of the table, as which this test looks, sees all of it; the roles of the server stay confined.
    await pool.query('ALTER TABLE volatility.stream_use NO FORCE ROW LEVEL SECURITY')
    await setPlan('pro')
    const ask = (node: number) => knock(`${originOf(node)}/v1/stream`, ['gatehouse.v1'], bearer(own))
    const opened: WebSocket[] = []
    const countOpen = (): number => opened.filter(({ readyState, OPEN }) => readyState === OPEN).length
    // All at once, on both: as many get in as there is room for, whoever is first.
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => ask(index)))
    const refused: number[] = []
    for (const answer of answers)
      if (answer.kind === 'open') opened.push(answer.socket)
      else refused.push(answer.status)
    expect([opened.length, refused]).toEqual([5, Array.from({ length: 7 }, () => 402)])
    const sixth = await ask(0)
    expect(sixth).toMatchObject({
      status: 402,
      body: expect.stringContaining('allows 5 connections of the stream; 5 are open'),
    })
    // Who leaves one node makes room on the other, also for a key that comes as the first message.
    opened.shift()?.terminate()
    const takeRoom = async (node: number): Promise<boolean> => {
      const answer = await knock(`${originOf(node)}/v1/stream`, ['gatehouse.v1'])
      if (answer.kind !== 'open') return false
      answer.socket.send(JSON.stringify({ op: 'auth', key: own }))
      await expect
        .poll(() => answer.said.length > 0 || answer.socket.readyState === answer.socket.CLOSED)
        .toBe(true)
      if (!answer.said.join().includes('welcome')) return false
      opened.push(answer.socket)
      return true
    }
    await expect.poll(() => takeRoom(1)).toBe(true)
    expect(countOpen()).toBe(5)
    // A node that died has left its count, which holds until it has not been heard of for a while.
    for (const socket of opened.splice(0)) socket.terminate()
    const held = async () =>
      (
        await pool.query<{ open: number }>('SELECT open FROM volatility.stream_use WHERE org_id = $1', [
          orgId,
        ])
      ).rows
    await expect.poll(held).toEqual([])
    const leave = (until: string) =>
      pool.query(
        `INSERT INTO volatility.stream_use (org_id, node, open, held_until)
         VALUES ($1, 'dead', 5, clock_timestamp() + $2::interval)
         ON CONFLICT (org_id, node) DO UPDATE SET held_until = excluded.held_until`,
        [orgId, until],
      )
    await leave('1 hour')
    expect(await ask(0)).toMatchObject({ status: 402 })
    await leave('-1 second')
    for (const node of [0, 1, 0, 1])
      opened.push((await openSocket(`${originOf(node)}/v1/stream`, ['gatehouse.v1'], bearer(own))).socket)
    // A plan that allows fewer leaves as many, on all nodes together.
    await setPlan('free')
    await pool.query('SELECT gatehouse.invalidate($1)', [`org:${orgId}`])
    await expect.poll(countOpen).toBe(1)
    expect((await ask(0)).kind).toBe('refused')
    expect(countOpen()).toBe(1)
    for (const socket of opened) socket.terminate()
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
    const codes: number[] = []
    for (const { socket } of sockets) void closeOf(socket).then(({ code }) => codes.push(code))
    const asked = { credential: ann.accessToken, headers: await proveAnew(clientOf(), ann) }
    // Keys that nobody spoke of are read again after half a minute: with the clock standing, the word of it alone can end them.
    stoodStillMs = systemClock.monotonic()
    await clientOf().ask(`/dashboard/api-keys/${apiKey.id}/rotate`, {
      ...asked,
      body: { overlapSeconds: 0 },
    })
    await expect.poll(() => codes).toEqual([4410, 4410])
    stoodStillMs = undefined
    expect(others.socket.readyState).toBe(others.socket.OPEN)
    others.socket.terminate()
  })
})
