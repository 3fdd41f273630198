import { assert, double, integer, nat, oneof, property, record, array } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RollingMoments } from './rolling-moments.ts'
import { VolatilitySeries } from './volatility-series.ts'

type Figures = readonly (number | null)[]

function figures(series: VolatilitySeries): Figures {
  return [series.logReturn, series.rv, series.baseline, series.sigma, series.z, series.bars]
}

/** Minutes with holes now and then, some of them too long to go on after. */
const market = array(
  record({
    step: oneof(
      { weight: 60, arbitrary: integer({ min: 1, max: 1 }) },
      { weight: 1, arbitrary: integer({ min: 2, max: 245 }) },
    ),
    close: oneof(integer({ min: 99, max: 101 }), double({ min: 1, max: 1e6, noNaN: true })),
  }),
  { minLength: 600, maxLength: 1_400, size: 'max' },
)

describe('live-restart-and-replay-agree-to-the-bit', () => {
  it('a series that is stored and rebuilt at any bar goes on with the same bits', () => {
    assert(
      property(market, nat(), (bars, stop) => {
        let openMs = 0
        const whole = new VolatilitySeries('1m')
        let restarted = new VolatilitySeries('1m')
        bars.forEach(({ step, close }, index) => {
          openMs += step * 60_000
          whole.push(openMs, close)
          if (index % (1 + (stop % 97)) === 0)
            restarted = VolatilitySeries.from('1m', structuredClone(restarted.state()))
          restarted.push(openMs, close)
          expect(figures(restarted)).toEqual(figures(whole))
        })
      }),
      { numRuns: 25 },
    )
  })

  it.each([2, 3, 30, 240])('a window of %d values is rebuilt to the bit at every count', (size) => {
    const whole = new RollingMoments(size)
    for (let count = 0; count < 3 * size + 2; count += 1) {
      const rebuilt = RollingMoments.from(size, whole.state())
      const value = Math.sin(count * count) * 10 ** (count % 7)
      expect(rebuilt.push(value)).toBe(whole.push(value))
      expect([rebuilt.mean, rebuilt.m2, rebuilt.count]).toEqual([whole.mean, whole.m2, whole.count])
    }
  })
})

describe('streaming-equals-naive-over-five-million-bars', () => {
  const size = 240
  const barsEach = 1_000_000

  /** Two passes over the window that ends with a value. */
  function naive(values: Float64Array, last: number): readonly [number, number] {
    let sum = 0
    for (let at = last - size + 1; at <= last; at += 1) sum += values[at] ?? 0
    const mean = sum / size
    let squares = 0
    for (let at = last - size + 1; at <= last; at += 1) squares += ((values[at] ?? 0) - mean) ** 2
    return [mean, Math.sqrt(squares / (size - 1))]
  }

  it.each([
    ['a walk', (i: number) => Math.sin(i * i)],
    ['spikes of a million', (i: number) => (i % 997 === 0 ? 1e6 : Math.sin(i * i) * 1e-3)],
    ['a far offset', (i: number) => 1e6 + Math.sin(i * i)],
    ['ticks', (i: number) => Math.round(3 * Math.sin(i * i)) / 100],
    ['long stretches without a change', (i: number) => (i % 1_000 < 600 ? 5 : Math.sin(i))],
  ])('a million each, within 1e-9 of a recompute: %s', (_, valueOf) => {
    const window = new RollingMoments(size)
    const values = new Float64Array(barsEach)
    let worst = 0
    for (let bar = 0; bar < barsEach; bar += 1) {
      values[bar] = valueOf(bar)
      // 7 and the window have no divisor in common, so that every place in a block is looked at.
      if (!window.push(values[bar] ?? 0) || bar % 7 !== 0) continue
      const [mean, deviation] = naive(values, bar)
      const ours = Math.sqrt(window.m2 / (size - 1))
      worst = Math.max(
        worst,
        Math.abs(window.mean - mean) / Math.max(1, Math.abs(mean)),
        Math.abs(ours - deviation) / Math.max(1, deviation),
      )
    }
    expect(worst).toBeLessThan(1e-9)
  })

  it('a window of equal values has no variance at all, whatever came before', () => {
    const window = new RollingMoments(30)
    for (let i = 0; i < 45; i += 1) window.push(0.1 + i * 1e5)
    for (let i = 0; i < 30; i += 1) window.push(0.1)
    expect(window.m2).toBe(0)
    window.push(0.1 + 1e-12)
    expect(window.m2).toBeGreaterThan(0)
  })
})
