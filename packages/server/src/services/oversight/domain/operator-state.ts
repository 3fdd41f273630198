import { addVectors, type CounterVector, subtractVectors, zeroVector } from './counters.ts'
import { addToSums, type DayCounters, daysOfMemory, foldDays, noSums } from './recency.ts'
import { addSide, noSide, type SideVector } from './side-counters.ts'
import type { PostLeft } from './tag.ts'

/** Everything that a score of one operator in one domain is made of. Days are UTC days since 1970-01-01. */
export type OperatorState = {
  readonly asOfDay: number
  /** Number of the newest event; events are numbered without a gap from 1. */
  readonly ledgerSeq: number
  readonly postLeft: PostLeft
  /** Weighted sums as of `asOfDay`. */
  readonly sums: readonly bigint[]
  /** Plain counts of the days that the reliance profile looks at. */
  readonly window: CounterVector
  readonly windowSide: SideVector
  /** Counted interactions, all that are kept. */
  readonly counted: number
  /** The earliest day with a counted interaction. */
  readonly firstDay: number | null
}

/** What one event changes: whole numbers taken from one day and given to one (the same, but for a correction). */
export type CounterChange = {
  readonly day: number
  readonly counters: CounterVector
  readonly side: SideVector
}

/** The days that a stored window is about: `asOfDay` and the 89 before. */
export const windowDays = 90

export function emptyState(asOfDay: number): OperatorState {
  return {
    asOfDay,
    ledgerSeq: 0,
    postLeft: 0,
    sums: noSums,
    window: zeroVector,
    windowSide: noSide,
    counted: 0,
    firstDay: null,
  }
}

/** The counters of a day as they are stored. */
export type OperatorDay = DayCounters & { readonly side: SideVector }

/**
 * The state at a later day, folded anew from the rows of its days: aging multiplies them by integers, so that no
 * sequence of touches gives other sums than one fold (specification 9.3). A day before the state's changes nothing.
 */
export function advanceTo(state: OperatorState, day: number, days: readonly OperatorDay[]): OperatorState {
  if (day <= state.asOfDay) return state
  return { ...state, ...foldState(days, day) }
}

/** All of a state that is a fold of its days. */
export function foldState(
  days: readonly OperatorDay[],
  asOfDay: number,
): Pick<OperatorState, 'asOfDay' | 'sums' | 'window' | 'windowSide' | 'counted' | 'firstDay'> {
  const recent = days.filter(({ day }) => isInWindow(day, asOfDay))
  const counted = days.filter(({ day, counters }) => isRemembered(day, asOfDay) && (counters[0] ?? 0) > 0)
  return {
    asOfDay,
    sums: foldDays(days, asOfDay),
    window: recent.reduce((sum, { counters }) => addVectors(sum, counters), zeroVector),
    windowSide: recent.reduce((sum, { side }) => addSide(sum, side), noSide),
    counted: counted.reduce((sum, { counters }) => sum + (counters[0] ?? 0), 0),
    firstDay: counted.length === 0 ? null : Math.min(...counted.map(({ day }) => day)),
  }
}

/** The state with one more change of the counters; `all` is the first of them. */
export function applyChange(state: OperatorState, { day, counters, side }: CounterChange): OperatorState {
  const isRecent = isInWindow(day, state.asOfDay)
  const added = isRemembered(day, state.asOfDay) ? (counters[0] ?? 0) : 0
  return {
    ...state,
    sums: addToSums(state.sums, counters, day, state.asOfDay),
    window: isRecent ? addVectors(state.window, counters) : state.window,
    windowSide: isRecent ? addSide(state.windowSide, side) : state.windowSide,
    counted: state.counted + added,
    firstDay: added > 0 ? Math.min(day, state.firstDay ?? day) : state.firstDay,
  }
}

/** The change that puts `next` in the place of `before`; null stands for what is in no counter. */
export function replaceCounted(
  before: Pick<CounterChange, 'counters' | 'side'>,
  next: Pick<CounterChange, 'counters' | 'side'>,
  day: number,
): CounterChange {
  return {
    day,
    counters: subtractVectors(next.counters, before.counters),
    side: addSide(
      next.side,
      before.side.map((value) => -value),
    ),
  }
}

/** Whole days since the first counted one, itself included. */
export function daysOfData({ firstDay, asOfDay }: OperatorState): number {
  return firstDay === null ? 0 : Math.max(0, asOfDay - firstDay)
}

/** What weighs nothing any more counts nothing either, whichever way a state came about. */
function isRemembered(day: number, asOfDay: number): boolean {
  return day > asOfDay - daysOfMemory
}

function isInWindow(day: number, asOfDay: number): boolean {
  return day > asOfDay - windowDays
}
