import type { BarOrigin } from '../domain/minute-gate.ts'
import { intervalMs, type Timeframe, timeframes } from '../domain/timeframe.ts'

const minuteMs = intervalMs['1m']

/** The length of a bar in minutes, by which its table distinguishes timeframes. */
export function spanOf(timeframe: Timeframe): number {
  return intervalMs[timeframe] / minuteMs
}

/** Whether bars of this timeframe are in the table that is partitioned by month and keeps 400 days. */
export function isShort(timeframe: Timeframe): boolean {
  return timeframe === '1m' || timeframe === '5m'
}

export function toTimeframe(text: string): Timeframe {
  const found = timeframes.find((timeframe) => timeframe === text)
  if (found === undefined) throw new Error(`${text} is no timeframe`)
  return found
}

export const originCodes = { stream: 0, rest: 1, built: 2, aggregated: 3 } as const satisfies Readonly<
  Record<BarOrigin, number>
>
const originsByCode = ['stream', 'rest', 'built', 'aggregated'] as const satisfies readonly BarOrigin[]

export function toOrigin(code: number): BarOrigin {
  const found = originsByCode[code]
  if (found === undefined) throw new Error(`${code} is no origin of a bar`)
  return found
}
