import { describe, expect, it } from 'vitest'
import { isMarketDataThere, readVenueBars } from '../fixtures/market-data.ts'
import { builtInPresets } from './built-in-presets.ts'
import { agreeOn } from './consensus.ts'
import { regimesByCode } from './regime-code.ts'
import { replayMachine, replaySeries } from './replay.ts'

describe('consensus-follows-the-table', () => {
  const states = [null, 'low', 'normal', 'high'] as const

  it('for each of the 64 readings of three venues', () => {
    for (const a of states)
      for (const b of states)
        for (const c of states) {
          const held = [a, b, c].filter((state) => state !== null)
          const { consensus, agreed, available, reason } = agreeOn(held)
          const most = Math.max(...states.slice(1).map((state) => held.filter((one) => one === state).length))
          expect([available, agreed]).toEqual([held.length, most])
          if (held.length < 2) expect([consensus, reason]).toEqual([null, 'too_few_venues'])
          else if (2 * most <= held.length) expect([consensus, reason]).toEqual([null, 'tie'])
          else {
            expect(held.filter((state) => state === consensus)).toHaveLength(most)
            expect(reason).toBe(most === held.length ? 'unanimous' : 'majority')
          }
        }
  })

  it.runIf(isMarketDataThere)('over a day of three venues side by side', () => {
    const dayMs = Date.UTC(2022, 11, 13)
    const venues = (
      [
        ['binance', 'spot', 'btcbusd'],
        ['bybit', 'spot', 'btcusdt'],
        ['binance', 'future', 'btcusd'],
      ] as const
    ).map(([venue, market, symbol]) => {
      const all = readVenueBars(venue, market, symbol)
      const isOfDay = all.openMs.map((openMs) => (openMs >= dayMs && openMs < dayMs + 86_400_000 ? 1 : 0))
      const take = (column: Float64Array): Float64Array => column.filter((_, bar) => isOfDay[bar] === 1)
      const openMs = take(all.openMs)
      const series = replaySeries('1m', { openMs, closes: take(all.closes) })
      const machine = replayMachine(
        { timeframe: '1m', openMs, z: series.z, resets: series.resets },
        builtInPresets.balanced,
      )
      const first = series.z.findIndex((z) => !Number.isNaN(z))
      return { openMs, regimes: machine.regimes, first, transitions: machine.transitions }
    })
    const clock = (tsMs: number): string => new Date(tsMs).toISOString().slice(11, 16)
    expect(
      venues.map(({ transitions }) =>
        transitions.map(({ tsMs, to }) => clock(tsMs) + (to === 'normal' ? '' : ` ${to}`)).join(', '),
      ),
    ).toEqual([
      '05:18 low, 06:05, 06:46 high, 08:04, 10:00 high, 10:40, 13:32 high, 14:08',
      '04:46 low, 06:05, 07:04 high, 08:03, 10:00 high, 10:40, 13:32 high, 14:09',
      '05:25 low, 06:04, 06:48 high, 08:06, 10:00 high, 10:40, 13:32 high, 14:10',
    ])
    const counts: Record<string, number> = {}
    for (let minute = 1; minute <= 1_440; minute += 1) {
      const endMs = dayMs + minute * 60_000
      const readings = venues.flatMap(({ openMs, regimes, first }) => {
        const bar = openMs.findLastIndex((at) => at + 60_000 <= endMs)
        if (bar < first || endMs - ((openMs[bar] ?? 0) + 60_000) > 150_000) return []
        return [regimesByCode[regimes[bar] === 0 ? 0 : regimes[bar] === 1 ? 1 : 2]]
      })
      const { consensus, agreed, available } = agreeOn(readings)
      const key = `${consensus} ${agreed}/${available}`
      counts[key] = (counts[key] ?? 0) + 1
    }
    expect(counts).toEqual({
      'null 0/0': 269,
      'normal 2/2': 2,
      'normal 3/3': 932,
      'normal 2/3': 37,
      'low 2/3': 8,
      'low 3/3': 39,
      'high 2/3': 18,
      'high 3/3': 135,
    })
  })
})
