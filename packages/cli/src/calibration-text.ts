import type { CalibrationReport } from '@gatehouse/server/local'

/** Formats a calibration report as text for a terminal. */
export function toCalibrationText(report: CalibrationReport): string {
  const { name, timeframe, bars, fromMs, toMs, tests, trainDays, testDays, labels } = report
  const { levels } = labels
  return [
    `${name} ${timeframe}: ${bars} bars, ${toDate(fromMs)} to ${toDate(toMs)}`,
    `labels: q10 ${levels.q10.toFixed(4)}, q90 ${levels.q90.toFixed(4)}; low/normal/high ${labels.global.join('/')} by all days, ${labels.local.join('/')} by the last day`,
    '',
    'Built-in presets on all bars (nothing was fitted):',
    table(
      ['preset', 'macro-F1', 'low', 'normal', 'high', 'by last day', 'alerts/d', 'found', 'missed', 'lag'],
      report.builtIn.map(({ preset, global, local, alertsPerDay, detection }) => [
        preset,
        fixed(global.macroF1),
        ...global.f1.map(fixed),
        fixed(local.macroF1),
        alertsPerDay.toFixed(2),
        `${detection.already}+${detection.found}/${detection.onsets}`,
        String(detection.missed),
        detection.medianLagBars === null ? '–' : String(detection.medianLagBars),
      ]),
    ),
    '',
    'Fitted on all bars (in sample: no score to be published):',
    table(
      ['method', 'preset', 'macro-F1', 'alerts/d', 'high', 'low', 'in a row'],
      report.inSample.flatMap(({ method, presets }) =>
        Object.entries(presets).map(([preset, best]) =>
          best === null
            ? [method, preset, 'none in its band: the built-in one stays']
            : [
                method,
                preset,
                fixed(best.macroF1),
                best.alertsPerDay.toFixed(2),
                `${short(best.thresholds.highEnter)} / ${short(best.thresholds.highExit)}`,
                `${short(best.thresholds.lowEnter)} / ${short(best.thresholds.lowExit)}`,
                `${best.thresholds.enterK} / ${best.thresholds.exitK}`,
              ],
        ),
      ),
    ),
    '',
    `Out of sample: train ${trainDays} days, test ${testDays}, ${tests.length} folds`,
    ...report.contests.flatMap(({ sentence, entrants, winner }) => [
      '',
      sentence,
      table(
        ['', 'macro-F1', '95%', 'low', 'normal', 'high', 'alerts/d', 'missed', 'moved starts'],
        entrants.map((one) => [
          `${one.name === winner ? '* ' : '  '}${one.name}${one.isWithinBudget ? '' : ' (over the budget)'}`,
          fixed(one.scores.macroF1),
          one.interval === null ? '–' : one.interval.map(fixed).join('–'),
          ...one.scores.f1.map(fixed),
          one.alertsPerDay.toFixed(1),
          `${one.detection.missed}/${one.detection.onsets}`,
          one.movedStarts.map(({ macroF1 }) => macroF1.toFixed(2)).join(' '),
        ]),
      ),
    ]),
    '',
  ].join('\n')
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [heads, ...rows]
  const widths = heads.map((_, column) =>
    Math.max(...all.map((row) => (row.length < heads.length ? 0 : (row[column] ?? '').length))),
  )
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function fixed(value: number): string {
  return value.toFixed(3)
}

function short(value: number): string {
  return String(Number(value.toFixed(3)))
}

function toDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
}
