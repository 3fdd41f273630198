import { type DayTable, type Probabilities, readDayTable } from './day-table.ts'
import type { Regime } from './regime-code.ts'

/** A day table, and of which bars it speaks. */
export type ToldTable = DayTable & {
  /** End of the newest bar when it was made. */
  readonly madeAfterMs: number
  /** What ended by then was history before anybody could be told of it, or was computed anew since. */
  readonly historyUntilMs: number
}

/** What is known after a bar, as far as confidence rests on it. */
type ToldBar = {
  readonly endMs: number
  readonly regime: Regime | null
  readonly z: number | null
  /** Garman-Klass volatility, as a fraction a year. */
  readonly garmanKlass: number | null
}

/** Why a bar has no confidence: the first of these that holds. */
export const confidenceReasons = ['warming_up', 'no_z', 'no_range', 'no_table'] as const

type Confidence =
  | {
      /** The probability of the regime shown. */
      readonly confidence: number
      readonly probabilities: Probabilities
      readonly sample: number
      readonly tableMs: number
      readonly reason: null
    }
  | {
      readonly confidence: null
      readonly probabilities: null
      readonly sample: null
      readonly tableMs: null
      readonly reason: (typeof confidenceReasons)[number]
    }

/** How often the regime shown was the label given afterwards, by the table of the day in which the bar ends. */
export function toConfidence(
  { endMs, regime, z, garmanKlass }: ToldBar,
  table: ToldTable | undefined,
): Confidence {
  if (regime === null) return without('warming_up')
  if (z === null) return without('no_z')
  if (garmanKlass === null) return without('no_range')
  if (table === undefined || !speaksOf(table, endMs)) return without('no_table')
  const { probabilities, sample } = readDayTable(table, garmanKlass)
  return { confidence: probabilities[regime], probabilities, sample, tableMs: table.dayMs, reason: null }
}

/** A bar that was told before its table was there stays without, so that whoever asks later is told the same. */
function speaksOf({ madeAfterMs, historyUntilMs }: ToldTable, endMs: number): boolean {
  return endMs > madeAfterMs || endMs <= historyUntilMs
}

function without(reason: (typeof confidenceReasons)[number]): Confidence {
  return { confidence: null, probabilities: null, sample: null, tableMs: null, reason }
}
