import { afterEach, expect, describe, it } from 'vitest'
import { startPlainWorld, type PlainClient, type PlainWorld } from '../fixtures/plain-client.ts'
import type { Fault, FaultKind } from './faults.ts'
import type { SimulatedVenue } from './tape.ts'

let world: PlainWorld
afterEach(() => world.close())

const minuteMs = 60_000
const minute = Date.UTC(2026, 0, 5, 12)
const venues = ['binance', 'coinbase', 'bybit'] as const satisfies readonly SimulatedVenue[]
const always = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }

async function withFaults(...faults: readonly Fault[]): Promise<void> {
  world = await startPlainWorld(['btcusdt'], faults)
}

async function listen(venue: SimulatedVenue, kind: 'spot' | 'perp' = 'spot'): Promise<PlainClient> {
  const { stream } = world.simulator.hosts[venue][kind]
  const code = world.simulator.code(venue, kind, 'btcusdt')
  if (venue === 'binance')
    return world.connect(`${stream}${kind === 'perp' ? '/market' : ''}/ws/${code.toLowerCase()}@kline_1m`)
  if (venue === 'bybit') {
    const client = await world.connect(`${stream}/v5/public/${kind === 'spot' ? 'spot' : 'linear'}`)
    client.say({ op: 'subscribe', args: [`kline.1.${code}`] })
    const ping = (): void => {
      if (client.socket.readyState !== client.socket.OPEN) return
      client.say({ op: 'ping' })
      world.timeline.after(20_000, ping)
    }
    ping()
    await expect.poll(() => client.messages.length).toBeGreaterThan(0)
    return client
  }
  const client = await world.connect(stream)
  client.say({ type: 'subscribe', product_ids: [code], channels: ['matches', 'heartbeat'] })
  await expect.poll(() => client.messages.length).toBeGreaterThan(0)
  return client
}

type Closed = { readonly openMs: number; readonly close: unknown }

/** The closed klines that a client was sent, whatever is in them. */
function closedOf({ messages }: PlainClient): readonly Closed[] {
  return messages.flatMap((message): readonly Closed[] => {
    // Safe: what is not there is undefined, and left out.
    const { k, data } = message as {
      readonly k?: { readonly t: number; readonly x: boolean; readonly c: unknown }
      readonly data?: readonly {
        readonly start: number
        readonly confirm: boolean
        readonly close: unknown
      }[]
    }
    if (k?.x === true) return [{ openMs: k.t, close: k.c }]
    const [kline] = data ?? []
    return kline?.confirm === true ? [{ openMs: kline.start, close: kline.close }] : []
  })
}

const minutesOf = (client: PlainClient): readonly number[] =>
  closedOf(client).map(({ openMs }) => (openMs - minute) / minuteMs)

const timeOf = (venue: SimulatedVenue): string => {
  const paths = { binance: '/api/v3/time', coinbase: '/time', bybit: '/v5/market/time' }
  return world.simulator.hosts[venue].spot.rest + paths[venue]
}

describe.each(venues)('simulator-speaks-each-protocol: faults of %s', (venue) => {
  const fault = (kind: FaultKind, fromMinute: number, byMs?: number): Fault => ({
    kind,
    venue,
    fromMs: minute + fromMinute * minuteMs,
    toMs: minute + (fromMinute + 1) * minuteMs,
    ...(byMs === undefined ? {} : { byMs }),
  })

  it('F1 a half-open link says nothing any more, and is not ended', async () => {
    await withFaults(fault('half_open', 1))
    const client = await listen(venue)
    await world.advance(70_000)
    const before = client.messages.length
    await world.advance(5 * minuteMs - 30_000)
    expect(client.messages).toHaveLength(before)
  })

  it.each([
    ['reset', 1006],
    ['close', 1001],
    ['cut_frame', 1006],
  ] as const)('F2 a link that ends by %s has code %i', async (kind, code) => {
    await withFaults(fault(kind, 1))
    const client = await listen(venue)
    await world.advance(90_000)
    expect(await client.closed).toBe(code)
  })

  it('F6 the clock is ahead or behind', async () => {
    await withFaults(fault('clock_skew', 0, -4_000))
    const { body } = await world.get(timeOf(venue))
    expect(JSON.stringify(body)).toMatch(/1767614406|2026-01-05T12:00:06/)
  })

  it('F7 answers that are slow, wrong, or not given', async () => {
    await withFaults(
      fault('slow_rest', 0, 15_000),
      fault('rest_500', 1),
      fault('rest_503', 2),
      fault('refused', 3),
    )
    let answered = false
    const slow = world.get(timeOf(venue)).then(() => (answered = true))
    await expect.poll(() => world.simulator.waiting()).toBe(1)
    await world.advance(14_000)
    expect(answered).toBe(false)
    await world.advance(2_000)
    await slow
    await world.advance(minuteMs)
    expect((await world.get(timeOf(venue))).status).toBe(500)
    await world.advance(minuteMs)
    expect((await world.get(timeOf(venue))).status).toBe(503)
    await world.advance(minuteMs)
    await expect(world.get(timeOf(venue))).rejects.toThrow('fetch failed')
  })

  it('F7 a name that is not found', async () => {
    await withFaults(fault('dns', 1))
    const look = (): Promise<unknown> =>
      world.simulator.resolve(new URL(world.simulator.namedHosts[venue].spot.rest).hostname)
    expect(await look()).toEqual([{ address: '127.0.0.1' }])
    await world.advance(minuteMs)
    await expect(look()).rejects.toMatchObject({ code: 'ENOTFOUND' })
    await world.advance(minuteMs)
    expect(await look()).toEqual([{ address: '127.0.0.1' }])
  })

  it('F9 everything is down, then back with the gap in REST alone', async () => {
    await withFaults({ kind: 'down', venue, fromMs: minute + minuteMs, toMs: minute + 3 * minuteMs })
    const client = await listen(venue)
    await world.advance(minuteMs)
    expect(await client.closed).toBe(1006)
    await expect(world.get(timeOf(venue))).rejects.toThrow('fetch failed')
    await world.advance(2 * minuteMs)
    expect((await world.get(timeOf(venue))).status).toBe(200)
    const again = await listen(venue)
    await world.advance(minuteMs)
    expect(minutesOf(again)).toEqual(venue === 'coinbase' ? [] : [3])
    expect(world.simulator.closedBars(venue, 'btcusdt', minute, minute + 4 * minuteMs)).toHaveLength(4)
  })
})

describe.each(['binance', 'bybit'] as const)('simulator-speaks-each-protocol: bars of %s', (venue) => {
  const fault = (kind: FaultKind): Fault => ({
    kind,
    venue,
    fromMs: minute + minuteMs,
    toMs: minute + 2 * minuteMs,
  })

  it.each([
    ['truncated_json', undefined],
    ['unknown_type', undefined],
    ['number_for_text', expect.any(Number)],
    ['nan', 'NaN'],
    ['empty_text', ''],
    ['price_zero', '0'],
    ['price_negative', expect.stringMatching(/^-\d/)],
    ['price_huge', '1e308'],
  ] as const)('F3 and F8 a closing frame that is spoilt by %s', async (kind, close) => {
    await withFaults(fault(kind))
    const client = await listen(venue)
    await world.advance(3 * minuteMs)
    await expect.poll(() => minutesOf(client).at(-1)).toBe(2)
    const spoilt = closedOf(client).find(({ openMs }) => openMs === minute + minuteMs)
    expect(spoilt?.close).toEqual(close)
    if (kind === 'truncated_json')
      expect(client.messages.filter((message) => typeof message === 'string')).toHaveLength(1)
  })

  it('F3 and F8 a field that nobody knows, a price times ten, and a burst', async () => {
    await withFaults(
      { ...fault('unknown_field'), fromMs: minute, toMs: minute + minuteMs },
      fault('price_times_ten'),
      { ...fault('burst'), fromMs: minute + 2 * minuteMs, toMs: minute + 3 * minuteMs },
    )
    const client = await listen(venue)
    await world.advance(3 * minuteMs)
    await expect.poll(() => client.messages.length).toBeGreaterThan(580)
    const [first, tenfold] = closedOf(client)
    expect(Number(tenfold?.close) / Number(first?.close)).toBeGreaterThan(8)
    expect(JSON.stringify(client.messages)).toContain('unknownField')
  })

  it.each([
    ['duplicate_bar', 3, [0, 1, 1, 2]],
    ['different_bar', 3, [0, 1, 1, 2]],
    ['late_correction', 6, [0, 1, 2, 3, 1, 4, 5]],
    ['late_bar', 3, [0, 1, 2]],
    ['out_of_order', 4, [0, 2, 1, 3]],
    ['unsent_bar', 3, [0, 2]],
    ['absent_bar', 3, [0, 2]],
  ] as const)('F4 and F5 %s', async (kind, minutes, expected) => {
    await withFaults(fault(kind))
    const client = await listen(venue)
    await world.advance(minutes * minuteMs)
    await expect.poll(() => minutesOf(client)).toEqual(expected)
    const closes = new Set(
      closedOf(client)
        .filter(({ openMs }) => openMs === minute + minuteMs)
        .map(({ close }) => close),
    )
    if (kind === 'different_bar' || kind === 'late_correction') expect(closes.size).toBe(2)
    if (kind === 'duplicate_bar') expect(closes.size).toBe(1)
    const page = world.simulator.closedBars(venue, 'btcusdt', minute, minute + 3 * minuteMs)
    expect(page).toHaveLength(kind === 'absent_bar' ? 2 : 3)
  })
})

describe('simulator-speaks-each-protocol: D6', () => {
  it('faults reach perpetuals and the volatility index too', async () => {
    await withFaults(
      { kind: 'unsent_bar', venue: 'binance', fromMs: minute, toMs: minute + minuteMs },
      { kind: 'rest_503', venue: 'deribit', ...always },
      { kind: 'rest_500', venue: 'coinbase', ...always },
    )
    const perp = await listen('binance', 'perp')
    await world.advance(2 * minuteMs)
    await expect.poll(() => minutesOf(perp)).toEqual([1])
    expect((await world.get(`${world.simulator.deribit}/api/v2/public/get_time`)).status).toBe(503)
    expect(
      (await world.get(`${world.simulator.hosts.coinbase.perp.rest}/api/v3/brokerage/time`)).status,
    ).toBe(500)
  })
})

it('the same seed gives the same prices, whenever they are asked for, and the true state of each minute', async () => {
  await withFaults()
  const first = world.simulator.closedBars('bybit', 'btcusdt', minute - 100 * minuteMs, minute)
  const states = Array.from({ length: 4_000 }, (_, at) =>
    world.simulator.trueState('btcusdt', minute - at * 10 * minuteMs),
  )
  expect(new Set(states)).toEqual(new Set(['low', 'normal', 'high']))
  await world.close()
  await withFaults()
  // Another past first, so that nothing depends on the order of questions.
  world.simulator.closedBars('bybit', 'btcusdt', minute - 9_000 * minuteMs, minute - 8_990 * minuteMs)
  expect(world.simulator.closedBars('bybit', 'btcusdt', minute - 100 * minuteMs, minute)).toEqual(first)
})
