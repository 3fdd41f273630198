import { describe, expect, it } from 'vitest'
import { isMarketDataThere, readMarketBars } from '../fixtures/market-data.ts'
import { type Bar, bucketOf, combineBars, type CombinedBar } from './combine-bars.ts'
import type { OhlcColumns } from './ohlc.ts'
import { intervalMs, type Timeframe } from './timeframe.ts'

function toBars({ openMs, opens, highs, lows, closes, volumes }: OhlcColumns): readonly Bar[] {
  return Array.from(openMs, (at, bar) => ({
    openMs: at,
    open: opens[bar] ?? 0,
    high: highs[bar] ?? 0,
    low: lows[bar] ?? 0,
    close: closes[bar] ?? 0,
    volume: volumes[bar] ?? 0,
    quoteVolume: null,
    trades: null,
  }))
}

function combineAll(bars: readonly Bar[], timeframe: Timeframe): readonly CombinedBar[] {
  return [...Map.groupBy(bars, ({ openMs }) => bucketOf(timeframe, openMs))].flatMap(
    ([openMs, [first, ...rest]]) => (first === undefined ? [] : [combineBars(openMs, [first, ...rest])]),
  )
}

/** Buckets whose every part is there. */
function whole(bars: readonly Bar[], part: Timeframe, timeframe: Timeframe): readonly CombinedBar[] {
  const parts = intervalMs[timeframe] / intervalMs[part]
  return combineAll(bars, timeframe).filter((bar) => bar.parts === parts)
}

const prices = ({ open, high, low, close }: Bar) => [open, high, low, close]

describe.runIf(isMarketDataThere)("aggregated-bars-equal-the-venue's-own", () => {
  const minutes = toBars(readMarketBars('1m'))
  const quarters = toBars(readMarketBars('15m'))
  const hours = toBars(readMarketBars('1h'))

  it.each([
    ['5m', 8_352],
    ['15m', 2_784],
    ['1h', 696],
    ['4h', 173],
    ['1d', 28],
  ] as const)('a month of minutes makes the whole %s bars: %d', (timeframe, count) => {
    expect(whole(minutes, '1m', timeframe)).toHaveLength(count)
  })

  it('minutes make the 15-minute bars that the venue publishes', () => {
    const published = new Map(quarters.map((bar) => [bar.openMs, bar]))
    const made = whole(minutes, '1m', '15m')
    expect(made).toHaveLength(2_784)
    for (const bar of made) {
      const theirs = published.get(bar.openMs)
      expect(theirs && prices(theirs)).toEqual(prices(bar))
      expect(Math.abs(bar.volume / (theirs?.volume ?? 0) - 1)).toBeLessThan(1e-12)
    }
  })

  it('15-minute bars make the hours that the venue publishes', () => {
    const published = new Map(hours.map((bar) => [bar.openMs, bar]))
    const shared = whole(quarters, '15m', '1h').filter(({ openMs }) => published.has(openMs))
    expect(shared).toHaveLength(2_680)
    for (const bar of shared) expect(prices(published.get(bar.openMs) ?? bar)).toEqual(prices(bar))
  })

  it('the first whole four hours, and the first whole day', () => {
    const [four] = whole(minutes, '1m', '4h')
    const [day] = whole(minutes, '1m', '1d')
    expect([four?.openMs, day?.openMs]).toEqual([1_733_011_200_000, 1_733_011_200_000])
    expect(four && [...prices(four), four.volume]).toEqual([
      96_407.99,
      96_672.49,
      95_693.88,
      96_336.75,
      expect.closeTo(3_622.03491, 6),
    ])
    expect(day && [...prices(day), day.volume]).toEqual([
      96_407.99,
      97_836,
      95_693.88,
      97_185.18,
      expect.closeTo(16_938.60452, 6),
    ])
  })

  it('seven years of hours have 28 holes, and make partial four hours at them', () => {
    const holes = hours.flatMap((bar, index) => {
      const missing = (bar.openMs - (hours[index - 1]?.openMs ?? bar.openMs)) / intervalMs['1h'] - 1
      return missing > 0 ? [missing] : []
    })
    expect([
      hours.length,
      holes.length,
      holes.reduce((sum, missing) => sum + missing, 0),
      Math.max(...holes),
    ]).toEqual([58_419, 28, 128, 33])
    const fours = combineAll(hours, '4h')
    expect([fours.length, fours.filter(({ parts }) => parts < 4).length]).toEqual([14_621, 39])
  })
})

describe('bars are combined', () => {
  const bar = (openMs: number, rest: Partial<Bar> = {}): Bar => ({
    openMs,
    open: 10,
    high: 12,
    low: 9,
    close: 11,
    volume: 1,
    quoteVolume: 10,
    trades: 3,
    ...rest,
  })

  it('days and four hours begin at midnight UTC, before 1970 too', () => {
    expect(bucketOf('1d', Date.UTC(2024, 1, 29, 23, 59))).toBe(Date.UTC(2024, 1, 29))
    expect(bucketOf('4h', Date.UTC(2024, 1, 29, 23, 59))).toBe(Date.UTC(2024, 1, 29, 20))
    expect(bucketOf('1d', -1)).toBe(-86_400_000)
  })

  it('what one part does not tell, the whole does not tell', () => {
    const made = combineBars(0, [bar(0), bar(60_000, { trades: null, high: 15, low: 8, close: 9 })])
    expect(made).toEqual({
      openMs: 0,
      open: 10,
      high: 15,
      low: 8,
      close: 9,
      volume: 2,
      quoteVolume: 20,
      trades: null,
      parts: 2,
    })
  })
})
