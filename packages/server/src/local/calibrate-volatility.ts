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
  /** The name of the instrument that the bars describe. */
  readonly name: string
  readonly timeframe: Timeframe
  /** Closed bars, oldest first. */
  readonly bars: OhlcColumns
  /** How many of the newest days are used. */
  readonly days: number
  /** `all`, or the name of the method that is compared with the default. */
  readonly method: string
  readonly trainDays: number
  readonly testDays: number
  /** The number of threads. Default: the number of cores. */
  readonly workers: number | undefined
  /** A folder for intermediate results, from which an interrupted run continues; without it nothing is kept. */
  readonly folder: string | undefined
  readonly signal: AbortSignal
  readonly onProgress: (progress: CalibrationProgress) => void
}

const dayMs = 86_400_000
/** By how many days the start is moved; the same as in specification 7.7. */
export const movedStarts = [1, 2, 3, 4] as const

/** Compares the methods of the volatility service on bars, without a server. */
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

/** The methods to compare: all, or one with the default. Throws when there is no method with that name. */
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

/** Keeps intermediate results in files of a folder, so that an interrupted run can continue. */
export function memoryIn(folder: string): CalibrationMemory {
  const fileOf = (key: string): string => join(folder, `${key.slice(0, 16)}.calibration`)
  return {
    load: (key) => readFile(fileOf(key)).catch(() => undefined),
    save: async (key, results) => {
      await mkdir(folder, { recursive: true })
      // Renamed when complete, so that a run that is killed while writing does not damage the earlier file.
      await writeFile(`${fileOf(key)}.new`, results)
      await rename(`${fileOf(key)}.new`, fileOf(key))
    },
    forget: (key) => rm(fileOf(key), { force: true }),
  }
}
