import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { CalibrationReport } from '@gatehouse/server/local'
import { type Command, exitCodes, UsageError, type Values } from '../command.ts'
import { ProgressBar } from '../progress-bar.ts'
import { readBars } from '../read-bars.ts'

export const volatilityCalibrate: Command = {
  name: 'volatility calibrate',
  summary: 'Measure the methods that tell low, normal and high volatility, on bars of a file',
  description:
    'Walk-forward: what is chosen on the training days is tested on the days after them. Every method and baseline is\n' +
    'shown, whoever wins, with 95 % intervals and from moved starts. Works without a server. With --out, a run that was\n' +
    'interrupted goes on where it was when the same command is run again; the report is the same for any --workers.',
  options: {
    file: {
      type: 'string',
      placeholder: 'PATH',
      about:
        'Closed bars as CSV with a header (open_time_ms, open, high, low, close, volume), may be gzipped',
      required: true,
    },
    timeframe: { type: 'string', placeholder: 'TF', about: 'Of the bars: 1m (default), 5m, 15m, 1h, 4h, 1d' },
    days: { type: 'string', placeholder: 'N', about: 'The newest days of it that count (180)' },
    method: {
      type: 'string',
      placeholder: 'NAME',
      about: 'all (default), or one to compare with the default: published, har-gk, rv-level, percentile, …',
    },
    'train-days': { type: 'string', placeholder: 'N', about: 'Days of each training part (120)' },
    'test-days': { type: 'string', placeholder: 'N', about: 'Days of each test part (20)' },
    workers: { type: 'string', placeholder: 'N', about: 'Threads (one for each core)' },
    out: { type: 'string', placeholder: 'DIR', about: 'Write the report there, and what is needed to go on' },
    json: { type: 'boolean', about: 'Print JSON' },
  },
  examples: [
    'gatehouse volatility calibrate --file btcusdt-1m.csv.gz',
    'gatehouse volatility calibrate --file december.csv.gz --train-days 14 --test-days 5 --out calibration',
    'gatehouse volatility calibrate --file btcusdt-1h.csv --timeframe 1h --days 1000 --train-days 600 --test-days 100 --json',
  ],
  run: async (values, { folder, out, note, progress, interruption }) => {
    const { calibrateVolatility, isTimeframe } = await import('@gatehouse/server/local')
    const timeframe = String(values['timeframe'] ?? '1m')
    if (!isTimeframe(timeframe)) throw new UsageError('--timeframe must be 1m, 5m, 15m, 1h, 4h or 1d')
    const numbers = {
      days: parseWhole(values, 'days') ?? 180,
      trainDays: parseWhole(values, 'train-days') ?? 120,
      testDays: parseWhole(values, 'test-days') ?? 20,
      workers: parseWhole(values, 'workers'),
    }
    const file = resolve(folder, String(values['file']))
    const target = values['out'] === undefined ? undefined : resolve(folder, String(values['out']))
    const name = basename(file).replace(/\.csv(?:\.gz)?$/i, '')
    const bars = await readBars(file)
    const signal = interruption()
    const bar = new ProgressBar(progress, 'combinations')
    try {
      const report = await calibrateVolatility({
        name,
        timeframe,
        bars,
        ...numbers,
        method: String(values['method'] ?? 'all'),
        folder: target,
        signal,
        onProgress: (done) => bar.show(done),
      })
      bar.end()
      const json = `${JSON.stringify(report)}\n`
      if (target !== undefined) {
        await mkdir(target, { recursive: true })
        await writeFile(join(target, `${name}-${timeframe}.json`), json)
      }
      out(values['json'] === true ? json : toText(report))
      return exitCodes.done
    } catch (error) {
      if (!signal.aborted) throw error
      bar.end()
      note(
        target === undefined
          ? 'Interrupted; with --out, the next run would go on from here\n'
          : 'Interrupted; the same command goes on from here\n',
      )
      return exitCodes.interrupted
    }
  },
}

function parseWhole(values: Values, name: string): number | undefined {
  const text = values[name]
  if (text === undefined) return undefined
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new UsageError(`--${name} must be a whole number above 0`)
  return value
}

function toText(report: CalibrationReport): string {
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
        ['', 'macro-F1', '95 %', 'low', 'normal', 'high', 'alerts/d', 'missed', 'moved starts'],
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
