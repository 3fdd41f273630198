import { egressDefaults } from '@gatehouse/kernel/egress'
import { afterEach, describe, expect, it } from 'vitest'
import { isSuspect } from '../domain/judge-bar.ts'
import { venues as venueNames } from '../domain/venue.ts'
import { mulberry32 } from '../domain/mulberry32.ts'
import { minuteMs, startFeedWorld, startMinuteMs, toPrices, type FeedWorld } from '../fixtures/feed-world.ts'
import type { Fault, FaultKind } from '../simulator/faults.ts'
import { binance } from './binance.ts'
import { toEgressPolicy } from './feed-deps.ts'
import type { ClosedBar, Venue } from './market-feed.ts'
import { createDoor } from './rest-door.ts'
import { runMarket } from './run-market.ts'
import { VenueClock } from './venue-clock.ts'

let world: FeedWorld
afterEach(() => world.close())

const momentary = ['half_open', 'reset', 'close', 'cut_frame'] as const satisfies readonly FaultKind[]
const ofMinutes = [
  'truncated_json',
  'unknown_type',
  'unknown_field',
  'number_for_text',
  'nan',
  'empty_text',
  'duplicate_bar',
  'different_bar',
  'late_correction',
  'late_bar',
  'out_of_order',
  'unsent_bar',
  'absent_bar',
  'burst',
  'price_times_ten',
  'price_zero',
  'price_negative',
  'price_huge',
] as const satisfies readonly FaultKind[]
const ofTrades = [
  'dropped_trades',
  'trades_out_of_order',
  'last_trade_stuck',
] as const satisfies readonly FaultKind[]
const ofRest = [
  'rest_500',
  'rest_503',
  'slow_rest',
  'refused',
  'down',
] as const satisfies readonly FaultKind[]

/** A schedule of faults of every kind, the same for the same seed. */
function schedule(venue: Venue, seed: number, minutes: number): readonly Fault[] {
  const random = mulberry32(seed)
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)]
  const faults: Fault[] = []
  const add = (kind: FaultKind | undefined, fromMs: number, lengthMs: number, byMs?: number): void => {
    if (kind === undefined) return
    const whole = { kind, venue, fromMs, toMs: fromMs + lengthMs }
    faults.push(byMs === undefined ? whole : { ...whole, byMs })
  }
  // The venue's clock is off by the same all the time: within one run it never steps back.
  add('clock_skew', 0, Number.MAX_SAFE_INTEGER, Math.round((random() - 0.5) * 10_000))
  for (let minute = 1; minute < minutes; minute += 1) {
    const openMs = startMinuteMs + minute * minuteMs
    const kinds =
      venue === 'coinbase' ? [...ofMinutes.filter((kind) => kind !== 'absent_bar'), ...ofTrades] : ofMinutes
    if (random() < 0.4) add(pick(kinds), openMs, minuteMs)
    if (random() < 0.15) add(pick(momentary), openMs + Math.floor(random() * 60) * 1_000, 1_500)
    if (random() < 0.15)
      add(pick(ofRest), openMs + Math.floor(random() * 60_000), Math.floor(random() * 150_000), 12_000)
  }
  return faults
}

describe.each(venueNames)('no-bar-is-lost-or-doubled-under-any-fault: %s', (venue) => {
  it.each([11, 13])('in a schedule made of %i', async (seed) => {
    const minutes = 40
    const faults = schedule(venue, seed, minutes)
    world = await startFeedWorld({ faults, seed, symbols: ['btcusdt', 'ethusdt'] })
    const products = ['btcusdt', 'ethusdt'].map((symbol) => world.product(venue, symbol))
    const run = world.run(venue, products, { storedMinutes: 5 })
    // The last quarter of an hour is without faults, so that everything is caught up with.
    await world.advance((minutes + 15) * minuteMs)
    const end = startMinuteMs + (minutes + 14) * minuteMs
    for (const product of products) {
      const bars = run.bars.filter(({ symbol, openMs }) => symbol === product.symbol && openMs < end)
      const closed = world.simulator.closedBars(venue, product.symbol, startMinuteMs - 5 * minuteMs, end)
      expect(bars.map(({ openMs }) => openMs)).toEqual(closed.map(({ openMs }) => openMs))
      const wrong = new Set(listSuspects(bars))
      // An absurd price is handed on as the venue said it: whoever stores it holds it until REST says the same.
      expect(bars.filter(({ openMs }) => !wrong.has(openMs)).map(toPrices)).toEqual(
        closed.filter(({ openMs }) => !wrong.has(openMs)),
      )
      for (const openMs of wrong)
        expect(
          faults.some(
            ({ kind, fromMs }) => kind === 'price_times_ten' && Math.abs(fromMs - openMs) <= minuteMs,
          ),
        ).toBe(true)
    }
    expect(run.statuses.at(-1)).toMatchObject({ state: 'live' })
  })
})

/** Minutes whose prices are so far from the close before that they would be held. */
function listSuspects(bars: readonly ClosedBar[]): readonly number[] {
  let before = bars[0]?.close ?? 1
  return bars.flatMap(({ openMs, open, high, close }) => {
    const isHeld = isSuspect(before, close) || isSuspect(before, high) || isSuspect(before, open)
    if (!isHeld) before = close
    return isHeld ? [openMs] : []
  })
}

it('no-bar-is-lost-or-doubled-under-any-fault: an hour of closed doors leaves a hole of no minute', async () => {
  const faults: Fault[] = [
    { kind: 'down', venue: 'binance', fromMs: startMinuteMs + minuteMs, toMs: startMinuteMs + 61 * minuteMs },
  ]
  world = await startFeedWorld({ faults })
  const run = world.run('binance', [world.product('binance', 'btcusdt')])
  await world.advance(65 * minuteMs)
  const closed = world.simulator.closedBars(
    'binance',
    'btcusdt',
    startMinuteMs,
    startMinuteMs + 65 * minuteMs,
  )
  expect(run.bars.map(toPrices)).toEqual(closed)
})

it('no-bar-is-lost-or-doubled-under-any-fault: a link whose end is announced is replaced before that', async () => {
  const faults: Fault[] = [
    {
      kind: 'restart',
      venue: 'binance',
      fromMs: startMinuteMs + 30 * minuteMs,
      toMs: startMinuteMs + 30 * minuteMs + 5_000,
    },
  ]
  world = await startFeedWorld({ faults })
  const run = world.run('binance', [world.product('binance', 'btcusdt')])
  await world.advance(60 * minuteMs)
  const opened = () => world.asked.filter(({ what }) => what === 'stream').length
  // The announced end was not waited for.
  expect(opened()).toBe(2)
  expect(run.statuses.map(({ state }) => state)).not.toContain('down')
  const closed = world.simulator.closedBars(
    'binance',
    'btcusdt',
    startMinuteMs,
    startMinuteMs + 60 * minuteMs,
  )
  expect(run.bars.map(toPrices)).toEqual(closed)
})

it('no-bar-is-lost-or-doubled-under-any-fault: a link that has become old is replaced before the venue cuts it', async () => {
  world = await startFeedWorld()
  const hosts = world.simulator.namedHosts.binance.spot
  const { spot } = binance.markets
  // A day would be tens of thousands of pushes: a link of this test is old after twenty minutes, give or take fifteen.
  const market = { ...spot, stream: spot.stream && { ...spot.stream, lifeMs: 20 * minuteMs } }
  const deps = {
    egress: world.egress,
    timeline: world.timeline,
    random: mulberry32(3),
    lastStoredMs: () => Promise.resolve(startMinuteMs - minuteMs),
    note: () => undefined,
  }
  const policy = toEgressPolicy(egressDefaults, hosts, true)
  const door = createDoor(deps, market.rest, hosts.rest, policy)
  const place = { market, hosts, policy, door, clock: new VenueClock(world.timeline) }
  const bars: ClosedBar[] = []
  const states: string[] = []
  const stop = new AbortController()
  const running = runMarket(
    deps,
    place,
    [world.product('binance', 'btcusdt')],
    { bar: (bar) => void bars.push(bar), status: ({ state }) => void states.push(state) },
    stop.signal,
  )
  await world.advance(75 * minuteMs)
  stop.abort()
  await running
  expect(world.asked.filter(({ what }) => what === 'stream').length).toBeGreaterThanOrEqual(3)
  expect(states.at(-1)).toBe('live')
  expect(states).not.toContain('down')
  // Nothing had to be asked for again: the new link was there before the old one went.
  expect(
    world.asked.filter(({ what, atMs }) => what.endsWith('/klines') && atMs > startMinuteMs + minuteMs),
  ).toEqual([])
  expect(bars.map(toPrices)).toEqual(
    world.simulator.closedBars('binance', 'btcusdt', startMinuteMs, startMinuteMs + 75 * minuteMs),
  )
})

it('no-bar-is-lost-or-doubled-under-any-fault: what waits behind a hole is handed on after ten minutes without answers', async () => {
  const faults: Fault[] = [
    {
      kind: 'rest_503',
      venue: 'bybit',
      fromMs: startMinuteMs + 2 * minuteMs,
      toMs: startMinuteMs + 60 * minuteMs,
    },
    {
      kind: 'unsent_bar',
      venue: 'bybit',
      fromMs: startMinuteMs + 2 * minuteMs,
      toMs: startMinuteMs + 3 * minuteMs,
    },
  ]
  world = await startFeedWorld({ faults })
  const run = world.run('bybit', [world.product('bybit', 'btcusdt')])
  await world.advance(11 * minuteMs)
  const minutes = () => run.bars.map(({ openMs }) => (openMs - startMinuteMs) / minuteMs)
  expect(minutes()).toEqual([0, 1])
  expect(run.statuses.at(-1)).toMatchObject({ state: 'degraded', reason: 'status 503' })
  await world.advance(4 * minuteMs)
  expect(minutes()).toEqual([0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14])
})

describe.each(venueNames)('no-bar-is-lost-or-doubled-under-any-fault: %s', (venue) => {
  it.each([
    ['sets its clock back', 4_000, -4_000],
    ['sets its clock ahead', -4_000, 4_000],
  ])('%s while it is listened to', async (_how, before, after) => {
    // In the middle of a minute, and then at the end of one by either clock.
    const steps = [startMinuteMs + 3 * minuteMs + 31_000, startMinuteMs + 8 * minuteMs + 1_000]
    const skew = (fromMs: number, toMs: number, byMs: number): Fault => ({
      kind: 'clock_skew',
      venue,
      fromMs,
      toMs,
      byMs,
    })
    const [first = 0, second = 0] = steps
    const faults = [
      skew(0, first, before),
      skew(first, second, after),
      skew(second, second + 4 * minuteMs, before),
      skew(second + 4 * minuteMs, Number.MAX_SAFE_INTEGER, after),
    ]
    world = await startFeedWorld({ faults })
    const run = world.run(venue, [world.product(venue, 'btcusdt')], { storedMinutes: 2 })
    await world.advance(20 * minuteMs)
    expect(wholeMinutes(run.bars)).toEqual(closedMinutes(venue, startMinuteMs - 2 * minuteMs))
  })

  it('a name that nobody knows for a while', async () => {
    const fromMs = startMinuteMs + 3 * minuteMs + 30_000
    const faults: Fault[] = [
      { kind: 'dns', venue, fromMs, toMs: fromMs + 4 * minuteMs },
      { kind: 'reset', venue, fromMs: fromMs + 1_000, toMs: fromMs + 2_500 },
    ]
    world = await startFeedWorld({ faults })
    const run = world.run(venue, [world.product(venue, 'btcusdt')])
    await world.advance(20 * minuteMs)
    expect(run.statuses).toContainEqual(expect.objectContaining({ state: 'down', reason: 'dns_not_found' }))
    expect(wholeMinutes(run.bars)).toEqual(closedMinutes(venue, startMinuteMs))
  })
})

const endMs = startMinuteMs + 18 * minuteMs

const wholeMinutes = (bars: readonly ClosedBar[]) => bars.filter(({ openMs }) => openMs < endMs).map(toPrices)

const closedMinutes = (venue: Venue, fromMs: number) =>
  world.simulator.closedBars(venue, 'btcusdt', fromMs, endMs)
