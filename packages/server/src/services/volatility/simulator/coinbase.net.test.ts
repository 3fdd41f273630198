import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { startPlainWorld, type PlainClient, type PlainWorld } from '../fixtures/plain-client.ts'
import type { Fault } from './faults.ts'

let world: PlainWorld
afterEach(() => world.close())

const stream = (): string => world.simulator.hosts.coinbase.spot.stream
const rest = (): string => world.simulator.hosts.coinbase.spot.rest
const minuteMs = 60_000
const minute = Date.UTC(2026, 0, 5, 12)

type Message = {
  readonly type: string
  readonly trade_id: number
  readonly last_trade_id: number
  readonly sequence: number
  readonly price: string
  readonly size: string
  readonly time: string
}

// Safe: what the feed says is asserted below.
const messagesOf = ({ messages }: PlainClient, type: string): readonly Message[] =>
  messages.filter((message) => (message as Message).type === type) as readonly Message[]

const subscribe = (channels: readonly unknown[], product_ids: readonly string[] = ['BTC-USD']) => ({
  type: 'subscribe',
  product_ids,
  channels,
})

async function listen(channels: readonly unknown[] = ['matches', 'heartbeat']): Promise<PlainClient> {
  const client = await world.connect(stream())
  client.say(subscribe(channels))
  await expect.poll(() => messagesOf(client, 'subscriptions')).toHaveLength(1)
  return client
}

async function withFault(kind: Fault['kind']): Promise<void> {
  world = await startPlainWorld(
    ['btcusdt'],
    [{ kind, venue: 'coinbase', fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }],
  )
}

describe('simulator-speaks-each-protocol: Coinbase', () => {
  it('C1 a subscription within five seconds, and the whole state in each reply', async () => {
    world = await startPlainWorld()
    const mute = await world.connect(stream())
    const client = await listen(['matches'])
    client.say(subscribe([{ name: 'heartbeat', product_ids: ['ETH-USD'] }]))
    client.say(subscribe(['matches'], ['ETH-USD']))
    client.say({ type: 'unsubscribe', product_ids: ['BTC-USD'], channels: ['matches'] })
    await expect
      .poll(() => messagesOf(client, 'subscriptions'))
      .toMatchObject([
        { channels: [{ name: 'matches', product_ids: ['BTC-USD'] }] },
        {
          channels: [
            { name: 'matches', product_ids: ['BTC-USD'] },
            { name: 'heartbeat', product_ids: ['ETH-USD'] },
          ],
        },
        {
          channels: [
            { name: 'matches', product_ids: ['BTC-USD', 'ETH-USD'] },
            { name: 'heartbeat', product_ids: ['ETH-USD'] },
          ],
        },
        {
          channels: [
            { name: 'matches', product_ids: ['ETH-USD'] },
            { name: 'heartbeat', product_ids: ['ETH-USD'] },
          ],
        },
      ])
    expect(mute.socket.readyState).toBe(mute.socket.OPEN)
    await world.advance(5_500)
    expect(await mute.closed).toBe(1000)
    expect(client.socket.readyState).toBe(client.socket.OPEN)
  })

  it('C2 one wrong product refuses the whole request', async () => {
    world = await startPlainWorld()
    const client = await world.connect(stream())
    client.say(subscribe(['matches'], ['BTC-USD', 'XXX-YYY']))
    client.say(subscribe([]))
    await expect
      .poll(() => client.messages)
      .toEqual([
        { type: 'error', message: 'Failed to subscribe', reason: 'XXX-YYY is not a valid product' },
        { type: 'error', message: 'Failed to subscribe', reason: 'No channels provided' },
      ])
  })

  it('C3 the last match first, then trades whose ids follow and whose sequence jumps', async () => {
    world = await startPlainWorld()
    const client = await listen()
    await world.advance(minuteMs * 3)
    await expect.poll(() => messagesOf(client, 'match').length).toBeGreaterThan(3)
    const [last] = messagesOf(client, 'last_match')
    const matches = messagesOf(client, 'match')
    const ids = matches.map(({ trade_id }) => trade_id)
    expect(ids).toEqual(ids.map((_id, index) => (last?.trade_id ?? 0) + 1 + index))
    const sequences = matches.map(({ sequence }) => sequence)
    for (const [index, sequence] of sequences.slice(1).entries())
      expect(sequence - (sequences[index] ?? 0)).toBeGreaterThan(1)
    for (const match of matches)
      expect(match).toMatchObject({
        side: expect.stringMatching(/^(?:buy|sell)$/),
        size: expect.stringMatching(/^\d+\.\d+$/),
        price: expect.stringMatching(/^\d+\.\d+$/),
        time: expect.stringMatching(/^2026-01-05T\d\d:\d\d:\d\d\.\d{6}Z$/),
        product_id: 'BTC-USD',
      })
  })

  it('C4 a heartbeat each second with the last trade', async () => {
    world = await startPlainWorld()
    const client = await listen()
    await world.advance(30_000)
    await expect.poll(() => messagesOf(client, 'heartbeat')).toHaveLength(30)
    const last = messagesOf(client, 'heartbeat').at(-1)
    const trades = [...messagesOf(client, 'last_match'), ...messagesOf(client, 'match')]
    expect(last?.last_trade_id).toBe(Math.max(...trades.map(({ trade_id }) => trade_id)))
    expect(Date.parse(last?.time ?? '')).toBe(world.startMs + 30_000)
  })

  it('C4 the last trade stuck at nothing, when it is to be', async () => {
    await withFault('last_trade_stuck')
    const client = await listen()
    await world.advance(3_000)
    await expect.poll(() => messagesOf(client, 'heartbeat')[0]).toMatchObject({ last_trade_id: 0 })
  })

  it('C5 trades that are left out, or come late, when they are to', async () => {
    await withFault('dropped_trades')
    const dropped = await listen()
    await world.advance(2 * minuteMs)
    expect(messagesOf(dropped, 'match')).toEqual([])
    await world.close()
    await withFault('trades_out_of_order')
    const mixed = await listen()
    await world.advance(5 * minuteMs)
    const ids = messagesOf(mixed, 'match').map(({ trade_id }) => trade_id)
    expect(ids).not.toEqual(ids.toSorted((a, b) => a - b))
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('C5 an end for whoever does not read', async () => {
    world = await startPlainWorld(
      ['btcusdt'],
      [{ kind: 'burst', venue: 'coinbase', fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }],
    )
    const url = new URL(stream())
    const socket = connect(Number(url.port), url.hostname)
    socket.on('error', () => undefined)
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => resolve())
    })
    socket.write(
      `GET / HTTP/1.1\r\nHost: ${url.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
    )
    await new Promise((resolve) => {
      socket.once('data', resolve)
    })
    const text = Buffer.from(JSON.stringify(subscribe(['matches'])))
    // A masked frame of RFC 6455, with a mask of nothing.
    socket.write(Buffer.concat([Buffer.of(0x81, 0x80 | text.length, 0, 0, 0, 0), text]))
    socket.pause()
    await expect.poll(() => world.simulator.openSockets()).toBe(1)
    for (let round = 0; round < 40 && world.simulator.openSockets() > 0; round += 1)
      await world.advance(10 * minuteMs)
    expect(world.simulator.openSockets()).toBe(0)
    socket.resume()
    await closed
  })

  const candles = async (query: string) => world.get(`${rest()}/products/BTC-USD/candles?${query}`)

  it('C6 candles newest first, without minutes that had no trades, both ends included', async () => {
    world = await startPlainWorld()
    const { body } = await candles(
      `granularity=60&start=${new Date(minute - 300 * minuteMs).toISOString()}&end=${new Date(minute).toISOString()}`,
    )
    // Safe: rows of candles, asserted below.
    const rows = body as readonly (readonly [number, number, number, number, number, number])[]
    expect(rows.length).toBeGreaterThan(200)
    expect(rows.length).toBeLessThan(301)
    for (const [, low, high, open, close] of rows) {
      expect(low).toBeLessThanOrEqual(Math.min(open, close))
      expect(high).toBeGreaterThanOrEqual(Math.max(open, close))
    }
    const times = rows.map(([time]) => time)
    expect(times).toEqual(times.toSorted((a, b) => b - a))
    const hours = await candles(
      `granularity=3600&start=${minute / 1_000 - 3_600 * 300}&end=${minute / 1_000}`,
    )
    expect(hours.body).toHaveLength(301)
    expect((await candles('granularity=3600')).body).toHaveLength(350)
    expect(
      await candles(`granularity=60&start=${minute / 1_000 - 60 * 301}&end=${minute / 1_000}`),
    ).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('Count of aggregations requested exceeds 300') },
    })
    expect(await candles('granularity=61')).toMatchObject({
      status: 400,
      body: { message: 'Unsupported granularity' },
    })
    expect(await world.get(`${rest()}/products/NO-SUCH/candles`)).toMatchObject({
      status: 404,
      body: { message: 'NotFound' },
    })
  })

  it('C6 the newest candle moves, or stands still for five minutes when it is to', async () => {
    world = await startPlainWorld()
    const before = await candles('granularity=3600')
    await world.advance(3 * minuteMs)
    expect((await candles('granularity=3600')).body).not.toEqual(before.body)
    await world.close()
    await withFault('cached_candles')
    const cached = await candles('granularity=3600')
    await world.advance(3 * minuteMs)
    expect((await candles('granularity=3600')).body).toEqual(cached.body)
  })

  it('C7 pages of trades by cursor, and a limit without headers', async () => {
    world = await startPlainWorld()
    const first = await world.get(`${rest()}/products/BTC-USD/trades?limit=5`)
    // Safe: rows of trades, asserted below.
    const ids = (page: typeof first) => (page.body as readonly Message[]).map(({ trade_id }) => trade_id)
    const [newest = 0] = ids(first)
    expect(ids(first)).toEqual([0, 1, 2, 3, 4].map((back) => newest - back))
    expect([first.headers.get('cb-before'), first.headers.get('cb-after')]).toEqual([
      String(newest),
      String(newest - 4),
    ])
    const second = await world.get(`${rest()}/products/BTC-USD/trades?limit=5&after=${newest - 4}`)
    expect(ids(second)[0]).toBe(newest - 5)
    // Fifteen at once: two were asked for.
    const many = await Promise.all(Array.from({ length: 14 }, () => world.get(`${rest()}/time`)))
    expect(many.map(({ status }) => status).filter((status) => status === 429)).toHaveLength(1)
    expect([...first.headers.keys()].filter((name) => name.includes('limit'))).toEqual([])
    await world.advance(1_000)
    const again = await Promise.all(Array.from({ length: 11 }, () => world.get(`${rest()}/time`)))
    expect(again.filter(({ status }) => status === 429)).toHaveLength(1)
  })
})

describe('simulator-speaks-each-protocol: Coinbase perpetuals', () => {
  it('D4 candles as text, newest first, the newest unfinished', async () => {
    world = await startPlainWorld(['btcusdt'])
    const { rest: perp } = world.simulator.hosts.coinbase.perp
    const products = `${perp}/api/v3/brokerage/market/products`
    const ask = async (from: number, query = '') =>
      world.get(
        `${products}/BTC-PERP-INTX/candles?start=${minute / 1_000 - from * 60}&end=${minute / 1_000}&granularity=ONE_MINUTE${query}`,
      )
    await world.advance(49_000)
    const { body } = await ask(100)
    // Safe: candles, asserted below.
    const { candles: rows } = body as {
      readonly candles: readonly { readonly start: string; readonly volume: string }[]
    }
    expect(rows[0]).toMatchObject({
      start: String(minute / 1_000),
      low: expect.stringMatching(/^\d+\.\d+$/),
      volume: expect.stringMatching(/^\d+\.\d+$/),
    })
    expect(rows.length).toBeLessThan(101)
    expect(rows.map(({ start }) => start)).toEqual(
      rows
        .map(({ start }) => start)
        .toSorted()
        .toReversed(),
    )
    const [whole] = world.simulator.closedBars('coinbase', 'btcusdt', minute, minute + minuteMs, 'perp')
    expect(Number(rows[0]?.volume)).toBeLessThanOrEqual(whole?.volume ?? 0)
    expect((await ask(350)).status).toBe(400)
    expect((await ask(10, '&limit=351')).status).toBe(400)
    expect((await world.get(`${products}/NO-PERP-INTX/candles`)).status).toBe(404)
  })
})
