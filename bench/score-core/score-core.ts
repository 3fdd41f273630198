import { toSums } from '../../packages/server/src/services/oversight/domain/counters.ts'
import { foldHistory } from '../../packages/server/src/services/oversight/domain/fold-history.ts'
import { historyH80 } from '../../packages/server/src/services/oversight/domain/history-h80.ts'
import { parameters } from '../../packages/server/src/services/oversight/domain/parameters.ts'
import { score } from '../../packages/server/src/services/oversight/domain/score.ts'
import { alone, type Benchmark } from '../figure.ts'
import { profiled } from '../profiled.ts'
import { median } from '../statistics.ts'

const goalPerSecond = 300_000
const rounds = 9
const scoresPerRound = 300_000
const prior = [50, 50, 50, 50, 50, 50, 50]

/** P12, its core: pure scores from sums, on one thread, without a database. */
export const scoreCore: Benchmark = async ({ profilePath }) => {
  const rule = {
    parameters,
    norm: { tMinMs: 500, tRefMs: 15_000 },
    taskType: 'open',
    stampMs: parameters.stamp.ms,
  } as const
  // Other sums each time, so that nothing of a score can be remembered.
  const sums = Array.from({ length: 64 }, (_, more) =>
    toSums(
      foldHistory(
        [...historyH80, ...historyH80.slice(0, more)].map(({ interaction }) => ({ day: 0, interaction })),
        rule,
      ).counts,
    ),
  )
  const amount = { interactions: 80, days: 20 }
  let total = 0
  const round = (): number => {
    const startedMs = performance.now()
    for (let at = 0; at < scoresPerRound; at += 1) {
      const one = sums[at % sums.length]
      if (one === undefined) throw new Error('There are no sums')
      total += score(one, prior, amount, parameters).value ?? 0
    }
    return scoresPerRound / ((performance.now() - startedMs) / 1_000)
  }
  round()
  const rates = await profiled(profilePath, async () => Array.from({ length: rounds }, round))
  if (!(total > 0)) throw new Error('Nothing was scored')
  const rate = median(rates)
  return [
    alone(
      { name: 'score-core', unit: 'scores/s from sums, one core', goal: '≥ 300,000' },
      rate,
      rate >= goalPerSecond,
    ),
  ]
}
