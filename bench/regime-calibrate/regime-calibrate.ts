import { runTasks } from '../../packages/server/src/services/volatility/calibration/run-tasks.ts'
import { planCalibration } from '../../packages/server/src/services/volatility/calibration/plan-calibration.ts'
import { toCalibrationColumns } from '../../packages/server/src/services/volatility/calibration/series-columns.ts'
import { drawBars } from '../../packages/server/src/services/volatility/fixtures/drawn-bars.ts'
import { alone, type Benchmark, compare } from '../figure.ts'
import { profiled } from '../profiled.ts'
import { median, type Pair } from '../statistics.ts'

const barsPerDay = 1_440
const days = 180
const seed = 20_241_201
const pairsMeasured = 5
const goalSeconds = 10
const goalSpeedUp = 1.7

/** Labels, and the scores of 2,304 combinations of thresholds, on 180 days of minutes: with one thread and with two in turn. */
export const regimeCalibrate: Benchmark = async ({ profilePath, note }) => {
  note(`regime-calibrate: ${days * barsPerDay} drawn bars, seed ${seed}, one and two threads in turn`)
  const bars = drawBars('1m', days * barsPerDay, seed)
  const seconds = async (workers: number, amount = bars): Promise<number> => {
    const startedMs = performance.now()
    const entrants = ['published'] as const
    const columns = toCalibrationColumns('1m', amount, entrants)
    // More training days than there are leave no fold: what remains is the grid on all bars.
    const { tasks } = planCalibration(columns, {
      barsPerDay,
      trainDays: 100 * days,
      testDays: 1,
      entrants,
      movedStarts: [],
    })
    await runTasks(
      tasks.map((task, id) => ({ id, task })),
      { workers, signal: undefined, onDone: () => undefined },
    )
    return (performance.now() - startedMs) / 1_000
  }
  await seconds(2)
  const pairs: Pair[] = []
  await profiled(profilePath, async () => {
    // A rate is what a pair compares, so that more is better.
    while (pairs.length < pairsMeasured)
      pairs.push({ peer: 2_304 / (await seconds(1)), ours: 2_304 / (await seconds(2)) })
  })
  const medians = {
    ours: median(pairs.map(({ ours }) => ours)),
    peer: median(pairs.map(({ peer }) => peer)),
  }
  const took = 2_304 / medians.ours
  const ten = await seconds(2, drawBars('1m', 10 * days * barsPerDay, seed))
  note(`regime-calibrate: ten times the bars take ${(ten / took).toFixed(1)} times as long`)
  return [
    alone(
      {
        name: 'regime-calibrate',
        unit: 's for 2,304 combinations × 259,200 bars, two threads',
        goal: '< 10',
      },
      took,
      took < goalSeconds,
    ),
    compare(
      {
        name: 'regime-calibrate',
        unit: 'combinations/s',
        goal: '≥ 1.7 of one thread',
        peerName: 'one thread',
      },
      pairs,
      medians,
      (ratio) => ratio >= goalSpeedUp,
    ),
  ]
}
