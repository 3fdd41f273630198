import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import {
  calibrate,
  type CalibrationMemory,
  type CalibrationProgress,
  type CalibrationReport,
} from '../services/volatility/calibration/calibrate.ts'
import { defaultEntrant, entrantNames, type EntrantName } from '../services/volatility/domain/contest.ts'
import { judgeBar } from '../services/volatility/domain/judge-bar.ts'
import type { OhlcColumns } from '../services/volatility/domain/ohlc.ts'
import { intervalMs, type Timeframe, timeframes } from '../services/volatility/domain/timeframe.ts'

export type VolatilityCalibration = {
  /** What the bars are of. */
  readonly name: string
  readonly timeframe: Timeframe
  /** Closed bars, oldest first. */
  readonly bars: OhlcColumns
  /** The newest of them that count. */
  readonly days: number
  /** `all`, or who is compared with the default. */
  readonly method: string
  readonly trainDays: number
  readonly testDays: number
  /** Threads; as many as this machine has cores where absent. */
  readonly workers: number | undefined
  /** Where what was computed is kept meanwhile, so that the next run goes on there; nowhere where absent. */
  readonly folder: string | undefined
  readonly signal: AbortSignal
  readonly onProgress: (progress: CalibrationProgress) => void
}

const dayMs = 86_400_000
/** In days; specification 7.7 looks at the same. */
export const movedStarts = [1, 2, 3, 4] as const

/** Measures the methods of the volatility service on bars, without a server. */
export async function calibrateVolatility({
  name,
  timeframe,
  bars,
  days,
  method,
  trainDays,
  testDays,
  workers = availableParallelism(),
  folder,
  signal,
  onProgress,
}: VolatilityCalibration): Promise<CalibrationReport> {
  assertBars(timeframe, bars)
  return calibrate(
    {
      name,
      timeframe,
      bars: newest(bars, Math.round((days * dayMs) / intervalMs[timeframe])),
      trainDays,
      testDays,
      entrants: entrantsOf(method),
      movedStarts,
    },
    {
      workers,
      signal,
      onProgress,
      ...(folder === undefined ? {} : { memory: memoryIn(folder) }),
    },
  )
}

export function isTimeframe(text: string): text is Timeframe {
  return timeframes.some((timeframe) => timeframe === text)
}

/** Who is compared: everybody, or one with the default. Throws where nobody has that name. */
export function entrantsOf(method: string): readonly EntrantName[] {
  if (method === 'all') return entrantNames
  const asked = entrantNames.find((name) => name === method)
  if (asked === undefined) throw new Error(`--method is all or one of ${entrantNames.join(', ')}`)
  return entrantNames.filter((name) => [defaultEntrant, 'always-normal', asked].includes(name))
}

function assertBars(timeframe: Timeframe, bars: OhlcColumns): void {
  if (bars.openMs.length === 0) throw new Error('There are no bars')
  const at = (column: Float64Array, bar: number): number => column[bar] ?? Number.NaN
  bars.openMs.forEach((openMs, bar) => {
    const fault = judgeBar(
      timeframe,
      {
        openMs,
        open: at(bars.opens, bar),
        high: at(bars.highs, bar),
        low: at(bars.lows, bar),
        close: at(bars.closes, bar),
        volume: at(bars.volumes, bar),
        quoteVolume: null,
        trades: null,
      },
      Number.MAX_SAFE_INTEGER,
    )
    if (fault !== undefined) throw new Error(`Bar ${bar + 1} of ${timeframe} cannot be used: ${fault}`)
    if (bar > 0 && openMs <= at(bars.openMs, bar - 1))
      throw new Error(`Bar ${bar + 1} does not come after the one before it`)
  })
}

function newest(bars: OhlcColumns, count: number): OhlcColumns {
  const cut = (column: Float64Array): Float64Array => column.slice(-count)
  return {
    openMs: cut(bars.openMs),
    opens: cut(bars.opens),
    highs: cut(bars.highs),
    lows: cut(bars.lows),
    closes: cut(bars.closes),
    volumes: cut(bars.volumes),
  }
}

/** Keeps what was computed in files of a folder, so that a run that was interrupted goes on. */
export function memoryIn(folder: string): CalibrationMemory {
  const fileOf = (key: string): string => join(folder, `${key.slice(0, 16)}.calibration`)
  return {
    load: (key) => readFile(fileOf(key)).catch(() => undefined),
    save: async (key, results) => {
      await mkdir(folder, { recursive: true })
      // A run that is killed while it writes leaves what was there.
      await writeFile(`${fileOf(key)}.new`, results)
      await rename(`${fileOf(key)}.new`, fileOf(key))
    },
    forget: (key) => rm(fileOf(key), { force: true }),
  }
}
