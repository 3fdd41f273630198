import { afterEach, describe, expect, it } from 'vitest'
import { startPlainWorld, type PlainClient, type PlainWorld } from '../fixtures/plain-client.ts'

let world: PlainWorld
afterEach(() => world.close())

const stream = (): string => world.simulator.hosts.binance.spot.stream
const rest = (): string => world.simulator.hosts.binance.spot.rest

type Kline = {
  readonly e: string
  readonly E: number
  readonly k: {
    readonly t: number
    readonly T: number
    readonly x: boolean
    readonly n: number
    readonly o: string
    readonly h: string
    readonly f: number
  }
}

// Safe: what a stream of klines says is asserted below.
const klines = ({ messages }: PlainClient): readonly Kline[] =>
  messages.filter((message) => (message as Kline).e === 'kline') as readonly Kline[]

describe('simulator-speaks-each-protocol: Binance', () => {
  it('B1 bare below /ws, wrapped below /stream, and switched while it runs', async () => {
    world = await startPlainWorld()
    const bare = await world.connect(`${stream()}/ws/btcusdt@kline_1m`)
    const combined = await world.connect(`${stream()}/stream?streams=btcusdt@kline_1m/ethusdt@kline_1m`)
    const later = await world.connect(`${stream()}/ws`)
    await world.advance(2_000)
    await expect
      .poll(() => bare.messages[0])
      .toMatchObject({ e: 'kline', s: 'BTCUSDT', k: { i: '1m', x: false } })
    await expect
      .poll(() => combined.messages.slice(0, 2))
      .toMatchObject([
        { stream: 'btcusdt@kline_1m', data: { e: 'kline' } },
        { stream: 'ethusdt@kline_1m', data: { s: 'ETHUSDT' } },
      ])
    expect(later.messages).toEqual([])
    bare.say({ method: 'SET_PROPERTY', params: ['combined', true], id: 5 })
    await expect.poll(() => bare.messages).toContainEqual({ result: null, id: 5 })
    await world.advance(2_000)
    await expect.poll(() => bare.messages.at(-1)).toMatchObject({ stream: 'btcusdt@kline_1m' })
  })

  it('B2 every control message, every error, and silence for what does not exist', async () => {
    world = await startPlainWorld()
    const client = await world.connect(`${stream()}/ws`)
    const ask = async (value: unknown, answer: unknown): Promise<void> => {
      // Five a second are taken.
      await world.advance(300)
      const before = client.messages.length
      client.say(value)
      await expect.poll(() => client.messages[before]).toMatchObject(answer as object)
    }
    await ask({ method: 'SUBSCRIBE', params: ['nosuch@kline_1m'], id: 1 }, { result: null, id: 1 })
    await ask({ method: 'LIST_SUBSCRIPTIONS', id: 'abc' }, { result: ['nosuch@kline_1m'], id: 'abc' })
    await ask({ method: 'UNSUBSCRIBE', params: ['nosuch@kline_1m'], id: null }, { result: null, id: null })
    await ask({ method: 'LIST_SUBSCRIPTIONS', id: -3 }, { result: [], id: -3 })
    await ask({ method: 'GET_PROPERTY', params: ['combined'], id: 2 }, { result: false, id: 2 })
    await ask(
      { method: 'SET_PROPERTY', params: ['nothing', true], id: 4 },
      { code: 0, msg: 'Unknown property', id: 4 },
    )
    await ask(
      { method: 'SET_PROPERTY', params: ['combined', 1], id: 4 },
      { code: 1, msg: 'Invalid value type: expected Boolean' },
    )
    await ask(
      { method: 'SET_PROPERTY', params: [1, true], id: 4 },
      { code: 2, msg: 'Invalid request: property name must be a string' },
    )
    await ask(
      { method: 'GET_PROPERTY', params: ['combined', 1], id: 4 },
      { code: 2, msg: 'Invalid request: too many parameters' },
    )
    await ask(
      { method: 'SUBSCRIBE', params: [], id: 'a b' },
      { code: 2, msg: 'Invalid request: request ID must be an unsigned integer' },
    )
    await ask(
      { method: 'NOTHING', id: 1 },
      { code: 2, msg: expect.stringContaining('unknown variant `NOTHING`, expected one of `SUBSCRIBE`') },
    )
    await ask({ id: 1 }, { code: 2, msg: expect.stringContaining('missing field `method`') })
    await ask('{', { code: 3, msg: expect.stringContaining('Invalid JSON: expected value') })
    await world.advance(60_000)
    expect(klines(client)).toEqual([])
  })

  it('B3 updates every two seconds, and one closing frame after each minute', async () => {
    world = await startPlainWorld()
    const client = await world.connect(`${stream()}/ws/btcusdt@kline_1m`)
    await world.advance(20_000)
    await expect.poll(() => klines(client)).toHaveLength(10)
    await world.advance(120_000)
    await expect.poll(() => klines(client).filter(({ k }) => k.x)).toHaveLength(2)
    const closed = klines(client).filter(({ k }) => k.x)
    for (const { E, k } of closed) {
      expect(E).toBeGreaterThanOrEqual(k.T)
      expect(k.T).toBe(k.t + 59_999)
      const later = klines(client).slice(klines(client).findIndex((one) => one.k.x && one.k.t === k.t) + 1)
      expect(later.filter((one) => one.k.t === k.t)).toEqual([])
    }
    expect(closed.map(({ k }) => k.t)).toEqual([0, 60_000].map((ms) => world.startMs - 10_000 + ms))
  })

  it('B3 a quiet minute is flat and without trades', async () => {
    world = await startPlainWorld()
    // One minute in some thousand is quiet: it is found in the history.
    const pages = await Promise.all(
      Array.from({ length: 5 }, (_, page) =>
        world.get(
          `${rest()}/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=1000&endTime=${world.startMs - 60_000 - page * 60_000_000}`,
        ),
      ),
    )
    // Safe: rows of klines, whose shape B7 asserts.
    const rows = pages.flatMap(({ body }) => body as readonly (readonly unknown[])[])
    const quiet = rows.filter((row) => row[8] === 0)
    expect(quiet.length).toBeGreaterThan(0)
    for (const row of quiet) {
      expect(new Set(row.slice(1, 5)).size).toBe(1)
      expect(Number(row[5])).toBe(0)
    }
  })

  it('B4 a ping every twenty seconds, and an end for whoever does not echo it', async () => {
    world = await startPlainWorld()
    const good = await world.connect(`${stream()}/ws/btcusdt@kline_1m`)
    const mute = await world.connect(`${stream()}/ws/btcusdt@kline_1m`, { autoPong: false })
    const wrong = await world.connect(`${stream()}/ws/btcusdt@kline_1m`, { autoPong: false })
    wrong.socket.on('ping', () => wrong.socket.pong('another'))
    good.socket.pong('unsolicited')
    await world.advance(60_000)
    await expect.poll(() => good.pings).toHaveLength(3)
    expect(good.pings.every((payload) => payload !== '')).toBe(true)
    expect(mute.socket.readyState).toBe(mute.socket.OPEN)
    await world.advance(21_000)
    expect(await mute.closed).toBe(1006)
    expect(await wrong.closed).toBe(1006)
    expect(good.socket.readyState).toBe(good.socket.OPEN)
  })

  it('B5 a link ends after a day, and a planned end is announced', async () => {
    world = await startPlainWorld(['btcusdt'])
    const bare = await world.connect(`${stream()}/ws`)
    const combined = await world.connect(`${stream()}/stream?streams=`)
    const fromMs = world.startMs + 60_000
    world.simulator.faults.push({ kind: 'restart', venue: 'binance', fromMs, toMs: fromMs + 5_000 })
    await world.advance(62_000)
    await expect.poll(() => bare.messages).toMatchObject([{ e: 'serverShutdown', E: expect.any(Number) }])
    await expect
      .poll(() => combined.messages)
      .toMatchObject([{ stream: '!serverShutdown', data: { e: 'serverShutdown' } }])
    expect(bare.socket.readyState).toBe(bare.socket.OPEN)
    await world.advance(15_000)
    expect(await bare.closed).toBe(1001)
  })

  it('B6 the sixth message of a second ends a link, and too many ends refuse the address', async () => {
    world = await startPlainWorld()
    for (let round = 0; round < 3; round += 1) {
      const client = await world.connect(`${stream()}/ws`)
      for (let index = 0; index < 6; index += 1) client.say({ method: 'LIST_SUBSCRIPTIONS', id: index })
      expect(await client.closed).toBe(1008)
    }
    expect(await world.refusal(`${stream()}/ws`)).toBe(403)
    await world.advance(121_000)
    const names = Array.from({ length: 1_025 }, (_, index) => `s${index}@kline_1m`)
    const client = await world.connect(`${stream()}/ws`)
    client.say({ method: 'SUBSCRIBE', params: names, id: 1 })
    expect(await client.closed).toBe(1008)
    for (let index = 0; index < 295; index += 1) await world.refusal(`${stream()}/ws`)
    await expect.poll(() => world.refusal(`${stream()}/ws`)).toBe(429)
  })

  const klinesOf = async (query: string) =>
    world.get(`${rest()}/api/v3/klines?symbol=BTCUSDT&interval=1m${query}`)

  it('B7 rows by every combination of start, end and limit, the open bar last', async () => {
    world = await startPlainWorld()
    const minute = world.startMs - 10_000
    const opens = async (query: string): Promise<readonly number[]> => {
      const { body } = await klinesOf(query)
      // Safe: rows of klines begin with a number.
      return (body as readonly (readonly [number])[]).map(([openMs]) => (openMs - minute) / 60_000)
    }
    expect(await opens('&limit=3')).toEqual([-2, -1, 0])
    expect(await opens(`&startTime=${minute - 120_000}`)).toEqual([-2, -1, 0])
    expect(await opens(`&startTime=${minute - 119_999}`)).toEqual([-1, 0])
    expect(await opens(`&endTime=${minute - 60_000}&limit=2`)).toEqual([-2, -1])
    expect(await opens(`&startTime=${minute - 300_000}&endTime=${minute - 120_000}`)).toEqual([
      -5, -4, -3, -2,
    ])
    expect(await opens(`&startTime=${minute - 300_000}&limit=2`)).toEqual([-5, -4])
    expect((await opens('')).length).toBe(500)
    expect((await opens('&limit=1000')).length).toBe(1_000)
    const { body } = await klinesOf('&limit=1')
    const text = expect.stringMatching(/^\d+\.\d+$/)
    const whole = expect.any(Number)
    expect(body).toEqual([
      [minute, text, text, text, text, text, minute + 59_999, text, whole, text, text, '0'],
    ])
  })

  it('B8 errors in the words of the documentation', async () => {
    world = await startPlainWorld()
    const code = async (query: string): Promise<unknown> => {
      const { status, body } = await world.get(`${rest()}/api/v3/klines?${query}`)
      expect(status).toBe(400)
      // Safe: a body of an error, whose code is asserted.
      return (body as { readonly code: unknown }).code
    }
    expect(await code('interval=1m')).toBe(-1102)
    expect(await code('symbol=&interval=1m')).toBe(-1105)
    expect(await code('symbol=b!&interval=1m')).toBe(-1100)
    expect(await code('symbol=NOSUCH&interval=1m')).toBe(-1121)
    expect(await code('symbol=BTCUSDT&interval=7m')).toBe(-1120)
    expect(await code('symbol=BTCUSDT&interval=1m&limit=1001')).toBe(-1130)
    expect(await code('symbol=BTCUSDT&interval=1m&startTime=x')).toBe(-1100)
  })

  it('B8 weight is counted, then refused, then banned for longer and longer', async () => {
    world = await startPlainWorld()
    const ask = async () => world.get(`${rest()}/api/v3/time`)
    expect((await klinesOf('&limit=1')).headers.get('x-mbx-used-weight-1m')).toBe('2')
    // A thousand pages of symbols weigh more than a minute allows.
    for (let index = 0; index < 299; index += 1) await world.get(`${rest()}/api/v3/exchangeInfo`)
    expect((await world.get(`${rest()}/api/v3/exchangeInfo`)).status).toBe(429)
    const refused = await ask()
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('50')
    expect(refused.body).toMatchObject({ code: -1003 })
    await ask()
    const banned = await ask()
    expect(banned.status).toBe(418)
    expect(banned.headers.get('retry-after')).toBe('120')
    expect(banned.body).toMatchObject({ code: -1003, msg: expect.stringContaining('IP banned until') })
    await world.advance(119_000)
    expect((await ask()).status).toBe(418)
    await world.advance(2_000)
    expect((await ask()).status).toBe(200)
  })

  it('B9 a maintenance leaves bars out of answers and of the stream', async () => {
    const minute = Date.UTC(2026, 0, 5, 12)
    world = await startPlainWorld(
      ['btcusdt'],
      [{ kind: 'absent_bar', venue: 'binance', fromMs: minute, toMs: minute + 120_000 }],
    )
    const client = await world.connect(`${stream()}/ws/btcusdt@kline_1m`)
    await world.advance(180_000)
    await expect
      .poll(() =>
        klines(client)
          .filter(({ k }) => k.x)
          .map(({ k }) => k.t),
      )
      .toEqual([minute + 120_000])
    const { body } = await klinesOf(`&startTime=${minute - 60_000}&endTime=${minute + 120_000}`)
    // Safe: rows of klines begin with a number.
    expect((body as readonly (readonly [number])[]).map(([openMs]) => openMs)).toEqual([
      minute - 60_000,
      minute + 120_000,
    ])
  })
})

describe('simulator-speaks-each-protocol: Binance USD-M', () => {
  it('D1 streams below /market alone, its own pings, messages, rows and weights', async () => {
    world = await startPlainWorld(['btcusdt'])
    const { stream: origin, rest: perpRest } = world.simulator.hosts.binance.perp
    const market = await world.connect(`${origin}/market/ws/btcusdt@kline_1m`)
    const other = await world.connect(`${origin}/ws/btcusdt@kline_1m`)
    await world.advance(2_000)
    await expect.poll(() => klines(market).length).toBeGreaterThan(0)
    await world.advance(180_000)
    await expect.poll(() => market.pings).toHaveLength(1)
    expect(other.messages).toEqual([])
    for (let index = 0; index < 10; index += 1) other.say({ method: 'LIST_SUBSCRIPTIONS', id: index })
    await expect.poll(() => other.messages).toHaveLength(10)
    other.say({ method: 'LIST_SUBSCRIPTIONS', id: 10 })
    expect(await other.closed).toBe(1008)
    const used: (string | null)[] = []
    for (const limit of [99, 100, 500, 1_001, 1_500]) {
      const { headers, body } = await world.get(
        `${perpRest}/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=${limit}`,
      )
      used.push(headers.get('x-mbx-used-weight-1m'))
      expect(body).toHaveLength(limit)
    }
    expect(used).toEqual(['1', '3', '8', '18', '28'])
    expect(
      (await world.get(`${perpRest}/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1501`)).body,
    ).toMatchObject({ code: -1130 })
    const { body } = await world.get(`${perpRest}/fapi/v1/exchangeInfo`)
    expect(body).toMatchObject({
      symbols: [{ symbol: 'BTCUSDT', contractType: 'PERPETUAL', status: 'TRADING' }],
    })
  })
})
