import type { CalibrationReport } from '../calibration/calibrate.ts'
import type { QualityReply } from '../contract/quality.ts'
import { type EntrantScore, servedMethods } from '../domain/contest.ts'
import type { ConfidenceScores } from '../domain/day-table.ts'
import type { Detection, Interval, Scores } from '../domain/scores.ts'
import type { LiveQuality, Measured } from '../store/quality-store.ts'

/** The limits stated beside every score (specification 1). */
export const qualityLimits = [
  'Regimes describe and do not predict: no move, direction or profit follows from one.',
  'Macro-F1 of the published method is about 0.4; low is rare and detected badly.',
  'Detection lags by tens of minutes, and short bursts are missed.',
  'A z-score against the last four hours tells what is unusual this afternoon, not what is wild this month.',
  'Regimes of different symbols depend on each other strongly: their scores are no independent evidence.',
] as const

const definition =
  'S of a bar is the mean over 7 bars before to 7 after of the annualised deviation of the next 30 returns; high from its ' +
  '90% quantile on, low down to its 10% quantile: global by all evaluated bars, local by the last 1,440 realised volatilities'

type Wire = NonNullable<QualityReply['measured']>

/** A measurement as returned: every method and baseline, and no figure without its sample size. */
export function toMeasuredQuality({
  report,
  venue,
  atMs,
}: Pick<Measured, 'report' | 'venue' | 'atMs'>): Wire {
  const { labels } = report
  return {
    measured_at_ms: atMs,
    // Safe: it was the primary venue of a symbol.
    venue: venue as Wire['venue'],
    bars: report.bars,
    data_from_ms: report.fromMs,
    data_to_ms: report.toMs,
    train_days: report.trainDays,
    test_days: report.testDays,
    tests: report.tests.map(({ fromMs, toMs }) => ({ from_ms: fromMs, to_ms: toMs })),
    labels: {
      definition,
      ...labels.levels,
      global: byRegime(labels.global),
      local: byRegime(labels.local),
    },
    built_in: report.builtIn.map(({ preset, global, local, alertsPerDay, detection }) => ({
      preset,
      global: toScores(global),
      local: toScores(local),
      alerts_per_day: alertsPerDay,
      detection: toDetection(detection),
    })),
    in_sample: report.inSample.map(({ method, presets, front }) => ({
      method,
      presets: Object.fromEntries(
        Object.entries(presets).map(([name, best]) => [name, best === null ? null : toPoint(best)]),
      ),
      front: front.map(toPoint),
    })),
    contests: report.contests.map(toContest),
  }
}

function toContest({
  labels,
  alertsPerDayMost,
  winner,
  isDifferenceShown,
  sentence,
  entrants,
}: CalibrationReport['contests'][number]): Wire['contests'][number] {
  return {
    labels,
    alerts_per_day_most: alertsPerDayMost,
    winner,
    difference_shown: isDifferenceShown,
    sentence,
    entrants: entrants.map(toEntrant),
  }
}

const served: readonly string[] = [...servedMethods, 'published-fixed']

function toEntrant(one: EntrantScore): Wire['contests'][number]['entrants'][number] {
  return {
    name: one.name,
    served: served.includes(one.name),
    within_budget: one.isWithinBudget,
    ...toScores(one.scores),
    interval: toInterval(one.interval),
    alerts_per_day: one.alertsPerDay,
    detection: toDetection(one.detection),
    lead: one.lead === null ? null : { by: one.lead.by, interval: toInterval(one.lead.interval) },
    moved_starts: one.movedStarts.map(({ byDays, macroF1, alertsPerDay, leadBy }) => ({
      by_days: byDays,
      macro_f1: macroF1,
      alerts_per_day: alertsPerDay,
      lead_by: leadBy,
    })),
  }
}

type Live = NonNullable<QualityReply['live']>

/** The quality of what was shown in the last days. */
export function toLive({ presetVersion, figures }: LiveQuality): Live {
  const { fromMs, toMs, score, confidence } = figures
  return {
    from_ms: fromMs,
    to_ms: toMs,
    preset_version: presetVersion,
    score:
      score === null
        ? null
        : {
            ...toScores(score.scores),
            interval: toInterval(score.interval),
            alerts_per_day: score.alertsPerDay,
            detection: toDetection(score.detection),
          },
    confidence:
      confidence === null
        ? null
        : {
            n: confidence.bars,
            brier: confidence.brier,
            brier_of_base: confidence.brierOfBase,
            skill: confidence.skill,
            skill_interval: toInterval(confidence.skillInterval),
            log_score: confidence.logScore,
            log_score_of_base: confidence.logScoreOfBase,
            brier_of_shown: confidence.brierOfShown,
            brier_of_shown_base: confidence.brierOfShownBase,
            weighted_gap: confidence.weightedGap,
            reliability: confidence.reliability.map(toTenth),
          },
  }
}

/** A tenth without bars has no mean. */
function toTenth({ bars, mean, agreed }: ConfidenceScores['reliability'][number]) {
  return bars === 0 ? { bars, mean: null, agreed: null } : { bars, mean, agreed }
}

function toScores({ counted, macroF1, f1, support }: Scores) {
  return { n: counted, macro_f1: macroF1, f1: byRegime(f1), support: byRegime(support) }
}

function toDetection({ onsets, already, found, missed, medianLagBars }: Detection) {
  return { onsets, already, found, missed, median_lag_bars: medianLagBars }
}

function toPoint({ macroF1, alertsPerDay }: { readonly macroF1: number; readonly alertsPerDay: number }) {
  return { macro_f1: macroF1, alerts_per_day: alertsPerDay }
}

function byRegime([low, normal, high]: readonly [number, number, number]) {
  return { low, normal, high }
}

function toInterval(interval: Interval | null): [number, number] | null {
  return interval === null ? null : [interval[0], interval[1]]
}
