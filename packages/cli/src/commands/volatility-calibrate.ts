import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { CalibrationReport, StoredCalibrationRun } from '@gatehouse/server/local'
import { toCalibrationText } from '../calibration-text.ts'
import { type Command, exitCodes, type Terminal, UsageError, type Values } from '../command.ts'
import { ProgressBar } from '../progress-bar.ts'
import { readBars } from '../read-bars.ts'

export const volatilityCalibrate: Command = {
  name: 'volatility calibrate',
  summary: 'Measure the methods that tell low, normal and high volatility, on stored bars or those of a file',
  description:
    'Walk-forward: what is chosen on the training days is tested on the days after them. Every method and baseline is\n' +
    'shown, whoever wins, with 95% intervals and from moved starts. With --file it works without a server; with --symbols\n' +
    "it runs on the server's own machine, and the quality panel shows what it found. --apply makes the thresholds the next\n" +
    'version of each preset; what a nightly run proposes is listed by --proposals, and settled by --accept or --decline.\n' +
    'With --out, a run that was interrupted goes on where it was when the same command is run again; the report is the\n' +
    'same for any --workers.',
  options: {
    symbols: {
      type: 'string',
      placeholder: 'NAMES',
      about: 'Whose stored bars are measured, separated by commas',
    },
    file: {
      type: 'string',
      placeholder: 'PATH',
      about:
        'Closed bars as CSV with a header (open_time_ms, open, high, low, close, volume), may be gzipped',
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
    apply: {
      type: 'boolean',
      about: 'Serve what was found: presets get their next version, which is replayed',
    },
    proposals: { type: 'boolean', about: 'List what nightly runs would change' },
    accept: { type: 'string', placeholder: 'ID', about: 'Serve what a calibration found' },
    decline: { type: 'string', placeholder: 'ID', about: 'Leave what is served as it is' },
    json: { type: 'boolean', about: 'Print JSON' },
  },
  examples: [
    'gatehouse volatility calibrate --symbols btcusdt --train-days 14 --test-days 5 --apply',
    'gatehouse volatility calibrate --file december.csv.gz --train-days 14 --test-days 5 --out calibration',
    'gatehouse volatility calibrate --proposals --json',
  ],
  run: async (values, terminal) => {
    const ways = ['symbols', 'file', 'proposals', 'accept', 'decline'].filter(
      (name) => values[name] !== undefined,
    )
    if (ways.length !== 1)
      throw new UsageError('give one of --symbols, --file, --proposals, --accept and --decline')
    if (values['file'] !== undefined) return calibrateFile(values, terminal)
    if (values['symbols'] !== undefined) return calibrateSymbols(values, terminal)
    return settle(values, terminal)
  },
}

async function readWish(values: Values) {
  const { isTimeframe } = await import('@gatehouse/server/local')
  const timeframe = String(values['timeframe'] ?? '1m')
  if (!isTimeframe(timeframe)) throw new UsageError('--timeframe must be 1m, 5m, 15m, 1h, 4h or 1d')
  return {
    timeframe,
    days: parseWhole(values, 'days') ?? 180,
    trainDays: parseWhole(values, 'train-days') ?? 120,
    testDays: parseWhole(values, 'test-days') ?? 20,
    workers: parseWhole(values, 'workers'),
    method: String(values['method'] ?? 'all'),
  }
}

async function calibrateFile(values: Values, terminal: Terminal): Promise<number> {
  if (values['apply'] === true) throw new UsageError('--apply needs --symbols: a file is served to nobody')
  const { calibrateVolatility } = await import('@gatehouse/server/local')
  const wish = await readWish(values)
  const { folder, out } = terminal
  const file = resolve(folder, String(values['file']))
  const name = basename(file).replace(/\.csv(?:\.gz)?$/i, '')
  const bars = await readBars(file)
  return untilInterrupted(values, terminal, async ({ target, signal, onProgress, onDone }) => {
    const run = { ...wish, name, bars, folder: target, signal, onProgress }
    const report = await calibrateVolatility(run)
    onDone()
    await keep(target, report)
    out(values['json'] === true ? `${JSON.stringify(report)}\n` : toCalibrationText(report))
  })
}

async function calibrateSymbols(values: Values, terminal: Terminal): Promise<number> {
  const { calibrateStored, withLocalInstance } = await import('@gatehouse/server/local')
  const wish = await readWish(values)
  const symbols = String(values['symbols']).toLowerCase().split(',')
  const isApplied = values['apply'] === true
  return untilInterrupted(values, terminal, ({ target, signal, onProgress, onDone }) =>
    withLocalInstance(terminal, async (local) => {
      for (const symbol of symbols) {
        const run = { ...wish, symbol, isApplied, folder: target, signal, onProgress }
        const found = await calibrateStored(local, run)
        onDone()
        await keep(target, found.report)
        terminal.out(values['json'] === true ? `${JSON.stringify(found)}\n` : toStoredText(found))
      }
    }),
  )
}

function toStoredText({ report, calibrations, applied }: StoredCalibrationRun): string {
  return [
    toCalibrationText(report),
    ...calibrations.map(({ id, method }) => `kept as ${id} (${method})`),
    ...applied.map(toAppliedLine),
    '',
  ].join('\n')
}

function toAppliedLine({ preset, method, version }: StoredCalibrationRun['applied'][number]): string {
  return `${preset} by ${method} is version ${version} now`
}

type Run = {
  readonly target: string | undefined
  readonly signal: AbortSignal
  readonly onProgress: ProgressBar['show']
  /** Called when the work is done: ends the progress line, because data is printed next. */
  readonly onDone: () => void
}

async function untilInterrupted(
  values: Values,
  { folder, note, progress, interruption }: Terminal,
  work: (run: Run) => Promise<void>,
): Promise<number> {
  const target = values['out'] === undefined ? undefined : resolve(folder, String(values['out']))
  const signal = interruption()
  const bar = new ProgressBar(progress, 'combinations')
  try {
    await work({ target, signal, onProgress: (done) => bar.show(done), onDone: () => bar.end() })
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
}

async function keep(target: string | undefined, report: CalibrationReport): Promise<void> {
  if (target === undefined) return
  await mkdir(target, { recursive: true })
  await writeFile(join(target, `${report.name}-${report.timeframe}.json`), `${JSON.stringify(report)}\n`)
}

async function settle(values: Values, terminal: Terminal): Promise<number> {
  const { acceptCalibration, listCalibrationProposals, refuseCalibration, withLocalInstance } =
    await import('@gatehouse/server/local')
  const { out, interruption } = terminal
  const say = (value: unknown, lines: readonly string[]): void =>
    out(values['json'] === true ? `${JSON.stringify(value)}\n` : lines.map((line) => `${line}\n`).join(''))
  await withLocalInstance(terminal, async (local) => {
    if (values['accept'] !== undefined) {
      const applied = await acceptCalibration(local, String(values['accept']), interruption())
      return say(applied, applied.length === 0 ? ['Nothing changes'] : applied.map(toAppliedLine))
    }
    if (values['decline'] !== undefined) {
      await refuseCalibration(local, String(values['decline']))
      return say({ declined: values['decline'] }, ['Declined; what is served stays as it is'])
    }
    const open = await listCalibrationProposals(local)
    return say(open, open.length === 0 ? ['Nothing is proposed'] : open.map(toProposalLine))
  })
  return exitCodes.done
}

type Proposed = {
  readonly calibrationId: string
  readonly symbol: string
  readonly timeframe: string
  readonly method: string
  readonly moves: Readonly<
    Record<string, { readonly inUse: number | null; readonly proposed: number | null }>
  >
}

function toProposalLine({ calibrationId, symbol, timeframe, method, moves }: Proposed): string {
  const told = Object.entries(moves).map(
    ([preset, { inUse, proposed }]) => `${preset} ${toScore(inUse)} → ${toScore(proposed)}`,
  )
  return `${calibrationId}  ${symbol} ${timeframe} ${method}: macro-F1 in sample ${told.join(', ')}`
}

function toScore(value: number | null): string {
  return value === null ? '–' : value.toFixed(3)
}

function parseWhole(values: Values, name: string): number | undefined {
  const text = values[name]
  if (text === undefined) return undefined
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new UsageError(`--${name} must be a whole number above 0`)
  return value
}
