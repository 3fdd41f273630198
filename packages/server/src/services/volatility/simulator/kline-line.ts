import type { Timeline } from '@gatehouse/kernel/clock'
import { type Faults, spoil, textFaults } from './faults.ts'
import { minuteMs } from './prices.ts'
import { minuteBar } from './stock.ts'
import type { Tape, TapeBar } from './tape.ts'

/** One venue's format of a kline message. */
export type KlineWords = {
  readonly timeline: Timeline
  readonly faults: Faults
  readonly nowMs: () => number
  readonly word: (tape: Tape, bar: TapeBar, isClosed: boolean, nowMs: number) => string
  readonly price: (tape: Tape, ticks: number) => string
  readonly send: (tape: Tape, text: string) => void
}

const lateMs = 15_000
const correctionMs = 180_000
const burstMessages = 500

/** Pushes a minute that has just ended, with the faults that can affect it (F3, F4, F5, F8). */
export function pushClosed(words: KlineWords, tape: Tape, openMs: number): void {
  const { timeline, faults, send } = words
  const { symbol } = tape.instrument
  const bar = minuteBar(tape, faults, openMs)
  if (bar === undefined || faults.has('unsent_bar', openMs, symbol)) return
  const say = (value: TapeBar): string => {
    const text = words.word(tape, value, true, Math.max(words.nowMs(), openMs + minuteMs))
    const spoilt = faults.find(textFaults, openMs, symbol)
    return spoilt === undefined ? text : spoil(text, spoilt.kind, words.price(tape, value.close))
  }
  const other = (): TapeBar => ({ ...bar, close: bar.low, volume: bar.volume + 1 })
  const late = faults.find(['late_bar', 'out_of_order'], openMs, symbol)
  if (late !== undefined) {
    // Out of order: the next minute is pushed first.
    timeline.after(late.kind === 'late_bar' ? lateMs : minuteMs + 1_000, () => send(tape, say(bar)))
    return
  }
  send(tape, say(bar))
  if (faults.has('duplicate_bar', openMs, symbol)) send(tape, say(bar))
  if (faults.has('different_bar', openMs, symbol)) send(tape, say(other()))
  if (faults.has('late_correction', openMs, symbol))
    timeline.after(correctionMs, () => send(tape, say(other())))
  if (faults.has('burst', openMs, symbol))
    for (let index = 0; index < burstMessages; index += 1)
      send(tape, words.word(tape, bar, false, words.nowMs()))
}

/** Pushes the current minute; nothing if it has no trades yet. */
export function pushRunning(words: KlineWords, tape: Tape): void {
  const nowMs = words.nowMs()
  const openMs = Math.floor(nowMs / minuteMs) * minuteMs
  if (words.faults.has('absent_bar', openMs, tape.instrument.symbol)) return
  const bar = tape.partial(openMs, nowMs - openMs)
  if (bar === undefined || bar.trades === 0) return
  words.send(tape, words.word(tape, bar, false, nowMs))
}
