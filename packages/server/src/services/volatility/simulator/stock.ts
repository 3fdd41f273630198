import type { Timeline } from '@gatehouse/kernel/clock'
import type { Faults } from './faults.ts'
import { minuteMs } from './prices.ts'
import type { Instrument, Tape, TapeBar } from './tape.ts'

/** The common dependencies of simulated venues. */
export type VenueDeps = {
  readonly timeline: Timeline
  readonly faults: Faults
  /** By the venue's own code. */
  readonly tapes: ReadonlyMap<string, Tape>
}

const hourMs = 3_600_000
const hoursKept = 20_000
const hours = new WeakMap<Tape, Map<number, TapeBar | undefined>>()

/** The bar of a longer interval from the existing minutes; undefined if there are none. */
export function combine(tape: Tape, faults: Faults, openMs: number, intervalMs: number): TapeBar | undefined {
  if (intervalMs === minuteMs) return minuteBar(tape, faults, openMs)
  const parts: TapeBar[] = []
  const isWholeHours = intervalMs % hourMs === 0 && intervalMs > hourMs
  const partMs = isWholeHours ? hourMs : minuteMs
  for (let at = openMs; at < openMs + intervalMs; at += partMs) {
    const part = isWholeHours ? hourBar(tape, faults, at) : minuteBar(tape, faults, at)
    if (part !== undefined) parts.push(part)
  }
  return join(openMs, parts)
}

/** A minute as the venue has it; none during its maintenance. */
export function minuteBar(tape: Tape, faults: Faults, openMs: number): TapeBar | undefined {
  if (faults.has('absent_bar', openMs, tape.instrument.symbol)) return undefined
  return tape.bar(openMs)
}

function hourBar(tape: Tape, faults: Faults, openMs: number): TapeBar | undefined {
  let known = hours.get(tape)
  if (known === undefined) hours.set(tape, (known = new Map<number, TapeBar | undefined>()))
  if (!known.has(openMs)) {
    if (known.size > hoursKept) known.clear()
    known.set(openMs, combine(tape, faults, openMs, hourMs))
  }
  return known.get(openMs)
}

/** The unfinished bar: its minutes so far, and a part of the current one. */
export function runningBar(
  tape: Tape,
  faults: Faults,
  openMs: number,
  intervalMs: number,
  nowMs: number,
): TapeBar | undefined {
  const parts: TapeBar[] = []
  for (let at = openMs; at <= nowMs && at < openMs + intervalMs; at += minuteMs) {
    const isAbsent = faults.has('absent_bar', at, tape.instrument.symbol)
    const part =
      at + minuteMs <= nowMs
        ? minuteBar(tape, faults, at)
        : isAbsent
          ? undefined
          : tape.partial(at, nowMs - at)
    if (part !== undefined) parts.push(part)
  }
  return join(openMs, parts)
}

function join(openMs: number, parts: readonly TapeBar[]): TapeBar | undefined {
  const [first] = parts
  const last = parts.at(-1)
  if (first === undefined || last === undefined) return undefined
  return {
    openMs,
    open: first.open,
    high: Math.max(...parts.map(({ high }) => high)),
    low: Math.min(...parts.map(({ low }) => low)),
    close: last.close,
    volume: parts.reduce((sum, { volume }) => sum + volume, 0),
    trades: parts.reduce((sum, { trades }) => sum + trades, 0),
    quoteVolume: Number(parts.reduce((sum, { quoteVolume }) => sum + quoteVolume, 0).toFixed(8)),
  }
}

/** Open times from the first one at or after `fromMs` to the last one at or before `lastMs`. */
export function openTimes(fromMs: number, lastMs: number, intervalMs: number): readonly number[] {
  const firstMs = Math.ceil(fromMs / intervalMs) * intervalMs
  const length = Math.max(0, Math.floor((lastMs - firstMs) / intervalMs) + 1)
  return Array.from({ length }, (_, index) => firstMs + index * intervalMs)
}

export function toPrice({ decimals }: Instrument, ticks: number): string {
  return (ticks / 10 ** decimals).toFixed(decimals)
}

export function toSize({ lotDecimals }: Instrument, lots: number): string {
  return (lots / 10 ** lotDecimals).toFixed(lotDecimals)
}

/** Calls back at multiples of an interval of the clock; returns a function that stops it. */
export function beat(timeline: Timeline, everyMs: number, run: () => void): () => void {
  let cancel: () => void
  const next = (): void => {
    const nowMs = timeline.now()
    cancel = timeline.after(Math.floor(nowMs / everyMs) * everyMs + everyMs - nowMs, () => {
      next()
      run()
    })
  }
  next()
  return () => cancel()
}
