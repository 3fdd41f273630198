import type { ServedMethod } from '../domain/contest.ts'
import type { MethodDrive } from '../domain/method-drive.ts'
import type { StoredCalibration } from '../store/calibration-store.ts'
import type { CalibrationReport, FittedMethod } from './calibrate.ts'

type About = Pick<StoredCalibration, 'symbol' | 'venue' | 'because'>

/** The calibrations of a report in stored form: one for each method that users can choose. */
export function toCalibrations(
  report: CalibrationReport,
  about: About,
  newId: () => string,
): readonly StoredCalibration[] {
  return report.inSample.map((fitted) => ({
    ...about,
    id: newId(),
    timeframe: report.timeframe,
    method: fitted.method,
    dataFromMs: report.fromMs,
    dataToMs: report.toMs,
    bars: report.bars,
    codeVersion: report.version,
    drive: toDrive(fitted),
    presets: fitted.presets,
    scores: scoresOf(report, fitted.method),
  }))
}

function toDrive({ method, coefficients, spread }: FittedMethod): MethodDrive | null {
  switch (method) {
    case 'published':
      return null
    case 'rv-level':
      return { kind: 'level' }
    case 'har-gk':
      if (coefficients === null || spread === null) throw new Error('har-gk was fitted without coefficients')
      return { kind: 'forecast', coefficients, ...spread }
  }
}

function scoresOf({ contests }: CalibrationReport, method: ServedMethod): StoredCalibration['scores'] {
  return contests.flatMap(({ labels, alertsPerDayMost, entrants }) =>
    entrants.flatMap(({ name, scores: { macroF1 }, alertsPerDay }) =>
      name === method ? [{ labels, alertsPerDayMost, macroF1, alertsPerDay }] : [],
    ),
  )
}
