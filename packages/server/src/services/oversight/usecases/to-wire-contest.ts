import { toTime, toTimeOrNull } from '../../../service/shapes.ts'
import type { WireContest } from '../contract/contests.ts'
import type { Contest } from '../store/contest-store.ts'

export function toWireContest(one: Contest): WireContest {
  const { remedy } = one
  return {
    contest_id: one.id,
    operator_id: one.operatorId,
    domain: one.domain,
    session_id: one.sessionId,
    interaction_id: `int_${one.interactionId}`,
    reason: one.reason,
    statement: one.statement,
    state: one.state,
    opened_at: toTime(one.openedAtMs),
    due_at: toTime(one.dueAtMs),
    decided_at: toTimeOrNull(one.decidedAtMs),
    remedy:
      remedy?.kind === 'correct'
        ? { kind: 'correct', outcome_correct: remedy.outcomeCorrect, ai_correct: remedy.aiCorrect }
        : remedy,
    answer: one.answer,
  }
}
