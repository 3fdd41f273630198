import { afterEach, describe, expect, it } from 'vitest'
import { minuteMs, startFeedWorld, startMinuteMs, toPrices, type FeedWorld } from '../fixtures/feed-world.ts'
import { venues as venueNames } from '../domain/venue.ts'
import type { Fault } from '../simulator/faults.ts'
import type { ProductKind, Venue } from './market-feed.ts'

let world: FeedWorld
afterEach(() => world.close())

const markets = venueNames.flatMap((venue) =>
  (['spot', 'perp'] as const).map((kind): readonly [Venue, ProductKind] => [venue, kind]),
)

/** Minutes of simulated time, counted from the one in which the world begins. */
const minute = (index: number): number => startMinuteMs + index * minuteMs

describe.each(markets)('every-connector-passes-one-suite: %s %s', (venue, kind) => {
  const expected = (fromMinute: number, toMinute: number) =>
    world.simulator.closedBars(venue, 'btcusdt', minute(fromMinute), minute(toMinute), kind)

  it('a page holds the closed bars of its range, oldest first, and says what it covers', async () => {
    world = await startFeedWorld()
    const feed = world.feed(venue)
    const product = world.product(venue, 'btcusdt', kind)
    const page = await feed.fetchBars(product, '1m', minute(-30), minute(5))
    // The minute that runs is not in it.
    expect(page.bars.map(toPrices)).toEqual(expected(-30, 0))
    expect([page.coveredFromMs, page.coveredToMs]).toEqual([minute(-30), minute(0)])
    const long = await feed.fetchBars(product, '1m', minute(-5_000), minute(0))
    expect(long.coveredToMs).toBeLessThan(minute(-3_000))
    const [first] = long.bars
    expect(first?.openMs).toBe(minute(-5_000))
    expect(await feed.fetchBars(product, '1m', minute(0), minute(5))).toMatchObject({ bars: [] })
  })

  it('bars of every longer timeframe are those of the minutes', async () => {
    world = await startFeedWorld()
    const feed = world.feed(venue)
    const product = world.product(venue, 'btcusdt', kind)
    const dayMs = 86_400_000
    const fromMs = Date.UTC(2026, 0, 4)
    const minutes = world.simulator.closedBars(venue, 'btcusdt', fromMs, fromMs + dayMs, kind)
    for (const [timeframe, length] of [
      ['5m', 5],
      ['15m', 15],
      ['1h', 60],
      ['4h', 240],
      ['1d', 1_440],
    ] as const) {
      // The budget of requests fills up again.
      await world.advance(1_000)
      const { bars } = await feed.fetchBars(product, timeframe, fromMs, fromMs + dayMs)
      expect(bars).toHaveLength(1_440 / length)
      const traded = minutes.slice(0, length).filter(({ filled }) => !filled)
      expect(bars[0]).toMatchObject({
        openMs: fromMs,
        open: traded[0]?.open,
        high: Math.max(...traded.map(({ high }) => high)),
        low: Math.min(...traded.map(({ low }) => low)),
        close: traded.at(-1)?.close,
      })
    }
  })

  it('what happened since the last stored bar comes first, then each minute as it closes', async () => {
    world = await startFeedWorld()
    const run = world.run(venue, [world.product(venue, 'btcusdt', kind)], { storedMinutes: 12 })
    await world.advance(3_000)
    expect(run.bars.map(toPrices)).toEqual(expected(-12, 0))
    expect(run.statuses.map(({ state }) => state).at(-1)).toBe('live')
    await world.advance(4 * minuteMs)
    expect(run.bars.map(toPrices)).toEqual(expected(-12, 4))
    expect(run.bars.map(({ symbol }) => symbol)).not.toContain(undefined)
    expect(run.statuses.map(({ state }) => state).at(-1)).toBe('live')
    expect(run.notes).toEqual([])
  })

  it('a minute that is not pushed is asked for soon after its end', async () => {
    const faults: Fault[] = [{ kind: 'unsent_bar', venue, fromMs: minute(1), toMs: minute(2) }]
    world = await startFeedWorld({ faults })
    const run = world.run(venue, [world.product(venue, 'btcusdt', kind)])
    await world.advance(2 * minuteMs + 5_000)
    await world.advance(minuteMs)
    expect(run.bars.map(toPrices)).toEqual(expected(0, 3))
  })

  it('an end leaves nothing open', async () => {
    world = await startFeedWorld()
    const run = world.run(venue, [world.product(venue, 'btcusdt', kind)])
    await world.advance(5_000)
    await run.stop()
    await world.settle()
    await expect.poll(() => world.simulator.openSockets()).toBe(0)
    const asked = world.asked.length
    await world.advance(10 * minuteMs)
    expect(world.asked).toHaveLength(asked)
  })
})

describe.each(venueNames)('every-connector-passes-one-suite: a link to %s', (venue) => {
  it('that falls silent is replaced, and nothing is missing', async () => {
    world = await startFeedWorld({
      faults: [{ kind: 'half_open', venue, fromMs: minute(2), toMs: minute(2) + 5_000 }],
    })
    const run = world.run(venue, [world.product(venue, 'btcusdt')])
    await world.advance(6 * minuteMs)
    expect(run.statuses.map(({ reason }) => reason)).toContain('silence')
    expect(run.bars.map(toPrices)).toEqual(world.simulator.closedBars(venue, 'btcusdt', minute(0), minute(6)))
  })

  it('is tried again at most twenty times in five minutes, with growing pauses', async () => {
    world = await startFeedWorld({
      faults: [{ kind: 'down', venue, fromMs: minute(1), toMs: minute(31) }],
    })
    const run = world.run(venue, [world.product(venue, 'btcusdt')])
    await world.advance(30 * minuteMs)
    expect(run.statuses.at(-1)).toMatchObject({ state: 'down' })
    const attempts = world.asked.filter(({ what }) => what === 'stream').map(({ atMs }) => atMs)
    expect(attempts.length).toBeGreaterThan(20)
    for (const [index, atMs] of attempts.entries())
      expect((attempts[index + 20] ?? Number.POSITIVE_INFINITY) - atMs).toBeGreaterThanOrEqual(300_000)
    // The longest pause is thirty seconds, so that an end of the outage is noticed.
    await world.advance(4 * minuteMs)
    expect(run.bars.map(toPrices)).toEqual(
      world.simulator.closedBars(venue, 'btcusdt', minute(0), minute(34)),
    )
    expect(run.statuses.at(-1)).toMatchObject({ state: 'live' })
  })
})
