import { type CounterVector, zeroVector } from './counters.ts'
import { countInteraction, type CountingRule, isDiscoveredError } from './count-interaction.ts'
import { type Interaction, isCounted, isRelianceTrial } from './interaction.ts'
import { applyChange, type CounterChange, type OperatorState, replaceCounted } from './operator-state.ts'
import { countSide, countWaiting, type EvidenceGrade, noSide, type SideVector } from './side-counters.ts'
import { tagTrial } from './tag.ts'

/** An interaction with everything that determines its contribution to the counters. */
export type LedgerItem = {
  readonly interaction: Interaction
  /** Whether its decision is final; a deferral or a placeholder counts only then. */
  readonly isClosed: boolean
  readonly grade: EvidenceGrade
  readonly isByLink: boolean
  readonly rule: CountingRule
  /** UTC day number since 1970-01-01. */
  readonly day: number
  /** Null if it is no reliance trial, or its decision is not known yet. */
  readonly isPostError: boolean | null
}

export type LedgerStep = {
  readonly state: OperatorState
  readonly change: CounterChange
  readonly isPostError: boolean | null
}

const nothing = { counters: zeroVector, side: noSide }

/** Appends a new interaction to the ledger (specification 4.3, 9.1). */
export function recordScore(state: OperatorState, item: Omit<LedgerItem, 'isPostError'>): LedgerStep {
  return record(state, null, { ...item, isPostError: null })
}

/**
 * Applies a commit, an outcome or a correction: the old integers are subtracted and the new ones added, on the
 * interaction's own day.
 */
export function recordChange(state: OperatorState, before: LedgerItem, after: LedgerItem): LedgerStep {
  return record(state, before, { ...after, isPostError: before.isPostError })
}

/** Removes an interaction from the counters; the tags of later ones do not change. */
export function recordExclusion(state: OperatorState, before: LedgerItem): LedgerStep {
  const change = replaceCounted(countItem(before), nothing, before.day)
  return { state: advance(state, change), change, isPostError: before.isPostError }
}

/** The contribution of an item to the counters of its day. */
export function countItem(item: LedgerItem): { readonly counters: CounterVector; readonly side: SideVector } {
  const { interaction, isClosed, grade, isByLink, rule, isPostError } = item
  if (!isCounted(interaction, isClosed)) return { counters: zeroVector, side: countWaiting(interaction) }
  return {
    counters: countInteraction(interaction, rule, isPostError === true),
    side: countSide(interaction, grade, isByLink),
  }
}

function record(state: OperatorState, before: LedgerItem | null, after: LedgerItem): LedgerStep {
  const { postLeft, isPostError } = tag(state, before, after)
  const counted = countItem({ ...after, isPostError })
  const change = replaceCounted(before === null ? nothing : countItem(before), counted, after.day)
  return { state: { ...advance(state, change), postLeft }, change, isPostError }
}

/** Tags never change. An error counts as discovered where it becomes known, and only once. */
function tag(
  { postLeft }: OperatorState,
  before: LedgerItem | null,
  after: LedgerItem,
): { readonly postLeft: number; readonly isPostError: boolean | null } {
  const { window } = after.rule.parameters.recalibration
  if (!isCounted(after.interaction, after.isClosed)) return { postLeft, isPostError: null }
  const discovers = isRelianceTrial(after.interaction) && isDiscovered(after)
  const wasCounted = before !== null && isCounted(before.interaction, before.isClosed)
  if (wasCounted)
    return {
      postLeft: discovers && !isDiscovered(before) ? window : postLeft,
      isPostError: after.isPostError,
    }
  const isReliance = isRelianceTrial(after.interaction)
  const tagged = tagTrial(postLeft, { isReliance, discovers }, window)
  return { postLeft: tagged.postLeft, isPostError: isReliance ? tagged.isPostError : null }
}

function isDiscovered({ interaction, rule }: LedgerItem): boolean {
  return isRelianceTrial(interaction) && isDiscoveredError(interaction, rule.taskType)
}

function advance(state: OperatorState, change: CounterChange): OperatorState {
  return applyChange({ ...state, ledgerSeq: state.ledgerSeq + 1 }, change)
}
