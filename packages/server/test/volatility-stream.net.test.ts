import { systemClock } from '@gatehouse/kernel/clock'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { bearer, closeOf, openSocket, refusedSocket } from '../src/http/fixtures/socket-client.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, foundSecondOrg, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { tellEvents, tellManyEvents, type TestEvent } from './fixtures/regime-events.ts'

type Said = { readonly type: string; readonly seq?: number; readonly [member: string]: unknown }

let server: ComposedServer
let ann: SignedIn
let bob: SignedIn
let key: string
const open: WebSocket[] = []
/** While it stands, nothing comes due. */
let stoodStillMs: number | undefined
let aheadMs = 0
const clock = { ...systemClock, monotonic: () => stoodStillMs ?? systemClock.monotonic() + aheadMs }

beforeAll(async () => {
  server = await composeServer({}, { clock })
  ann = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, ann, 'volatility')
  bob = await foundSecondOrg(server.client, ann)
})
afterEach(() => {
  stoodStillMs = undefined
  for (const socket of open.splice(0)) socket.terminate()
})
afterAll(() => server.stop())

const tell = (events: readonly TestEvent[]) => tellEvents(server.db.pool, events)

/** A connection, and what it heard so far. */
async function listen(protocols: readonly string[] = ['gatehouse.v1'], query = '', own = key) {
  const { socket, said } = await openSocket(`${server.origin}/v1/stream${query}`, protocols, bearer(own))
  open.push(socket)
  const heard = (): readonly Said[] => said.map((text) => JSON.parse(text) as Said)
  return {
    socket,
    heard,
    of: (type: string) => heard().filter((one) => one.type === type),
    /** Without reading any of them: how many events came. */
    count: () => said.filter((text) => text.includes('"type":"regime.transition"')).length,
    seqs: () => heard().flatMap((one) => (one.type === 'regime.transition' ? (one.seq ?? []) : [])),
    say: (message: object) => socket.send(JSON.stringify(message)),
  }
}

const subscribe = { op: 'subscribe', id: 'a', symbols: ['*'] }

describe('the stream of changes', () => {
  it('what is older than a day cannot be told again, and that is said', async () => {
    const dayAgo = new Date(Date.now() - 25 * 3_600_000)
    const [old] = await tell([{ createdAt: dayAgo }])
    const told = await tell([{}, {}])
    const { say, of, seqs } = await listen()
    say({ ...subscribe, since_seq: (old ?? 0) - 1 })
    await expect.poll(seqs).toEqual(told)
    expect(of('gap')).toMatchObject([{ id: 'a', oldest_seq: expect.any(Number) }])
    const again = await listen()
    again.say({ ...subscribe, since_seq: old })
    await expect.poll(again.seqs).toEqual(told)
    expect(again.of('gap')).toEqual([])
    const ahead = await listen()
    ahead.say({ ...subscribe, since_seq: (told[1] ?? 0) + 1_000 })
    await expect.poll(() => ahead.of('gap')).toMatchObject([{ oldest_seq: (told[1] ?? 0) + 1 }])
    const [next] = await tell([{}])
    await expect.poll(ahead.seqs).toEqual([next])
  })

  it('stream-resumes-without-loss-or-duplicates: ten thousand events that match are told again, however many others lie between, and of more the oldest are named', async () => {
    const { pool } = server.db
    const [own] = await tell([{ symbol: 'ltcusdt' }])
    const [low] = await tell([{ symbol: 'ethusdt', to: 'low' }])
    const { first, last } = await tellManyEvents(pool, 10_001, 'ethusdt')
    const few = await listen()
    few.say({ ...subscribe, symbols: ['ltcusdt'], since_seq: (own ?? 0) - 1 })
    // Told after all of them, so that the node has read them by then.
    const [after] = await tell([{ symbol: 'ltcusdt' }])
    await expect.poll(few.seqs).toEqual([own, after])
    expect(few.of('gap')).toEqual([])
    const many = await listen()
    many.say({ ...subscribe, symbols: ['ethusdt'], since_seq: (low ?? 0) - 1 })
    await expect.poll(() => many.seqs().at(-1)).toBe(last)
    expect(many.of('gap')).toMatchObject([{ id: 'a', oldest_seq: first + 1 }])
    expect(many.seqs().length).toBe(10_000)
    // Who asks for less still has what was too much.
    many.say({
      ...subscribe,
      id: 'b',
      symbols: ['ethusdt'],
      to_regimes: ['low'],
      since_seq: (low ?? 0) - 1,
    })
    await expect.poll(() => many.seqs().at(-1)).toBe(low)
    expect(many.of('gap').length).toBe(1)
    const all = await listen()
    all.say({ ...subscribe, symbols: ['ethusdt'], since_seq: first })
    await expect.poll(() => all.seqs().at(-1)).toBe(last)
    expect(all.of('gap')).toEqual([])
  })

  it('without a subprotocol it says events and nothing else, of the default preset, until the client speaks', async () => {
    const { socket, heard, say } = await listen([])
    const seqs = await tell([
      {},
      { preset: 'aggressive' },
      { timeframe: '5m' },
      { symbol: 'ltcusdt', to: 'low' },
      { type: 'regime.stale' },
    ])
    await expect.poll(() => heard().map(({ seq }) => seq)).toEqual([seqs[0], seqs[3]])
    expect(heard()[0]).toMatchObject({
      type: 'regime.transition',
      symbol: 'btcusdt',
      timeframe: '1m',
      from: 'normal',
      to: 'high',
      z_vol: 3.5,
      close: 17_512.33,
      sent_ms: expect.any(Number),
    })
    say({ op: 'ping', nonce: 'n' })
    await expect
      .poll(() => heard().slice(2))
      .toMatchObject([
        { type: 'welcome', org: ann.user.teamId },
        { type: 'pong', nonce: 'n' },
      ])
    socket.terminate()
  })

  it('the query narrows it, and what it cannot mean is refused before the upgrade', async () => {
    const { seqs } = await listen([], '?symbols=LTCUSDT,ethusdt&timeframes=5m&preset=aggressive&exchange=x')
    const told = await tell([
      { symbol: 'ltcusdt', timeframe: '5m', preset: 'aggressive' },
      { symbol: 'btcusdt', timeframe: '5m', preset: 'aggressive' },
      { symbol: 'ethusdt', timeframe: '1m', preset: 'aggressive' },
      { symbol: 'ethusdt', timeframe: '5m' },
      { symbol: 'ethusdt', timeframe: '5m', preset: 'aggressive' },
    ])
    await expect.poll(seqs).toEqual([told[0], told[4]])
    for (const [query, status, code] of [
      ['?symbols=nousdt', 404, 'symbol_not_found'],
      ['?timeframes=3m', 422, 'validation_failed'],
      ['?preset=nobody', 404, 'preset_not_found'],
      ['?api_key=x', 422, 'key_in_url'],
    ] as const) {
      const { status: said, body } = await refusedSocket(
        `${server.origin}/v1/stream${query}`,
        [],
        bearer(key),
      )
      expect({ said, code: (JSON.parse(body) as { code: string }).code }).toEqual({ said: status, code })
    }
  })

  it('in full mode it starts empty, and a subscription hears what it asked for', async () => {
    const { heard, of, say } = await listen()
    await tell([{}])
    say({
      ...subscribe,
      events: ['regime.transition', 'regime.stale'],
      to_regimes: ['low'],
      timeframes: ['1m', '1h'],
    })
    await expect.poll(() => of('subscribed')).toMatchObject([{ id: 'a', pairs: 40, replaying_from: null }])
    const told = await tell([{}, { to: 'low' }, { to: 'low', timeframe: '1h' }, { type: 'regime.stale' }])
    await expect
      .poll(() => heard().flatMap(({ seq, type }) => (type.startsWith('regime') ? seq : [])))
      .toEqual(told.slice(1))
    say({ op: 'list' })
    say({ op: 'unsubscribe', id: 'a' })
    await expect.poll(() => of('unsubscribed')).toMatchObject([{ id: 'a' }])
    expect(of('subscriptions')).toMatchObject([
      { subscriptions: [{ id: 'a', symbols: ['*'], to_regimes: ['low'] }] },
    ])
    const [last] = await tell([{ to: 'low' }])
    say({ op: 'ping' })
    await expect.poll(() => of('pong').length).toBe(1)
    expect(heard().some(({ seq, type }) => type === 'regime.transition' && seq === last)).toBe(false)
  })

  it('what is known now comes first, where it is asked for', async () => {
    const [before] = await tell([{}])
    const { say, heard, of } = await listen()
    say({ ...subscribe, symbols: ['btcusdt', 'ethusdt'], snapshot: true, since_seq: (before ?? 0) - 1 })
    await expect
      .poll(() => heard().map(({ type, symbol }) => [type, symbol]))
      .toEqual([
        ['welcome', undefined],
        ['subscribed', undefined],
        ['snapshot', 'btcusdt'],
        ['snapshot', 'ethusdt'],
        ['regime.transition', 'btcusdt'],
      ])
    expect(of('snapshot')[0]).toMatchObject({
      timeframe: '1m',
      regime: null,
      status: 'warming_up',
      seq: before,
    })
  })

  it('an event of an organisation’s own preset is heard by nobody else', async () => {
    const theirs = await listen(['gatehouse.v1'], '', await createKey(server.client, bob, 'volatility'))
    const { say, seqs } = await listen()
    for (const one of [say, theirs.say]) one(subscribe)
    await expect.poll(() => theirs.of('subscribed').length).toBe(1)
    const told = await tell([{ orgId: ann.user.teamId }, {}])
    await expect.poll(seqs).toEqual(told)
    await expect.poll(theirs.seqs).toEqual(told.slice(1))
  })

  it('of several subscriptions that ask for one event, it is said once', async () => {
    const told = await tell([{}, { symbol: 'ethusdt' }])
    const { say, seqs, of } = await listen()
    say({ ...subscribe, id: 'a', since_seq: (told[0] ?? 0) - 1, symbols: ['btcusdt'] })
    say({ ...subscribe, id: 'b', since_seq: (told[0] ?? 0) - 1 })
    await expect.poll(() => of('subscribed').length).toBe(2)
    await expect.poll(seqs).toEqual(told)
    const [next] = await tell([{}])
    await expect.poll(seqs).toEqual([...told, next])
  })

  it('bad messages are answered, and five of them end it', async () => {
    const { socket, of, say } = await listen()
    const closed = closeOf(socket)
    socket.send('{')
    say({ op: 'dance' })
    say({ ...subscribe, org_id: 'x' })
    say({ ...subscribe, symbols: ['nousdt'] })
    await expect
      .poll(() => of('error').map(({ code }) => code))
      .toEqual(['bad_message', 'bad_message', 'bad_message', 'symbol_not_found'])
    say({ op: 'unsubscribe', id: 'z' })
    expect((await closed).code).toBe(4400)
  })

  it('a client that talks too much is ended', async () => {
    const { socket, say } = await listen()
    const closed = closeOf(socket)
    for (let count = 0; count < 31; count += 1) say({ op: 'ping' })
    expect((await closed).code).toBe(4429)
  })

  it('a key may be the first message, and who sends none in time is ended', async () => {
    const { socket, said } = await openSocket(`${server.origin}/v1/stream`, ['gatehouse.v1'])
    open.push(socket)
    socket.send(JSON.stringify({ op: 'list' }))
    await expect.poll(() => said.join()).toContain('not_authenticated')
    socket.send(JSON.stringify({ op: 'auth', key }))
    await expect.poll(() => said.join()).toContain('welcome')
    const silent = await openSocket(`${server.origin}/v1/stream`, ['gatehouse.v1'])
    const closed = closeOf(silent.socket)
    aheadMs += 61_000
    expect((await closed).code).toBe(4401)
  })

  it('slow-consumers-are-cut-never-skipped', async () => {
    const slow = await listen()
    const quick = await listen()
    for (const { say } of [slow, quick]) say(subscribe)
    await expect.poll(() => slow.of('subscribed').length + quick.of('subscribed').length).toBe(2)
    slow.socket.pause()
    // What is unread for too long ends a connection as well: with the clock standing, the bytes alone can.
    stoodStillMs = clock.monotonic()
    const told: number[] = []
    for (let batch = 0; batch < 20; batch += 1)
      told.push(...(await tell(Array.from({ length: 20 }, () => ({ padding: 40_000 })))))
    let code: number | undefined
    slow.socket.once('close', (given: number) => (code = given))
    // Who reads on heard the last of them, so that the other was offered all of them and is being ended.
    await expect.poll(() => quick.count()).toBe(told.length)
    slow.socket.resume()
    // It is ended, or it hears all of them after all.
    await expect.poll(() => code !== undefined || slow.count() === told.length).toBe(true)
    expect(code).toBe(4451)
    stoodStillMs = undefined
    expect(quick.seqs()).toEqual(told)
    const had = slow.seqs()
    expect(had).toEqual(told.slice(0, had.length))
    expect(had.length).toBeLessThan(told.length)
    const again = await listen()
    again.say({ ...subscribe, since_seq: had.at(-1) })
    await expect.poll(() => again.seqs().length).toBe(told.length - had.length)
    expect([...had, ...again.seqs()]).toEqual(told)
  })
})

describe('where plans count', () => {
  let planned: ComposedServer
  let own: string

  beforeAll(async () => {
    planned = await composeServer({ GATEHOUSE_PLANS: 'on' })
    own = await createKey(planned.client, await setUpOwner(planned.client, planned.ownerToken), 'volatility')
  })
  afterAll(() => planned.stop())

  it('a plan bounds connections and pairs', async () => {
    const { socket, said } = await openSocket(`${planned.origin}/v1/stream`, ['gatehouse.v1'], bearer(own))
    socket.send(JSON.stringify({ ...subscribe, timeframes: ['1m', '5m'] }))
    await expect.poll(() => said.join()).toContain('plan_limit_reached')
    const { status, body } = await refusedSocket(`${planned.origin}/v1/stream`, [], bearer(own))
    expect({ status, body }).toMatchObject({
      status: 402,
      body: expect.stringContaining('allows 1 connections'),
    })
    socket.terminate()
  })

  it('what a plan no longer allows is ended, the newest first, also where the word of it was lost', async () => {
    const setPlan = (plan: string) => planned.db.pool.query('UPDATE gatehouse.org SET plan = $1', [plan])
    await setPlan('pro')
    const connect = () => openSocket(`${planned.origin}/v1/stream`, ['gatehouse.v1'], bearer(own))
    const first = await connect()
    const second = await connect()
    await expect.poll(() => second.said.join()).toContain('welcome')
    const closed = closeOf(second.socket)
    await setPlan('free')
    // What a node says to itself when it listens again after it could not.
    await planned.db.pool.query(`SELECT gatehouse.invalidate('*')`)
    expect((await closed).code).toBe(4403)
    expect(first.socket.readyState).toBe(first.socket.OPEN)
    first.socket.terminate()
  })
})
