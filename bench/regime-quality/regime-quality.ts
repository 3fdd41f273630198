import {
  calibrate,
  type CalibrationReport,
} from '../../packages/server/src/services/volatility/calibration/calibrate.ts'
import { entrantNames } from '../../packages/server/src/services/volatility/domain/contest.ts'
import { drawBars } from '../../packages/server/src/services/volatility/fixtures/drawn-bars.ts'
import {
  isMarketDataThere,
  readMarketBars,
} from '../../packages/server/src/services/volatility/fixtures/market-data.ts'
import { alone, type Benchmark, type Measured } from '../figure.ts'

const seed = 20_241_201
const drawnDays = 28
const [trainDays, testDays] = [14, 5]
/** What a named method is to be ahead by, out of sample (specification 15). */
const leadLeast = 0.1
const budget = 5.6

/**
 * How well each method and baseline labels bars that it had not seen: no matter of speed. On the recorded month where it
 * lies beside the checkout, else on drawn bars, of which nothing is asked.
 */
export const regimeQuality: Benchmark = async ({ note }) => {
  const name = isMarketDataThere ? 'the recorded month' : `${drawnDays} drawn days, seed ${seed}`
  note(`regime-quality: ${name}, train ${trainDays} days, test ${testDays}, moved starts 1 to 4 days`)
  const bars = isMarketDataThere ? readMarketBars('1m') : drawBars('1m', drawnDays * 1_440, seed)
  const report = await calibrate(
    { name, timeframe: '1m', bars, trainDays, testDays, entrants: entrantNames, movedStarts: [1, 2, 3, 4] },
    { workers: 2 },
  )
  for (const { sentence } of report.contests) note(`regime-quality: ${sentence}`)
  return [...leadOf(report), ...scoresOf(report)]
}

function leadOf({ contests }: CalibrationReport): readonly Measured[] {
  const contest = contests.find((one) => one.labels === 'global' && one.alertsPerDayMost === budget)
  const macroF1 = (name: string): number =>
    contest?.entrants.find((one) => one.name === name)?.scores.macroF1 ?? Number.NaN
  const lead = macroF1('har-gk') - macroF1('published')
  return [
    alone(
      {
        name: 'har-gk above the published method',
        unit: `macro-F1, global labels, ${budget} alerts a day at most`,
        goal: isMarketDataThere ? `≥ ${leadLeast}` : 'none: the bars are drawn',
      },
      lead,
      !isMarketDataThere || lead >= leadLeast,
    ),
  ]
}

function scoresOf({ contests }: CalibrationReport): readonly Measured[] {
  return contests
    .filter(({ alertsPerDayMost }) => alertsPerDayMost === budget)
    .flatMap(({ labels, entrants, winner }) =>
      entrants.map(({ name, scores, interval, alertsPerDay, movedStarts }) => ({
        figure: {
          ...alone(
            {
              name: `${labels} ${name}${name === winner ? ' (wins)' : ''}`,
              unit: `macro-F1 at ${alertsPerDay.toFixed(1)} a day, 95 % ${interval?.map((end) => end.toFixed(2)).join('–') ?? 'unknown'}, moved starts ${movedStarts.map((one) => one.macroF1.toFixed(2)).join(' ')}`,
              goal: '',
            },
            scores.macroF1,
            true,
          ).figure,
          met: null,
        },
      })),
    )
}
