import { afterEach, describe, expect, it } from 'vitest'
import {
  minuteMs,
  startFeedWorld,
  startMinuteMs,
  startMs,
  type FeedWorld,
} from '../../fixtures/feed-world.ts'
import type { FeedStatus } from '../market-feed.ts'
import { runDerivativeFeed } from './derivative-feed.ts'
import { derivativeKinds } from './derivative-kinds.ts'
import { judgeReading, type Reading, type ReadingFault } from './reading.ts'

let world: FeedWorld
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  await world.close()
})

function run(kind: keyof typeof derivativeKinds, products: readonly string[], keptMs?: number) {
  const [readings, refused, statuses]: [Reading[], ReadingFault[], FeedStatus[]] = [[], [], []]
  const controller = new AbortController()
  const origin = kind === 'dvol' ? world.simulator.deribit : world.simulator.hosts.bybit.perp.rest
  const { egress, timeline } = world
  const running = runDerivativeFeed(
    derivativeKinds[kind],
    { egress, timeline, random: () => 0.5, origin, lastKeptMs: () => Promise.resolve(keptMs) },
    products,
    {
      reading: (reading) => void readings.push(reading),
      status: (status) => void statuses.push(status),
      refused: (_reading, fault) => void refused.push(fault),
    },
    controller.signal,
  )
  stops.push(async () => {
    controller.abort()
    await running
  })
  return { readings, refused, statuses }
}

describe('derivative-feeds-need-no-key-and-move-no-regime', () => {
  it('funding: how it stands each minute, and what was settled before', async () => {
    world = await startFeedWorld({ symbols: ['btcusdt', 'solusdt'] })
    const { readings, refused, statuses } = run('funding', ['BTCUSDT', 'SOLUSDT', 'NOSUCHUSDT'])
    await world.advance(3_000)
    const settled = readings.filter(({ kind, product }) => kind === 'settled' && product === 'BTCUSDT')
    expect(settled).toHaveLength(200)
    expect(settled.at(-1)?.tsMs).toBe(Date.UTC(2026, 0, 5, 8))
    const now = readings.filter((reading) => reading.kind === 'funding')
    expect(now.map(({ product, intervalMinutes }) => [product, intervalMinutes])).toEqual([
      ['BTCUSDT', 480],
      ['SOLUSDT', 240],
    ])
    expect(now[0]).toMatchObject({ tsMs: startMs, nextFundingMs: Date.UTC(2026, 0, 5, 16) })
    await world.advance(4 * minuteMs)
    expect(readings.filter(({ kind, product }) => kind === 'funding' && product === 'BTCUSDT')).toHaveLength(
      5,
    )
    expect(readings.filter(({ kind }) => kind === 'settled')).toHaveLength(400)
    expect(refused).toEqual([])
    expect(statuses.map(({ state }) => state)).toEqual(['connecting', 'live'])
  })

  it('dvol: closed minutes alone, a gap filled from the last that is kept, page by page', async () => {
    world = await startFeedWorld()
    const { readings, refused } = run('dvol', ['BTC'], startMinuteMs - 2_500 * minuteMs)
    await world.advance(5_000)
    const opens = readings.map(({ tsMs }) => (tsMs - startMinuteMs) / minuteMs)
    expect(opens).toEqual(Array.from({ length: 2_499 }, (_, index) => index - 2_499))
    await world.advance(3 * minuteMs)
    expect(readings.slice(2_499).map(({ tsMs }) => (tsMs - startMinuteMs) / minuteMs)).toEqual([0, 1, 2])
    expect(refused).toEqual([])
  })

  it('a figure outside its bounds is refused and counted, never scaled', async () => {
    world = await startFeedWorld({
      faults: [{ kind: 'fraction_for_points', venue: 'deribit', fromMs: 0, toMs: startMinuteMs + minuteMs }],
    })
    const { readings, refused } = run('dvol', ['BTC'], startMinuteMs - 4 * minuteMs)
    await world.advance(1_000)
    expect(readings).toEqual([])
    expect(refused).toEqual(['points_out_of_bounds', 'points_out_of_bounds', 'points_out_of_bounds'])
    await world.advance(minuteMs)
    expect(readings).toHaveLength(4)
  })

  it('an outage is told, and what was missed is read after it', async () => {
    world = await startFeedWorld({
      faults: [
        {
          kind: 'rest_503',
          venue: 'deribit',
          fromMs: startMinuteMs + minuteMs,
          toMs: startMinuteMs + 4 * minuteMs,
        },
        {
          kind: 'down',
          venue: 'deribit',
          fromMs: startMinuteMs + 4 * minuteMs,
          toMs: startMinuteMs + 6 * minuteMs,
        },
        {
          kind: 'slow_rest',
          venue: 'deribit',
          fromMs: startMinuteMs + 6 * minuteMs,
          toMs: startMinuteMs + 7 * minuteMs,
          byMs: 12_000,
        },
      ],
    })
    const { readings, statuses } = run('dvol', ['BTC', 'ETH'], startMinuteMs - minuteMs)
    await world.advance(5 * minuteMs)
    expect(statuses.at(-1)).toMatchObject({ state: 'down' })
    await world.advance(5 * minuteMs)
    expect(statuses.at(-1)).toMatchObject({ state: 'live' })
    for (const product of ['BTC', 'ETH'])
      expect(
        readings
          .filter((one) => one.product === product)
          .map(({ tsMs }) => (tsMs - startMinuteMs) / minuteMs),
      ).toEqual(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].slice(0, readings.filter((one) => one.product === product).length),
      )
    expect(readings.length).toBeGreaterThanOrEqual(18)
  })

  it('every request is one that anybody may make', async () => {
    world = await startFeedWorld()
    const headers: (readonly string[])[] = []
    const asked = world.egress
    const egress: FeedWorld['egress'] = {
      ...asked,
      request: (request) => {
        headers.push(Object.keys(request.headers ?? {}))
        expect(request.body).toBeUndefined()
        return asked.request(request)
      },
    }
    const controller = new AbortController()
    const ignore = (): void => undefined
    const running = runDerivativeFeed(
      derivativeKinds.funding,
      {
        egress,
        timeline: world.timeline,
        random: () => 0.5,
        origin: world.simulator.hosts.bybit.perp.rest,
        lastKeptMs: () => Promise.resolve(undefined),
      },
      ['BTCUSDT'],
      { reading: ignore, status: ignore, refused: ignore },
      controller.signal,
    )
    await world.advance(1_000)
    controller.abort()
    await running
    expect(headers).toEqual([[], [], []])
  })
})

describe('a reading', () => {
  const nowMs = Date.UTC(2026, 0, 5, 12)
  const settled = { kind: 'settled', product: 'BTCUSDT', tsMs: nowMs, rate: 0.0001 } as const
  const index = {
    kind: 'dvol',
    product: 'BTC',
    tsMs: nowMs,
    open: 63.2,
    high: 64,
    low: 62,
    close: 63,
  } as const
  it.each<[Reading, number | undefined, ReadingFault | undefined]>([
    [settled, undefined, undefined],
    [{ ...settled, rate: 0.1 }, undefined, undefined],
    [{ ...settled, rate: -0.1001 }, undefined, 'rate_out_of_bounds'],
    [{ ...settled, tsMs: nowMs + 10_001 }, undefined, 'from_the_future'],
    [settled, nowMs - 1, undefined],
    [settled, nowMs, 'time_falls'],
    [index, undefined, undefined],
    [{ ...index, low: 1, high: 500 }, undefined, undefined],
    [{ ...index, close: 0.21 }, undefined, 'points_out_of_bounds'],
    [{ ...index, high: 500.1 }, undefined, 'points_out_of_bounds'],
  ])('%o after %o: %s', (reading, lastMs, fault) => {
    expect(judgeReading(reading, lastMs, nowMs)).toBe(fault)
  })
})
