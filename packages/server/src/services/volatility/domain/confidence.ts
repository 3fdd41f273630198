import { type DayTable, type Probabilities, readDayTable } from './day-table.ts'
import type { Regime } from './regime-code.ts'

/** A day table, with the range of bars that it applies to. */
export type ToldTable = DayTable & {
  /** End of the newest bar when it was made. */
  readonly madeAfterMs: number
  /** Bars that ended by then were history when first published, or were recomputed since. */
  readonly historyUntilMs: number
}

/** The data of a bar that confidence depends on. */
type ToldBar = {
  readonly endMs: number
  readonly regime: Regime | null
  readonly z: number | null
  /** Garman-Klass volatility, as an annualised fraction. */
  readonly garmanKlass: number | null
}

/** Why a bar has no confidence: the first reason that applies. */
export const confidenceReasons = ['warming_up', 'no_z', 'no_range', 'no_table'] as const

type Confidence =
  | {
      /** The probability of the shown regime. */
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

/** How often the shown regime was the later label, by the table of the day in which the bar ends. */
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

/** A bar published before its table existed keeps no confidence, so that later readers get the same reply. */
function speaksOf({ madeAfterMs, historyUntilMs }: ToldTable, endMs: number): boolean {
  return endMs > madeAfterMs || endMs <= historyUntilMs
}

function without(reason: (typeof confidenceReasons)[number]): Confidence {
  return { confidence: null, probabilities: null, sample: null, tableMs: null, reason }
}
