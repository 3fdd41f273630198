import { describe, expect, it } from 'vitest'
import { isMarketDataThere, readMarketBars } from '../fixtures/market-data.ts'
import { alignTimeframes, type Reading } from './align-timeframes.ts'
import { builtInPresets } from './built-in-presets.ts'
import { type Bar, bucketOf, combineBars } from './combine-bars.ts'
import { exitsOf } from './explain.ts'
import { type MachineState, startOfMachine, stepMachine } from './regime-machine.ts'
import { regimesByCode } from './regime-code.ts'
import { replayMachine, replaySeries } from './replay.ts'
import { sizePosition } from './size-position.ts'
import { chooseStories, tellStory } from './stories.ts'
import { intervalMs, type Timeframe } from './timeframe.ts'
import { VolatilitySeries } from './volatility-series.ts'

const { balanced } = builtInPresets

describe.runIf(isMarketDataThere)('what it would take for the regime to change', () => {
  /** The machine after the bar that ends at a moment, with that bar's z. */
  function stateAt(endMs: number): {
    readonly machine: MachineState
    readonly z: number | null
    readonly sigma: number | null
  } {
    const { openMs, closes } = readMarketBars('1m')
    const series = new VolatilitySeries('1m')
    let machine = startOfMachine
    for (let bar = 0; (openMs[bar] ?? endMs) + 60_000 <= endMs; bar += 1) {
      series.push(openMs[bar] ?? 0, closes[bar] ?? 0)
      machine = stepMachine(machine, series.z, balanced)
    }
    return { machine, z: series.z, sigma: series.sigma }
  }

  it('one of two bars on the way to high', () => {
    const { machine, z, sigma } = stateAt(1_733_041_620_000)
    expect([machine.regime, z, sigma]).toEqual([
      'normal',
      expect.closeTo(6.833222015, 8),
      expect.closeTo(0.035898343, 8),
    ])
    expect(exitsOf(machine, z, balanced)).toEqual([
      {
        to: 'high',
        when: '>=',
        level: 3,
        distance: expect.closeTo(-3.833222015, 8),
        barsNeeded: 2,
        barsCounted: 1,
      },
      { to: 'low', when: '<=', level: -2.5, distance: expect.any(Number), barsNeeded: 2, barsCounted: 0 },
    ])
  })

  it('seven of eight bars on the way back to normal', () => {
    const { machine, z } = stateAt(1_733_044_800_000)
    expect(z).toBeCloseTo(0.317079573, 8)
    expect(exitsOf(machine, z, balanced)).toEqual([
      { to: 'normal', when: '<=', level: 0.5, distance: expect.any(Number), barsNeeded: 8, barsCounted: 7 },
    ])
  })
})

describe.runIf(isMarketDataThere)('timeframes that agree, from a day down to a quarter of an hour', () => {
  const quarters = readMarketBars('15m')
  const chain = ['1d', '4h', '1h', '15m'] as const satisfies readonly Timeframe[]

  /** Ends and regimes of a timeframe made of quarter hours, partial bars too once they have ended. */
  function regimesOf(timeframe: Timeframe) {
    const bars: readonly Bar[] = Array.from(quarters.openMs, (openMs, bar) => ({
      openMs,
      open: quarters.opens[bar] ?? 0,
      high: quarters.highs[bar] ?? 0,
      low: quarters.lows[bar] ?? 0,
      close: quarters.closes[bar] ?? 0,
      volume: 0,
      quoteVolume: null,
      trades: null,
    }))
    const lastEndMs = (bars.at(-1)?.openMs ?? 0) + intervalMs['15m']
    const made = [...Map.groupBy(bars, ({ openMs }) => bucketOf(timeframe, openMs))]
      .flatMap(([openMs, [first, ...rest]]) =>
        first === undefined ? [] : [combineBars(openMs, [first, ...rest])],
      )
      .filter(({ openMs }) => openMs + intervalMs[timeframe] <= lastEndMs)
    const openMs = Float64Array.from(made, (bar) => bar.openMs)
    const series = replaySeries(timeframe, { openMs, closes: Float64Array.from(made, (bar) => bar.close) })
    const { regimes } = replayMachine({ timeframe, openMs, z: series.z, resets: series.resets }, balanced)
    return { timeframe, openMs, regimes, first: series.z.findIndex((z) => !Number.isNaN(z)), next: 0 }
  }

  it('over a year', () => {
    const columns = chain.map(regimesOf)
    const counts: Record<string, number> = {}
    const count = (key: string): void => void (counts[key] = (counts[key] ?? 0) + 1)
    for (const openMs of quarters.openMs) {
      const endMs = openMs + intervalMs['15m']
      const readings: readonly Reading[] = columns.flatMap((column) => {
        while (
          (column.openMs[column.next] ?? Number.POSITIVE_INFINITY) + intervalMs[column.timeframe] <=
          endMs
        )
          column.next += 1
        const bar = column.next - 1
        if (bar < column.first) return []
        const code = column.regimes[bar]
        return [{ timeframe: column.timeframe, regime: regimesByCode[code === 0 ? 0 : code === 1 ? 1 : 2] }]
      })
      if (readings.length < chain.length) continue
      count('all')
      count(`high ${alignTimeframes(readings, 'high').alignedTimeframes.length}`)
      const any = alignTimeframes(readings, 'any')
      count(`any ${any.target} ${any.alignedTimeframes.length}`)
    }
    expect(counts).toMatchObject({
      all: 9_118,
      'high 0': 6_614,
      'high 1': 2_207,
      'high 2': 275,
      'high 3': 22,
      'any normal 4': 5_904,
      'any normal 3': 2_765,
      'any normal 2': 427,
      'any high 3': 22,
    })
  })
})

describe('timeframes are read as they stand', () => {
  it('of equals the state of the longest timeframe is the target', () => {
    const readings = [
      { timeframe: '1d', regime: 'low' },
      { timeframe: '4h', regime: 'high' },
    ] as const
    expect(alignTimeframes(readings, 'any')).toEqual({
      target: 'low',
      alignedTimeframes: ['1d'],
      score: 0.5,
      consensus: null,
      isMatched: false,
    })
    expect(alignTimeframes([], 'any')).toMatchObject({ target: null, score: null, consensus: null })
    expect(alignTimeframes(readings.slice(0, 1), 'any')).toMatchObject({
      score: 1,
      consensus: null,
      isMatched: true,
    })
  })
})

describe('stories', () => {
  it('one is told in a sentence, and a reset in another', () => {
    const event = {
      tsMs: 1_735_509_720_000,
      from: 'normal',
      to: 'high',
      close: 93_488,
      z: 3.03487,
      realizedVol: 0.4851,
      baselineVol: 0.3441,
    } as const
    expect(tellStory('btcusdt', '1m', event)).toBe(
      '2024-12-29 22:02 UTC: BTCUSDT 1m turned high from normal at 93488; realised volatility 48.5 % a year, baseline 34.4 %, z 3.03.',
    )
    expect(
      tellStory('btcusdt', '1m', {
        ...event,
        from: 'high',
        to: 'normal',
        realizedVol: null,
        baselineVol: null,
      }),
    ).toBe('2024-12-29 22:02 UTC: BTCUSDT 1m was set back to normal from high after missing bars.')
  })

  it('of those with one target in five minutes the latest is told', () => {
    const minute = (at: number, to: 'high' | 'normal') => ({ tsMs: 300_000 * 7 + at * 60_000, to })
    const told = chooseStories([minute(4, 'high'), minute(2, 'normal'), minute(1, 'high')], 10)
    expect(told).toEqual([minute(4, 'high'), minute(2, 'normal')])
    expect(chooseStories([minute(5, 'high'), minute(4, 'high')], 10)).toHaveLength(2)
    expect(chooseStories([minute(5, 'high'), minute(4, 'high')], 1)).toEqual([minute(5, 'high')])
  })
})

describe('a size at the volatility of now', () => {
  it('is a ratio, halved in high volatility where that is asked for, and 1 at most', () => {
    expect(sizePosition(0.573255, 'high', { targetVol: 0.2, isDamped: true })).toEqual({
      rawFraction: expect.closeTo(0.348885, 6),
      damper: 0.5,
      fraction: expect.closeTo(0.174442, 6),
      isCapped: false,
    })
    expect(sizePosition(0.3266522541, 'normal', { targetVol: 0.5, isDamped: true })).toEqual({
      rawFraction: expect.closeTo(1.530679779, 8),
      damper: 1,
      fraction: 1,
      isCapped: true,
    })
  })

  it('is unknown while the series warms up and in a market that stands still', () => {
    for (const realizedVol of [null, 0])
      expect(sizePosition(realizedVol, 'normal', { targetVol: 0.5, isDamped: true }).fraction).toBeNull()
    expect(sizePosition(0.3, null, { targetVol: 0.5, isDamped: true }).fraction).toBeNull()
  })
})
