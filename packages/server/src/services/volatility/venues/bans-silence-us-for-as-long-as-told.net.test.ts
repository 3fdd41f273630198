import type { Egress, EgressResponse } from '@gatehouse/kernel/egress'
import { afterEach, describe, expect, it } from 'vitest'
import { minuteMs, startFeedWorld, startMinuteMs, toPrices, type FeedWorld } from '../fixtures/feed-world.ts'
import type { Venue } from './market-feed.ts'
import { VenueError } from './rest-door.ts'

let world: FeedWorld
afterEach(() => world.close())

type Refusal = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }

/** The way out, on which one answer is replaced by a refusal once it is asked for. */
function refusing(refusal: Refusal): { readonly egress: FeedWorld['egress']; readonly arm: () => void } {
  let isArmed = false
  const request: Egress['request'] = async (asked) => {
    const reply = await world.egress.request(asked)
    if (!isArmed) return reply
    isArmed = false
    const { status, headers = {}, body = '{}' } = refusal
    const refused: EgressResponse = { ...reply, status, headers, body: Buffer.from(body) }
    return refused
  }
  return {
    egress: { openWebSocket: (asked) => world.egress.openWebSocket(asked), request },
    arm: () => {
      isArmed = true
    },
  }
}

const cases: readonly (readonly [string, Venue, Refusal, number])[] = [
  [
    '429 of Binance, for as long as it says',
    'binance',
    { status: 429, headers: { 'retry-after': '90' } },
    90_000,
  ],
  [
    '418 of Binance, for as long as it says',
    'binance',
    { status: 418, headers: { 'retry-after': '7200' } },
    7_200_000,
  ],
  ['403 of the firewall of Binance', 'binance', { status: 403 }, 600_000],
  ['429 of Coinbase', 'coinbase', { status: 429, headers: { 'retry-after': '30' } }, 30_000],
  ['403 of Bybit, ten minutes at least', 'bybit', { status: 403, body: 'access too frequent' }, 600_000],
  ['10006 of Bybit, though its status is 200', 'bybit', { status: 200, body: '{"retCode":10006}' }, 600_000],
]

describe('bans-silence-us-for-as-long-as-told', () => {
  it.each(cases)('%s', async (_what, venue, refusal, banMs) => {
    world = await startFeedWorld()
    const { egress, arm } = refusing(refusal)
    const product = world.product(venue, 'btcusdt')
    const run = world.run(venue, [product], { storedMinutes: 3, deps: { egress } })
    arm()
    await world.advance(1_000)
    const banned = world.asked.findLast(({ what }) => what !== 'stream')
    expect(run.statuses.at(-1)).toMatchObject({
      state: 'down',
      untilMs: expect.any(Number),
      reason: expect.any(String),
    })
    expect((run.statuses.at(-1)?.untilMs ?? 0) - (banned?.atMs ?? 0)).toBeGreaterThanOrEqual(banMs)
    const rest = () => world.asked.filter(({ what, atMs }) => what !== 'stream' && atMs > (banned?.atMs ?? 0))
    // Everything that was asked at once had left before the refusal came.
    const atOnce = rest().length
    await world.advance(banMs - 2_000)
    expect(rest()).toHaveLength(atOnce)
    await world.advance(3 * minuteMs)
    expect(rest().length).toBeGreaterThan(atOnce)
    expect(run.statuses.at(-1)).toMatchObject({ state: 'live' })
    const end = Math.floor((world.timeline.now() - 30_000) / minuteMs) * minuteMs
    const closed = world.simulator.closedBars(venue, 'btcusdt', startMinuteMs - 3 * minuteMs, end)
    expect(run.bars.map(toPrices).slice(0, closed.length)).toEqual(closed)
  })

  it('who waits for a turn when the ban comes is sent away, and told until when', async () => {
    world = await startFeedWorld()
    const { egress, arm } = refusing({ status: 403 })
    const feed = world.feed('bybit', { egress })
    await feed.serverTime()
    arm()
    const asked = world.asked.length
    const product = world.product('bybit', 'btcusdt')
    const pages = Array.from({ length: 100 }, () =>
      feed.fetchBars(product, '1m', startMinuteMs - minuteMs, startMinuteMs).catch((error: unknown) => error),
    )
    await world.advance(5_000)
    const outcomes = await Promise.all(pages)
    const refused = outcomes.filter((one) => one instanceof VenueError)
    // Sixty may leave at once; those who were still to come did not.
    expect(refused.length).toBeGreaterThanOrEqual(40)
    expect(refused[0]).toMatchObject({ code: 'banned', untilMs: expect.any(Number) })
    expect(world.asked.length - asked).toBeLessThanOrEqual(60)
  })

  it('our own budget is half of what the venue allows', async () => {
    world = await startFeedWorld()
    const feed = world.feed('coinbase')
    const started = world.timeline.now()
    const all = Array.from({ length: 50 }, () => feed.serverTime())
    await world.advance(12_000)
    await Promise.all(all)
    const times = world.asked.map(({ atMs }) => atMs - started)
    for (const [index, atMs] of times.entries())
      // Five at once, and five in each second after that.
      expect(index).toBeLessThanOrEqual(5 + (atMs / 1_000) * 5)
    expect(times.at(-1)).toBeGreaterThanOrEqual(8_500)
  })
})
