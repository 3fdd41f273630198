import { addVectors, type CounterVector, subtractVectors, zeroVector } from './counters.ts'
import { addToSums, type DayCounters, daysOfMemory, foldDays, noSums } from './recency.ts'
import { addSide, noSide, type SideVector } from './side-counters.ts'
import type { PostLeft } from './tag.ts'

/** The state from which one operator's score in one domain is computed. Days are UTC day numbers since 1970-01-01. */
export type OperatorState = {
  readonly asOfDay: number
  /** Sequence number of the newest event; events are numbered from 1 without gaps. */
  readonly ledgerSeq: number
  readonly postLeft: PostLeft
  /** Recency-weighted sums as of `asOfDay`. */
  readonly sums: readonly bigint[]
  /** Plain counts over the days of the reliance profile. */
  readonly window: CounterVector
  readonly windowSide: SideVector
  /** Number of counted interactions, regardless of age. */
  readonly counted: number
  /** The earliest day with a counted interaction. */
  readonly firstDay: number | null
}

/** The effect of one event: integers subtracted from one day and added to one, which differ only for a correction. */
export type CounterChange = {
  readonly day: number
  readonly counters: CounterVector
  readonly side: SideVector
}

/** The number of days in a stored window: `asOfDay` and the 89 days before. */
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

/** The counters of one day as stored. */
export type OperatorDay = DayCounters & { readonly side: SideVector }

/**
 * The state at a later day, computed anew from its daily rows. Aging multiplies by integers, so that any sequence of
 * updates gives the same sums as one fold (specification 9.3). For an earlier day the state is returned unchanged.
 */
export function advanceTo(state: OperatorState, day: number, days: readonly OperatorDay[]): OperatorState {
  if (day <= state.asOfDay) return state
  return { ...state, ...foldState(days, day) }
}

/** The members of a state that are a fold of its days. */
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

/** The state after one more change of the counters; `all` is the first counter. */
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

/** The change that replaces the contribution `before` with `next`; null stands for no contribution. */
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

/** Both changes of one day together. */
export function addChanges(a: CounterChange, b: CounterChange): CounterChange {
  return { day: a.day, counters: addVectors(a.counters, b.counters), side: addSide(a.side, b.side) }
}

/** Whole days since the first counted day, inclusive. */
export function daysOfData({ firstDay, asOfDay }: OperatorState): number {
  return firstDay === null ? 0 : Math.max(0, asOfDay - firstDay)
}

/** Days whose weight is 0 are not counted at all, so that every way of computing a state gives the same result. */
function isRemembered(day: number, asOfDay: number): boolean {
  return day > asOfDay - daysOfMemory
}

function isInWindow(day: number, asOfDay: number): boolean {
  return day > asOfDay - windowDays
}
