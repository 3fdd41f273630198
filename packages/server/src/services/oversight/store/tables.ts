import type { ColumnType, Generated } from 'kysely'
import type { AlertKind, Severity } from '../domain/alerts.ts'
import type { Assessment } from '../domain/assessment.ts'
import type { Domain, Interaction } from '../domain/interaction.ts'
import type { ViewerKind, ViewWay } from '../domain/profile-view.ts'
import type { Band } from '../domain/score.ts'
import type { RoleClass, Settings } from '../domain/settings.ts'
import type { Shown } from '../domain/shown.ts'
import type { TelemetryEventType } from '../domain/anchor.ts'
import type { EvidenceGrade } from '../domain/side-counters.ts'

/** Written as JSON text, read as the parsed value. */
type Json<T> = ColumnType<T, string, string>

export type OperatorRow = {
  org_id: string
  operator_id: string
  role_class: RoleClass
  notice_given_at: Date | null
  notice_version: string | null
  first_seen_at: Date
  last_seen_at: Date
}

export type InteractionRow = {
  org_id: string
  id: string
  received_at: Date
  operator_id: string
  domain: Domain
  session_id: string
  request_id: string | null
  case_id: string | null
  label: string | null
  inputs: Json<Interaction>
  beside: Json<Beside | null>
  state: InteractionState
  commit_fingerprint: string | null
  evidence: Json<StoredEvidence>
  evidence_grade: EvidenceGrade
  occurred_at: Date
  day: number
  source: InteractionSource
  norm_id: string
  t_min_ms: number
  t_ref_ms: number
  settings_version: number
  model_version: string
  ledger_seq: number
  is_post_error: boolean | null
  receipt_id: string
  sent_by: string
}

export type InteractionState = 'open' | 'committed' | 'excluded'
export type InteractionSource = 'score' | 'batch' | 'import' | 'review'

/** Data stored with an interaction that does not affect the score. */
export type Beside = {
  readonly phases: {
    readonly readMs: number
    readonly deliberateMs: number
    readonly verifyMs: number
  } | null
  readonly stamps: {
    readonly presentedAtMs: number | null
    readonly engagedAtMs: number | null
    readonly initiatedAtMs: number | null
    readonly confirmedAtMs: number | null
  }
  readonly metadata: Readonly<Record<string, boolean | string>> | null
}

/** The evidence of a decision. */
export type StoredEvidence = {
  readonly grade: EvidenceGrade
  readonly reason: string | null
  readonly timeSource: 'client' | 'server'
  readonly discrepancies: readonly string[]
  readonly attestation: {
    readonly method: 'passkey' | 'session'
    readonly canonicalHash: string
    readonly enrolledBy: EnrolledBy | null
  } | null
  /** Whether the inputs are those that this server observed. */
  readonly isAnchored?: true
}

export type EnrolledBy = 'link' | 'member'

export type LedgerKind = 'score' | 'commit' | 'outcome' | 'exclude' | 'correct'

export type AlertRow = {
  org_id: string
  id: string
  kind: AlertKind
  severity: Severity
  subject: string
  operator_id: string | null
  domain: Domain | null
  data: Json<Readonly<Record<string, unknown>>>
  is_contested: Generated<boolean>
  opened_at: Date
  acknowledged_at: Date | null
  acknowledged_by: string | null
  closed_at: Date | null
}

export type ImportJobRow = {
  org_id: string
  id: string
  name: string
  state: 'open' | 'finished' | 'cancelled'
  on_error: 'stop' | 'skip'
  is_dry_run: boolean
  expected_lines: string | null
  lines_committed: Generated<string>
  counted: Generated<string>
  duplicates: Generated<string>
  rejected: Generated<string>
  out_of_order: Generated<string>
  busy_ms: Generated<string>
  created_at: Date
  finished_at: Date | null
}

export type ReportRow = {
  org_id: string
  report_id: string
  from_day: number
  to_day: number
  is_closed: boolean
  revision: number
  body: string
  body_hash: string
  html_en: string
  html_en_hash: string
  html_ja: string
  html_ja_hash: string
  pdf: Buffer
  pdf_hash: string
  pdf_ja: Buffer | null
  pdf_ja_hash: string | null
  assessment: string
  created_at: Date
  expires_at: Date | null
}

export type OversightTables = {
  'oversight.report': ReportRow
  'oversight.import_job': ImportJobRow
  'oversight.import_reject': {
    org_id: string
    import_id: string
    line: string
    field: string | null
    message: string
    rejected_at: Date
  }
  'oversight.settings': { org_id: string; version: number; body: Json<Settings>; created_at: Date }
  'oversight.norm': {
    org_id: string
    domain: Domain
    version: number
    norm_id: string
    effective_day: number
    t_min_ms: number
    t_ref_ms: number
    prior: number[]
    n_trials: number
    n_operators: number
    created_at: Date
  }
  'oversight.operator': OperatorRow
  'oversight.interaction': InteractionRow
  'oversight.session': {
    org_id: string
    session_id: string
    operator_id: string
    domain: Domain
    content_hash: string | null
    interaction_id: string | null
    received_at: Date
  }
  'oversight.session_key': {
    org_id: string
    session_id: string
    name: string
    content_hash: string
    interaction_id: string
    received_at: Date
  }
  'oversight.ledger_event': {
    org_id: string
    operator_id: string
    domain: Domain
    ledger_seq: number
    kind: LedgerKind
    interaction_id: string
    data: Json<unknown>
    day: number
    shown: Json<Shown>
    receipt_id: string
    at: Date
  }
  'oversight.operator_day': DayRow & { operator_id: string }
  'oversight.org_day': DayRow
  'oversight.operator_state': {
    org_id: string
    operator_id: string
    domain: Domain
    as_of_day: number
    ledger_seq: number
    post_left: number
    sums: string[]
    window_counts: string[]
    window_side: string[]
    counted: string
    first_day: number | null
    jis: string | null
    last_received_at: Date
    announced_band: Generated<Band | null>
  }
  'oversight.operator_history': {
    org_id: string
    operator_id: string
    domain: Domain
    day: number
    jis: string | null
    low: string | null
    high: string | null
    dimensions: (string | null)[]
    n_effective: string
  }
  'oversight.alert': AlertRow
  'oversight.request_day': { org_id: string; day: number; requests: number; counted_at: Date }
  'oversight.announced_assessment': { org_id: string; assessment: Assessment; at: Date }
  'oversight.receipt': {
    org_id: string
    receipt_id: string
    kind: string
    seq: string
    model_version: string
    params_hash: string
    norm_id: string | null
    settings_version: number
  }
  'oversight.org_secret': {
    org_id: string
    purpose: SecretPurpose
    sealed_key: string
    created_at: Date
  }
  'oversight.telemetry_session': {
    org_id: string
    nonce_hash: string
    kind: 'telemetry' | 'attestation'
    operator_id: string
    session_id: string
    issued_at: Date
    expires_at: Date
    used_by: string | null
  }
  'oversight.telemetry_event': {
    org_id: string
    nonce_hash: string
    event_seq: number
    event_type: TelemetryEventType
    value: number | null
    received_at: Date
  }
  'oversight.observed_call': {
    org_id: string
    request_id: string
    received_at: Date
    source: string
    provider: string
    model: string
    matched_at: Date | null
    is_final: boolean
  }
  'oversight.authenticator': {
    org_id: string
    credential_id: string
    operator_id: string
    name: string
    public_key: Buffer
    rp_id: string
    sign_count: string
    transports: string[]
    enrolled_by: EnrolledBy
    enrolled_at: Date
    last_used_at: Date | null
  }
  'oversight.operator_member': { org_id: string; user_id: string; operator_id: string; tied_at: Date }
  'oversight.access_link': {
    org_id: string
    id: string
    operator_id: string
    token_digest: Buffer
    created_at: Date
    created_by: string
    expires_at: Date
    revoked_at: Date | null
    last_used_at: Date | null
  }
  'oversight.enrolment': {
    org_id: string
    operator_id: string
    bound_to: string
    challenge: string
    rp_id: string
    expires_at: Date
  }
  'oversight.profile_view': {
    org_id: string
    operator_id: string
    day: number
    actor_kind: ViewerKind
    actor_id: string
    at: Date
    last_at: Date | null
    looks: number
    ways: ViewWay[]
  }
  'oversight.contest': {
    org_id: string
    id: string
    operator_id: string
    domain: Domain
    interaction_id: string
    session_id: string
    reason: ContestReason
    statement: string
    state: ContestState
    opened_at: Date
    due_at: Date
    decided_at: Date | null
    decided_by: string | null
    remedy: Json<ContestRemedy | null>
    answer: string | null
  }
  'oversight.erased_operator': { org_id: string; operator_hash: string; erased_at: Date }
  'oversight.attest_proof': {
    org_id: string
    proof_hash: string
    operator_id: string
    canonical_hash: string
    nonce_hash: string
    enrolled_by: EnrolledBy
    expires_at: Date
  }
}

export type ContestReason = 'wrong_outcome' | 'not_me' | 'wrong_telemetry' | 'unfair_case' | 'other'

/** `lapsed`: nobody decided in time, and the decision was excluded from the counters. */
export type ContestState = 'open' | 'upheld' | 'rejected' | 'lapsed'

export type ContestRemedy =
  | { readonly kind: 'exclude' }
  | {
      readonly kind: 'correct'
      readonly outcomeCorrect: boolean | null
      readonly aiCorrect: boolean | null
    }

/** Purpose of an organisation's secret key: signing telemetry sessions, or hashing erased operator ids. */
export type SecretPurpose = 'telemetry' | 'erasure'

type DayRow = { org_id: string; domain: Domain; day: number; counters: string[]; side: string[] }
