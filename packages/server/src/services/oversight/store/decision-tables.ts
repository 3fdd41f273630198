import type { ColumnType } from 'kysely'
import type { DecisionState, Resolution, ReviewAction } from '../domain/decision-life.ts'
import type { DecisionPolicy } from '../domain/decision-policy.ts'
import type {
  DecisionGrounds,
  DecisionPass,
  DecisionRequest,
  Evaluation,
  FinalRoute,
  RiskTier,
} from '../domain/evaluate-decision.ts'
import type { Domain } from '../domain/interaction.ts'
import type { Route } from '../domain/route.ts'
import type { StoredEvidence } from './tables.ts'

/** Written as JSON text, read as the parsed value. */
type Json<T> = ColumnType<T, string | null, string | null>

export type DecisionRow = {
  org_id: string
  id: string
  received_at: Date
  gate_id: string
  request_id: string
  operator_id: string | null
  domain: Domain
  pass: DecisionPass
  request: Json<DecisionRequest>
  request_hash: string
  ai_output_hash: string | null
  grounds: Json<DecisionGrounds | null>
  evaluation: Json<Evaluation>
  policy_version: number
  model_version: string
  norm_id: string
  settings_version: number
  warnings: string[]
  evidence: Json<StoredEvidence | null>
  route: Route
  tier: RiskTier
  state: DecisionState
  queue_id: string | null
  pool: string | null
  assignee: string | null
  claimed_until: Date | null
  expires_at: Date | null
  fallback_route: FinalRoute | null
  token_digest: Buffer | null
  first_resumed_at: Date | null
  resolution: Json<Resolution | null>
  receipt_id: string
}

export type ReviewRow = {
  org_id: string
  id: string
  decision_id: string
  at: Date
  action: ReviewAction
  reviewer_id: string
  reviewer_role: string | null
  assignee: string | null
  reason_code: string | null
  note: string | null
  decision_time_ms: number | null
  edited_output_hash: string | null
  evidence: Json<StoredEvidence>
  interaction_id: string | null
  receipt_id: string
}

export type DecisionTables = {
  'oversight.decision_policy': {
    org_id: string
    version: number
    body: Json<DecisionPolicy>
    created_at: Date
  }
  'oversight.decision': DecisionRow
  'oversight.decision_review': ReviewRow
}
