import { afterEach, describe, expect, it } from 'vitest'
import { startPlainWorld, type PlainClient, type PlainWorld } from '../fixtures/plain-client.ts'

let world: PlainWorld
afterEach(() => world.close())

const origin = (): string => world.simulator.hosts.bybit.spot.stream
const rest = (): string => `${world.simulator.hosts.bybit.spot.rest}/v5/market`
const minute = Date.UTC(2026, 0, 5, 12)

type Kline = {
  readonly topic: string
  readonly ts: number
  readonly data: readonly [
    {
      readonly start: number
      readonly end: number
      readonly confirm: boolean
      readonly open: string
      readonly close: string
    },
  ]
}
type Reply = { readonly retCode: number; readonly result: { readonly list: readonly (readonly string[])[] } }

// Safe: what a stream says is asserted below.
const klines = ({ messages }: PlainClient): readonly Kline[] =>
  messages.filter((message) => 'topic' in (message as object)) as readonly Kline[]

const get = async (path: string): Promise<Reply> => {
  const { body } = await world.get(`${rest()}${path}`)
  // Safe: every answer of Bybit has this form; what is in it is asserted.
  return body as Reply
}

describe('simulator-speaks-each-protocol: Bybit', () => {
  it('Y1 subscriptions are acknowledged, ten topics at a time', async () => {
    world = await startPlainWorld()
    const client = await world.connect(`${origin()}/v5/public/spot`)
    client.say({ req_id: '1', op: 'subscribe', args: ['kline.1.BTCUSDT', 'publicTrade.BTCUSDT'] })
    const eleven = Array.from({ length: 11 }, (_, index) => `kline.1.S${index}USDT`)
    client.say({ req_id: '2', op: 'subscribe', args: eleven })
    client.say({ req_id: '3', op: 'subscribe', args: [`kline.1.${'X'.repeat(21_000)}`] })
    client.say({ req_id: '4', op: 'unsubscribe', args: ['publicTrade.BTCUSDT'] })
    await expect
      .poll(() => client.messages)
      .toMatchObject([
        { success: true, ret_msg: 'subscribe', req_id: '1', op: 'subscribe', conn_id: expect.any(String) },
        { success: false, req_id: '2' },
        { success: false, req_id: '3' },
        { success: true, req_id: '4', op: 'unsubscribe' },
      ])
    const linear = await world.connect(`${origin()}/v5/public/linear`)
    linear.say({ op: 'subscribe', args: eleven })
    await expect.poll(() => linear.messages).toMatchObject([{ success: true, ret_msg: '' }])
  })

  it('Y2 updates, and one confirmed kline after each minute', async () => {
    world = await startPlainWorld()
    const client = await world.connect(`${origin()}/v5/public/spot`)
    client.say({ op: 'subscribe', args: ['kline.1.BTCUSDT'] })
    for (let round = 0; round < 6; round += 1) {
      client.say({ op: 'ping' })
      await world.advance(20_000)
    }
    await expect.poll(() => klines(client).filter(({ data: [kline] }) => kline.confirm)).toHaveLength(2)
    expect(klines(client).length).toBeGreaterThan(40)
    for (const { data, ts } of klines(client)) {
      expect(data[0].end).toBe(data[0].start + 59_999)
      expect(data[0].open).toMatch(/^\d+\.\d+$/)
      if (data[0].confirm) expect(ts).toBeGreaterThan(data[0].end)
    }
    const confirmed = klines(client).filter(({ data: [kline] }) => kline.confirm)
    expect(confirmed.map(({ data: [kline] }) => kline.start)).toEqual([minute, minute + 60_000])
  })

  it('Y3 a ping of JSON is answered, and alone keeps a link alive', async () => {
    world = await startPlainWorld()
    const good = await world.connect(`${origin()}/v5/public/spot`)
    const silent = await world.connect(`${origin()}/v5/public/spot`)
    const protocol = await world.connect(`${origin()}/v5/public/spot`)
    const linear = await world.connect(`${origin()}/v5/public/linear`)
    for (let round = 0; round < 5; round += 1) {
      good.say({ op: 'ping' })
      linear.say({ op: 'ping', req_id: '7' })
      if (protocol.socket.readyState === protocol.socket.OPEN) protocol.socket.ping()
      await world.advance(20_000)
    }
    expect(await silent.closed).toBe(1006)
    expect(await protocol.closed).toBe(1006)
    expect(good.messages[0]).toMatchObject({
      success: true,
      ret_msg: 'pong',
      op: 'ping',
      conn_id: expect.any(String),
    })
    expect(linear.messages[0]).toMatchObject({ op: 'pong', req_id: '7', args: [expect.any(String)] })
    expect(good.socket.readyState).toBe(good.socket.OPEN)
  })

  it('Y4 klines newest first as text, of futures where the category is forgotten', async () => {
    world = await startPlainWorld()
    const query = `/kline?symbol=BTCUSDT&interval=1&start=${minute - 120_000}&end=${minute}`
    const { result } = await get(`${query}&category=spot`)
    expect(result.list.map(([start]) => Number(start))).toEqual([minute, minute - 60_000, minute - 120_000])
    expect(result.list[0]).toHaveLength(7)
    for (const cell of result.list.flat()) expect(cell).toMatch(/^\d+(?:\.\d+)?$/)
    const forgotten = await get(query)
    expect(forgotten).toMatchObject({ result: { category: 'linear' } })
    expect(forgotten.result.list).not.toEqual(result.list)
    expect((await get('/kline?category=spot&symbol=BTCUSDT&interval=1')).result.list).toHaveLength(200)
    expect((await get('/kline?category=spot&symbol=BTCUSDT&interval=1&limit=1000')).result.list).toHaveLength(
      1_000,
    )
    expect(
      (
        await get(`/kline?category=spot&symbol=BTCUSDT&interval=60&limit=2&end=${minute - 1}`)
      ).result.list.map(([start]) => Number(start)),
    ).toEqual([minute - 3_600_000, minute - 7_200_000])
  })

  it('Y5 errors with status 200, a limit of requests, and what is left of it', async () => {
    world = await startPlainWorld(['btcusdt'])
    expect(await get('/kline?category=spot&symbol=NOSUCH&interval=1')).toMatchObject({ retCode: 10_029 })
    expect(await get('/kline?category=spot&symbol=BTCUSDT&interval=7')).toMatchObject({ retCode: 10_001 })
    expect(await get('/nothing')).toMatchObject({ retCode: 10_017 })
    const { headers } = await world.get(`${rest()}/time`)
    expect(headers.get('x-bapi-limit-status')).toBe('596')
    expect(headers.get('x-bapi-limit')).toBe('600')
    expect(Number(headers.get('x-bapi-limit-reset-timestamp'))).toBeGreaterThan(world.startMs)
    for (let index = 0; index < 596; index += 1) await world.get(`${rest()}/time`)
    expect(await world.get(`${rest()}/time`)).toMatchObject({ status: 403, body: 'access too frequent' })
    await world.advance(599_000)
    expect((await world.get(`${rest()}/time`)).status).toBe(403)
    await world.advance(2_000)
    expect((await world.get(`${rest()}/time`)).status).toBe(200)
  })
})

describe('simulator-speaks-each-protocol: Bybit linear', () => {
  it('D2 another price than spot, on a socket of its own', async () => {
    world = await startPlainWorld(['btcusdt'])
    const spot = await world.connect(`${origin()}/v5/public/spot`)
    const linear = await world.connect(`${origin()}/v5/public/linear`)
    for (const client of [spot, linear]) client.say({ op: 'subscribe', args: ['kline.1.BTCUSDT'] })
    await world.advance(4_000)
    await expect.poll(() => klines(linear).length).toBeGreaterThan(0)
    expect(klines(linear)[0]?.data[0].close).not.toBe(klines(spot)[0]?.data[0].close)
  })

  it('D3 tickers, settled rates by every combination of start and end, and contracts in pages', async () => {
    world = await startPlainWorld(['btcusdt', 'solusdt'])
    const hour = 3_600_000
    const { result } = await get('/tickers?category=linear&symbol=BTCUSDT')
    expect(result.list[0]).toMatchObject({
      fundingRate: expect.stringMatching(/^-?0\.\d+$/),
      nextFundingTime: String(Date.UTC(2026, 0, 5, 16)),
      markPrice: expect.stringMatching(/^\d+\.\d+$/),
      indexPrice: expect.stringMatching(/^\d+\.\d+$/),
    })
    const history = async (query: string): Promise<readonly number[]> => {
      const reply = await get(`/funding/history?category=linear&symbol=BTCUSDT${query}`)
      // Safe: rows of settled rates, whose times are asserted.
      const list = reply.result.list as unknown as readonly { readonly fundingRateTimestamp: string }[]
      return list.map(({ fundingRateTimestamp }) => (Number(fundingRateTimestamp) - minute) / hour)
    }
    expect((await history('')).length).toBe(200)
    expect(await history('&limit=2')).toEqual([-4, -12])
    expect(await history(`&endTime=${minute - 5 * hour}&limit=2`)).toEqual([-12, -20])
    expect(await history(`&startTime=${minute - 21 * hour}&endTime=${minute}`)).toEqual([-4, -12, -20])
    expect(await get(`/funding/history?category=linear&symbol=BTCUSDT&startTime=${minute}`)).toMatchObject({
      retCode: 10_001,
    })
    const first = await get('/instruments-info?category=linear&limit=1')
    expect(first.result).toMatchObject({
      list: [{ symbol: 'BTCUSDT', contractType: 'LinearPerpetual', status: 'Trading', fundingInterval: 480 }],
      nextPageCursor: '1',
    })
    const second = await get('/instruments-info?category=linear&limit=1&cursor=1')
    expect(second.result).toMatchObject({
      list: [{ symbol: 'SOLUSDT', fundingInterval: 240 }],
      nextPageCursor: '',
    })
  })
})

describe('simulator-speaks-each-protocol: Deribit', () => {
  const index = async (fromMs: number, toMs: number) => {
    const { body, status } = await world.get(
      `${world.simulator.deribit}/api/v2/public/get_volatility_index_data?currency=BTC&start_timestamp=${fromMs}&end_timestamp=${toMs}&resolution=60`,
    )
    // Safe: every answer of Deribit has this form; what is in it is asserted.
    return {
      status,
      ...(body as {
        readonly error?: object
        readonly result: {
          readonly data: readonly (readonly number[])[]
          readonly continuation: number | null
        }
      }),
    }
  }

  it('D5 candles that ascend, over pages, and move until their minute ends', async () => {
    world = await startPlainWorld(['btcusdt'])
    const opens: number[] = []
    let endMs: number | null = minute
    const sizes: number[] = []
    while (endMs !== null) {
      const { result } = await index(minute - 2_499 * 60_000, endMs)
      opens.unshift(...result.data.map(([openMs]) => openMs ?? 0))
      sizes.push(result.data.length)
      endMs = result.continuation
    }
    expect(sizes).toEqual([1_000, 1_000, 500])
    expect(opens).toEqual(Array.from({ length: 2_500 }, (_, at) => minute - (2_499 - at) * 60_000))
    const running = (await index(minute, minute)).result.data[0]
    expect(running?.[4]).toBeGreaterThan(1)
    await world.advance(60_000)
    expect((await index(minute, minute)).result.data[0]).not.toEqual(running)
    world.simulator.faults.push({
      kind: 'fraction_for_points',
      venue: 'deribit',
      fromMs: 0,
      toMs: Number.MAX_SAFE_INTEGER,
    })
    expect((await index(minute, minute)).result.data[0]?.[4]).toBeLessThan(1)
  })

  it('D5 too many requests are code 10028, and wrong parameters an error', async () => {
    world = await startPlainWorld(['btcusdt'])
    expect(
      (await world.get(`${world.simulator.deribit}/api/v2/public/get_volatility_index_data?currency=SOL`))
        .body,
    ).toMatchObject({ error: { code: -32_602 } })
    const all = await Promise.all(Array.from({ length: 101 }, () => index(minute, minute)))
    expect(all.at(-1)).toMatchObject({ status: 429, error: { code: 10_028 } })
  })
})
