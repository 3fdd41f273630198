import { h80Bodies } from './h80-requests.ts'

/** History H80 as import lines, each with a session of its own. */
export function h80Lines(nowMs: number, operatorId = 'h80'): readonly string[] {
  return h80Bodies(nowMs, operatorId).map(({ interaction, session_id: sessionId, ...who }) =>
    JSON.stringify({ ...who, session_id: `${operatorId}:${sessionId}`, ...interaction }),
  )
}

/** Generates import lines: numbered sessions of a few operators over the last hundred days. */
export function manyLines(count: number, nowMs: number, people = 7): readonly string[] {
  return Array.from({ length: count }, (_, at) =>
    JSON.stringify({
      operator_id: `person-${at % people}`,
      domain: at % 3 === 0 ? 'legal' : 'financial',
      session_id: `line-${at}`,
      client_ts: new Date(nowMs - (100 - Math.floor((at * 100) / count)) * 86_400_000).toISOString(),
      ai_recommendation_presented: true,
      ai_available: true,
      time_to_decision_ms: 1_000 + (at % 97) * 50,
      decision: at % 5 === 0 ? 'rejected' : 'accepted',
      modification_extent: 0,
      scenario_type: 'standard',
      ai_correct: at % 4 !== 0,
    }),
  )
}
