import { bucketOf, combineBars } from './combine-bars.ts'
import type { AcceptedBar } from './market.ts'
import type { MinuteBar } from './minute-gate.ts'
import { intervalMs, type Timeframe, timeframes } from './timeframe.ts'

const minuteMs = intervalMs['1m']
const longer = timeframes.filter((timeframe) => timeframe !== '1m')

export type Folding = {
  /** Late minutes that replace accepted ones or lie between them. */
  readonly late: readonly MinuteBar[]
  /** Accepted minutes of the same days, oldest first. */
  readonly accepted: readonly MinuteBar[]
  /** Open time of the newest decided minute. */
  readonly cursorMs: number
}

/** The bars of every timeframe that change when late minutes are included; unfinished bars are left out. */
export function foldMinutes({ late, accepted, cursorMs }: Folding): readonly AcceptedBar[] {
  const minutes = new Map([...accepted, ...late].map((bar) => [bar.openMs, bar]))
  const inOrder = [...minutes.values()].toSorted((a, b) => a.openMs - b.openMs)
  return [
    ...late.map((bar): AcceptedBar => ({ ...bar, timeframe: '1m', parts: 1 })),
    ...longer.flatMap((timeframe) => foldLonger(timeframe, inOrder, late, cursorMs)),
  ]
}

function foldLonger(
  timeframe: Timeframe,
  minutes: readonly MinuteBar[],
  late: readonly MinuteBar[],
  cursorMs: number,
): readonly AcceptedBar[] {
  const wanted = new Set(late.map(({ openMs }) => bucketOf(timeframe, openMs)))
  const parts = Map.groupBy(minutes, ({ openMs }) => bucketOf(timeframe, openMs))
  return [...wanted].flatMap((openMs): readonly AcceptedBar[] => {
    const [first, ...rest] = parts.get(openMs) ?? []
    if (first === undefined || openMs + intervalMs[timeframe] > cursorMs + minuteMs) return []
    const { parts: count, ...whole } = combineBars(openMs, [toBar(first), ...rest.map(toBar)])
    return [{ ...whole, timeframe, parts: count, origin: 'aggregated', filled: false }]
  })
}

function toBar({ openMs, open, high, low, close, volume, quoteVolume, trades }: MinuteBar) {
  return { openMs, open, high, low, close, volume, quoteVolume, trades }
}
