import { emptyState, type OperatorState } from './operator-state.ts'
import { type LedgerItem, recordChange, recordExclusion, recordScore } from './ledger.ts'

/** A ledger event: the inputs of an interaction that apply from it on; null if the interaction left the counters. */
export type FoldedEvent = {
  readonly interactionId: string
  readonly item: Omit<LedgerItem, 'isPostError'> | null
}

/** The state after events in ledger order, as of one day: the result of a full recomputation (specification 9.3). */
export function foldEvents(events: readonly FoldedEvent[], asOfDay: number): OperatorState {
  const items = new Map<string, LedgerItem>()
  let state = emptyState(asOfDay)
  for (const { interactionId, item } of events) {
    const before = items.get(interactionId)
    if (item === null) {
      if (before === undefined) throw new Error('An interaction cannot leave counters in which it never was')
      state = recordExclusion(state, before).state
      items.delete(interactionId)
      continue
    }
    const step =
      before === undefined
        ? recordScore(state, item)
        : recordChange(state, before, { ...item, isPostError: null })
    items.set(interactionId, { ...item, isPostError: step.isPostError })
    state = step.state
  }
  return state
}
