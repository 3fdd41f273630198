import { describe, expect, it } from 'vitest'
import { isMarketDataThere, type MarketTimeframe, readMarketBars } from '../fixtures/market-data.ts'
import { type BuiltInPreset, builtInPresets } from './built-in-presets.ts'
import type { OhlcColumns } from './ohlc.ts'
import type { Regime } from './regime-code.ts'
import { replayMachine, replaySeries, type SeriesColumns, type Transition } from './replay.ts'
import type { Timeframe } from './timeframe.ts'

type Replayed = SeriesColumns & { readonly bars: OhlcColumns; readonly resets: readonly number[] }

const replayed = new Map<string, Replayed>()

function replay(timeframe: MarketTimeframe): Replayed {
  const known = replayed.get(timeframe)
  if (known !== undefined) return known
  const bars = readMarketBars(timeframe)
  const made = { bars, ...replaySeries(timeframe, bars) }
  replayed.set(timeframe, made)
  return made
}

function transitionsOf(timeframe: MarketTimeframe, preset: BuiltInPreset): readonly Transition[] {
  const { z, bars, resets } = replay(timeframe)
  return replayMachine({ timeframe, openMs: bars.openMs, z, resets }, builtInPresets[preset]).transitions
}

const names = { l: 'low', n: 'normal', h: 'high' } as const satisfies Readonly<Record<string, Regime>>

/** `1733041680000 n→h` as a transition's end, from and to. */
function parse(text: string): readonly [number, Regime, Regime] {
  const [, tsMs = '', from = 'n', to = 'n'] = /^(\d+) ([lnh])→([lnh])$/u.exec(text) ?? []
  return [Number(tsMs), names[from as 'n'], names[to as 'n']]
}

describe.runIf(isMarketDataThere)('published-method-reproduces-the-known-answers', () => {
  it.each([
    [
      '1m',
      'balanced',
      [161, 60, 59, 21, 21],
      '1733041680000 n→h, 1733044860000 h→n, 1733091300000 n→h, 1733097660000 h→n, 1733108040000 n→l',
    ],
    [
      '1m',
      'conservative',
      [76, 36, 36, 2, 2],
      '1733041860000 n→h, 1733046900000 h→n, 1733091480000 n→h, 1733107140000 h→n, 1733209680000 n→h',
    ],
    [
      '1m',
      'aggressive',
      [411, 131, 130, 75, 75],
      '1733025180000 n→l, 1733041260000 l→n, 1733041620000 n→h, 1733043660000 h→n, 1733059440000 n→h',
    ],
    [
      '15m',
      'balanced',
      [112, 51, 51, 5, 5],
      '1704696300000 n→h, 1704775500000 h→n, 1704836700000 n→h, 1704869100000 h→n, 1705418100000 n→h',
    ],
    ['15m', 'conservative', [50, 24, 24, 1, 1], '1704720600000 n→h'],
    ['15m', 'aggressive', [308, 125, 125, 29, 29], '1704306600000 n→h'],
    [
      '1h',
      'balanced',
      [194, 90, 90, 7, 7],
      '1504339200000 n→h, 1504713600000 h→n, 1505491200000 n→h, 1505628000000 h→n, 1507878000000 n→h',
    ],
    ['1h', 'conservative', [111, 55, 54, 1, 1], '1504353600000 n→h'],
    ['1h', 'aggressive', [490, 185, 185, 60, 60], '1504332000000 n→h'],
  ] as const)('the transitions of %s bars by the preset %s', (timeframe, preset, counts, first) => {
    const transitions = transitionsOf(timeframe, preset)
    const count = (from: Regime, to: Regime): number =>
      transitions.filter((one) => one.from === from && one.to === to).length
    expect([
      transitions.length,
      count('normal', 'high'),
      count('high', 'normal'),
      count('normal', 'low'),
      count('low', 'normal'),
    ]).toEqual(counts)
    const expected = first.split(', ').map(parse)
    expect(transitions.slice(0, expected.length).map(({ tsMs, from, to }) => [tsMs, from, to])).toEqual(
      expected,
    )
  })

  it.each([
    ['1m', '1735509720000 n→h', 41_492],
    ['15m', '1735344000000 h→n', 34_676],
    ['1h', '1713182400000 h→n', 58_122],
  ] as const)('the last transition of %s bars, and how many have a z', (timeframe, last, bars) => {
    const { tsMs, from, to } = transitionsOf(timeframe, 'balanced').at(-1) ?? { tsMs: 0, from: '', to: '' }
    expect([tsMs, from, to]).toEqual(parse(last))
    const { z, resets } = replay(timeframe)
    expect(z.filter((value) => !Number.isNaN(value))).toHaveLength(bars)
    expect(resets).toEqual([])
  })

  it.each([
    ['1m', 1_733_023_740_000, 269, 0.3249608919, 0.3113080338, 0.07521298159, 0.1815226292],
    ['1m', 1_733_067_600_000, 1_000, 0.2479131608, 0.2404348043, 0.06343761859, 0.1178852016],
    ['1m', 1_733_607_600_000, 10_000, 0.3266522541, 0.2871892072, 0.04211297076, 0.9370758265],
    ['1m', 1_733_437_680_000, 7_168, 5.141054984, 0.8639080789, 0.4397662139, 9.725956132],
    ['1m', 1_735_446_120_000, 40_642, 0.1191333125, 0.2257892512, 0.02862221266, -3.726334507],
    ['1m', 1_735_513_200_000, 41_760, 0.5732553185, 0.3881437516, 0.08205006904, 2.256080575],
    ['15m', 1_704_305_700_000, 269, 1.950949037, 0.5703266225, 0.4652113787, 2.967731396],
    ['15m', 1_724_796_000_000, 23_036, 1.270929461, 0.3394727985, 0.110246051, 8.448889136],
    ['15m', 1_735_513_200_000, 34_944, 0.3927692722, 0.308109723, 0.2103887902, 0.4023957224],
    ['1h', 1_503_910_800_000, 269, 0.59624525, 1.080965402, 0.6085916701, -0.7964620218],
    ['1h', 1_554_177_600_000, 14_158, 1.256694629, 0.2175707276, 0.09371613137, 11.08799399],
    ['1h', 1_629_795_600_000, 35_112, 0.3301546421, 0.5625098549, 0.0666666341, -3.485329896],
    ['1h', 1_713_708_000_000, 58_418, 0.3425812814, 0.7405023194, 0.2538543421, -1.567517162],
  ] as const)(
    'the figures of the %s bar that opens at %d',
    (timeframe, openMs, bar, rv, baseline, sigma, z) => {
      const made = replay(timeframe)
      expect(made.bars.openMs[bar]).toBe(openMs)
      const figures = [made.rv[bar], made.baseline[bar], made.sigma[bar], made.z[bar]].map(
        (value) => value ?? 0,
      )
      for (const [index, expected] of [rv, baseline, sigma, z].entries())
        expect(Math.abs((figures[index] ?? 0) / expected - 1)).toBeLessThan(1e-9)
    },
  )
})

/** Minute `m` opens at m × 60,000. */
function minutes(
  count: number,
  closeOf: (minute: number) => number,
  isThere: (minute: number) => boolean = () => true,
) {
  const there = Array.from({ length: count }, (_, minute) => minute).filter(isThere)
  const bars = {
    openMs: Float64Array.from(there, (minute) => minute * 60_000),
    closes: Float64Array.from(there, closeOf),
  }
  const timeframe: Timeframe = '1m'
  const series = replaySeries(timeframe, bars)
  const { transitions } = replayMachine(
    { timeframe, openMs: bars.openMs, z: series.z, resets: series.resets },
    builtInPresets.balanced,
  )
  const at = (column: Float64Array, minute: number): number => column[there.indexOf(minute)] ?? 0
  return {
    z: (minute: number) => at(series.z, minute),
    rv: (minute: number) => at(series.rv, minute),
    transitions,
  }
}

const jump = (minute: number): number => (minute < 300 ? 100 : 101)

describe('flat-markets-give-null-and-hold-the-state', () => {
  it('a market that stands still has no z, and a jump out of it has one', () => {
    const { z, rv, transitions } = minutes(400, jump)
    for (let minute = 269; minute < 300; minute += 1) expect(z(minute)).toBeNaN()
    expect(z(300)).toBeCloseTo(239 / Math.sqrt(240), 9)
    expect(rv(300)).toBeCloseTo(1.317057005, 9)
    expect([z(301), z(302), z(329)]).toEqual([
      expect.closeTo(10.885961908, 8),
      expect.closeTo(8.869658017, 8),
      expect.closeTo(2.640233576, 8),
    ])
    expect(rv(330)).toBe(0)
    expect(z(330)).toBeCloseTo(-0.377176225, 9)
    expect(transitions.map(({ to, tsMs }) => [to, tsMs])).toEqual([
      ['high', 18_120_000],
      ['normal', 20_280_000],
    ])
  })
})

describe('gaps-break-runs-and-never-make-returns', () => {
  it('a missing minute has no return, and the run begins anew', () => {
    const { z, transitions } = minutes(400, jump, (minute) => minute !== 301)
    expect(z(302)).toBeNaN()
    expect(z(303)).toBeCloseTo(10.885961908, 8)
    expect(z(304)).toBeCloseTo(8.869658017, 8)
    expect(transitions[0]).toMatchObject({ to: 'high', tsMs: 18_300_000 })
  })

  it('a hole of 240 minutes keeps the windows, and one of 241 empties them', () => {
    const wave = (minute: number): number => 100 + Math.sin(minute * minute)
    const short = minutes(900, wave, (minute) => minute < 300 || minute >= 540)
    expect(short.z(540)).toBeNaN()
    expect(short.z(541)).not.toBeNaN()
    const long = minutes(900, wave, (minute) => minute < 300 || minute >= 541)
    for (let minute = 541; minute < 810; minute += 1) expect(long.z(minute)).toBeNaN()
    expect(long.z(810)).not.toBeNaN()
  })

  it('a machine that was elsewhere goes to normal with the first bar after the hole', () => {
    const { transitions } = minutes(900, jump, (minute) => minute < 310 || minute >= 551)
    expect(transitions).toMatchObject([
      { to: 'high', reason: 'threshold' },
      { from: 'high', to: 'normal', tsMs: 552 * 60_000, reason: 'reset' },
    ])
  })
})
