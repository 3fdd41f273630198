import { describe, expect, it } from 'vitest'
import { isMarketDataThere, readMarketBars } from '../fixtures/market-data.ts'
import { cusumGrid, percentileDrive, robustScores, runCusum, runHiddenMarkov } from './baselines.ts'
import { garmanKlassVariances } from './har-gk.ts'
import { filterChain, fitChain } from './hidden-markov.ts'
import { smoothAhead, volatilityAhead } from './labels.ts'
import { mulberry32 } from './mulberry32.ts'
import { SortedWindow } from './quantiles.ts'
import { replaySeries } from './replay.ts'
import { countConfusion, addConfusions, scoreConfusion } from './scores.ts'
import { gridOfShares } from './threshold-grid.ts'
import { foldsOf, runFold, testLabels } from './walk-forward.ts'

/** A normal draw by Box and Muller. */
function normalDraws(seed: number): () => number {
  const draw = mulberry32(seed)
  return () => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())
}

describe('a hidden Markov chain', () => {
  const truth = { means: [-2, 1], deviations: [0.5, 1], stay: [0.95, 0.9] } as const
  const draw = mulberry32(7)
  const normal = normalDraws(8)
  let state: 0 | 1 = 0
  const states: number[] = []
  const values = Float64Array.from({ length: 5_000 }, () => {
    if (draw() > truth.stay[state]) state = state === 0 ? 1 : 0
    states.push(state)
    return truth.means[state] + truth.deviations[state] * normal()
  })
  const chain = fitChain(values, 2, 1)

  it('is found again in what it emitted', () => {
    expect(chain.means).toEqual([expect.closeTo(-2, 1), expect.closeTo(1, 1)])
    expect(chain.deviations).toEqual([expect.closeTo(0.5, 1), expect.closeTo(1, 1)])
    expect(chain.transitions.map((row, from) => row[from])).toEqual([
      expect.closeTo(0.95, 1),
      expect.closeTo(0.9, 1),
    ])
    for (const row of chain.transitions) expect(row.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
  })

  it('is filtered by what came so far alone, and mostly right', () => {
    const filtered = filterChain(chain, values)
    expect(filtered.filter((one, index) => one === states[index]).length / values.length).toBeGreaterThan(
      0.95,
    )
    const changed = values.slice().fill(50, 3_000)
    expect(filterChain(chain, changed).subarray(0, 3_000)).toEqual(filtered.subarray(0, 3_000))
  })

  it('comes out the same for the same seed', () => {
    expect(fitChain(values, 2, 1)).toEqual(chain)
  })
})

describe('cumulative sums', () => {
  const range = { from: 0, to: 40 }

  it('turn high once they pass h, and are never above twice of it', () => {
    const scores = new Float64Array(40).fill(2, 0, 20).fill(-2, 20)
    const regimes = runCusum(scores, range, { k: 1, h: 5 })
    expect(regimes.indexOf(2)).toBe(5)
    // Capped at 10 after ten bars: from there it takes two bars of −3 to be at h again.
    expect([regimes[21], regimes[22], regimes[25], regimes[26]]).toEqual([1, 1, 0, 0])
  })

  it('stay where they are without a score', () => {
    const scores = new Float64Array(40).fill(Number.NaN).fill(3, 0, 4)
    expect([...runCusum(scores, range, { k: 1, h: 5 }).subarray(3)].every((regime) => regime === 2)).toBe(
      true,
    )
    expect(cusumGrid).toHaveLength(8)
  })
})

describe('a window in order of size', () => {
  it('gives the median and its deviation of any values, as sorting them each time would', () => {
    const draw = mulberry32(3)
    for (const size of [1, 2, 5, 8]) {
      const window = new SortedWindow(size)
      const values: number[] = []
      for (let index = 0; index < 60; index += 1) {
        const value = Math.floor(draw() * 6)
        window.push(value)
        values.push(value)
        const median = (all: readonly number[]): number => {
          const sorted = all.toSorted((a, b) => a - b)
          const half = (sorted.length - 1) / 2
          return ((sorted[Math.floor(half)] ?? 0) + (sorted[Math.ceil(half)] ?? 0)) / 2
        }
        const kept = values.slice(-size)
        const middle = median(kept)
        expect(window.quantile(0.5)).toBe(middle)
        expect(window.medianDeviation()).toBe(median(kept.map((one) => Math.abs(one - middle))))
        expect(window.countUpTo(2)).toBe(kept.filter((one) => one <= 2).length)
      }
    }
  })
})

describe.runIf(isMarketDataThere)('baselines on the recorded month, out of sample', () => {
  const bars = readMarketBars('1m')
  const series = replaySeries('1m', bars)
  const set = { kind: 'global', smooth: smoothAhead(volatilityAhead('1m', series.returns)) } as const
  const folds = foldsOf(bars.openMs.length, 14 * 1_440, 5 * 1_440)
  const labels = testLabels(set, folds)

  function score(run: (fold: (typeof folds)[number]) => Uint8Array): number {
    return scoreConfusion(
      addConfusions(
        folds.map((fold) =>
          countConfusion(labels.subarray(fold.test.from, fold.test.to), run(fold), () => true),
        ),
      ),
    ).macroF1
  }

  const normal = score(({ test }) => new Uint8Array(test.to - test.from).fill(1))

  it('a percentile of the last week says more than that all is normal', () => {
    const values = percentileDrive(series.rv)
    const options = { set, band: { least: 0, most: 5.6 }, barsPerDay: 1_440 }
    expect(
      score((fold) => runFold(fold, { values, grid: gridOfShares }, options)?.regimes ?? new Uint8Array()),
    ).toBeGreaterThan(normal + 0.1)
  })

  it('so do cumulative sums, and hidden Markov chains of two and three states', () => {
    const scores = robustScores(series.rv)
    const variances = garmanKlassVariances(bars)
    expect(score(({ test }) => runCusum(scores, test, { k: 1, h: 20 }))).toBeGreaterThan(normal)
    for (const states of [2, 3] as const)
      expect(score((fold) => runHiddenMarkov(variances, fold, { states, seed: 1 }))).toBeGreaterThan(normal)
  })

  it('a chain of two states never says low', () => {
    const [fold] = folds
    const regimes = fold && runHiddenMarkov(garmanKlassVariances(bars), fold, { states: 2, seed: 1 })
    expect(regimes?.includes(0)).toBe(false)
    expect(regimes?.includes(2)).toBe(true)
  })
})
