import { agedId, agedOrg, dayMs, untilExpiry } from '../../../service/testing/aged-row.ts'
import type { Canary, CanaryRow } from '../../../service/testing/canary.ts'
import type { Make, ServiceWalks } from '../../../service/testing/walks.ts'
import { toCanaryRow } from '../../../service/testing/to-canary-row.ts'
import { exerciseColumns } from '../store/exercise-columns.ts'
import { agedDecisions, toDecisionRows } from './decision-rows.ts'
import { toEvidenceRows } from './evidence-rows.ts'
import { toStamps } from './stamps.ts'

const at = new Date().toISOString()

export const walks = {
  toCanaryRows,
  furnish: async (make, canary) => {
    const name = canary.replaceAll(/[^\w-]/g, '-')
    const { receipt } = await make('/v1/score', toScore(name))
    // Safe: a score is answered with its receipt.
    const { receipt_id: receipts } = receipt as unknown as { readonly receipt_id: string }
    await make('/v1/score/batch', {
      session_id: `${name}.stamps`,
      operator_id: name,
      domain: 'financial',
      interactions: toStamps(60),
    })
    const { import: begun } = await make('/v1/imports', { name: canary })
    // Safe: the reply of `POST /v1/imports`.
    const { import_id: imports } = begun as unknown as { readonly import_id: string }
    const { exercise } = await make<{ exercise: { readonly id: string } }>(
      '/v1/maintenance/exercises',
      toExercise(canary),
    )
    const { report } = await make<{ report: { readonly report_id: string } }>('/v1/compliance/report')
    const { alerts } = await make<{ alerts: readonly { readonly alert_id: string }[] }>('/v1/alerts')
    const { endpoint_id: webhook } = await make<{ endpoint_id: string }>('/v1/admin/webhook/register', {
      url: 'https://93.184.216.34/',
      events: ['score.committed'],
    })
    const token = await openLink(make, name)
    const { contest } = await make(
      '/v1/own-record/contests',
      { session_id: name, reason: 'other', statement: canary },
      token,
    )
    // Safe: the reply is the contest.
    const { contest_id: contests } = contest as unknown as { readonly contest_id: string }
    const { link } = await make(`/v1/operator/${name}/access-link`, {})
    // Safe: the reply is the link.
    const { link_id: links } = link as unknown as { readonly link_id: string }
    const { ai_decision_log_id: decision } = await make<{ ai_decision_log_id: string }>(
      '/v1/decision/score',
      { model: { provider: 'openai', name: canary }, domain: 'aviation', operator_id: name, tags: [canary] },
    )
    return {
      score: name,
      operator: name,
      receipts,
      imports,
      reports: report.report_id,
      contests,
      exercises: exercise.id,
      'access-links': links,
      authenticators: name,
      decision,
      decisions: decision,
      replay: decision,
      alerts: alerts[0]?.alert_id ?? '',
      webhook,
    }
  },
  openLink: async (make) => {
    await make('/v1/score', toScore('stranger'))
    return openLink(make, 'stranger')
  },
  bodies: {
    commitScore: { decision: 'accepted' },
    reviewDecision: { action: 'approve' },
    setDecisionPolicy: { stakes: {} },
    previewDecisionPolicy: { stakes: {} },
    reportOutcome: { outcome_correct: true },
    changeOperator: { role_class: 'critical' },
    decideContest: { decision: 'upheld', exclude: true },
    tieMember: { user_id: null },
  },
  agedRows: {
    'reports of periods that still ran': {
      keptMs: untilExpiry,
      insert: `
        INSERT INTO oversight.report
          (org_id, report_id, from_day, to_day, is_closed, revision, body, body_hash, html_en, html_en_hash, html_ja,
           html_ja_hash, pdf, pdf_hash, assessment, created_at, expires_at)
        VALUES (${agedOrg}, ${agedId}, 1, 2, false, 1, 'x', 'x', 'x', 'x', 'x', 'x', '', 'x', 'compliant', now(), $1)`,
    },
    'lines of imports that were rejected': {
      keptMs: 90 * dayMs,
      insert: `
        WITH job AS (
          INSERT INTO oversight.import_job (org_id, id, name, state, on_error, is_dry_run, created_at)
          VALUES (${agedOrg}, ${agedId}, 'x', 'open', 'skip', false, now()) RETURNING id)
        INSERT INTO oversight.import_reject (org_id, import_id, line, message, rejected_at)
        SELECT ${agedOrg}, id, 1, 'x', $1 FROM job`,
    },
    'requests per day': {
      keptMs: 90 * dayMs,
      insert: `
        INSERT INTO oversight.request_day (org_id, day, requests, counted_at)
        VALUES (${agedOrg}, (random() * 2000000000)::integer, 1, $1)`,
    },
    'alerts that are over': {
      keptMs: 90 * dayMs,
      insert: `
        INSERT INTO oversight.alert (org_id, id, kind, severity, subject, data, opened_at, closed_at)
        VALUES (${agedOrg}, ${agedId}, 'chain_broken', 'high', 'x', '{}', now(), $1)`,
    },
    'decisions with AI advice': {
      keptMs: 731 * dayMs,
      insert: `
        INSERT INTO oversight.interaction
          (org_id, id, received_at, operator_id, domain, session_id, inputs, state, evidence, evidence_grade, occurred_at,
           day, source, norm_id, t_min_ms, t_ref_ms, settings_version, model_version, ledger_seq, receipt_id)
        VALUES (${agedOrg}, ${agedId}, $1, 'x', 'general', 'x', '{}', 'open', '{}', 'asserted', now(), 1, 'score', 'x', 500, 15000,
                1, 'x', 1, 'x')`,
    },
    'events of the decisions': {
      keptMs: 731 * dayMs,
      insert: `
        INSERT INTO oversight.ledger_event
          (org_id, operator_id, domain, ledger_seq, kind, interaction_id, day, shown, receipt_id, at)
        VALUES (${agedOrg}, ${agedId}, 'general', 1, 'score', 'x', 1, '{}', 'x', $1)`,
    },
    'sessions of the decisions': {
      keptMs: 731 * dayMs,
      insert: `
        INSERT INTO oversight.session (org_id, session_id, operator_id, domain, received_at)
        VALUES (${agedOrg}, ${agedId}, 'x', 'general', $1)`,
    },
    'names of the decisions': {
      keptMs: 731 * dayMs,
      insert: `
        WITH owner AS (
          INSERT INTO oversight.session (org_id, session_id, operator_id, domain, received_at)
          VALUES (${agedOrg}, ${agedId}, 'x', 'general', now()) RETURNING session_id)
        INSERT INTO oversight.session_key (org_id, session_id, name, content_hash, interaction_id, received_at)
        SELECT ${agedOrg}, session_id, 'x', 'x', 'x', $1 FROM owner`,
    },
    ...agedDecisions,
    'what screens reported': {
      keptMs: 90 * dayMs,
      insert: `
        WITH opened AS (
          INSERT INTO oversight.telemetry_session
            (org_id, nonce_hash, kind, operator_id, session_id, issued_at, expires_at)
          VALUES (${agedOrg}, ${agedId}, 'telemetry', 'x', 'x', now(), now()) RETURNING nonce_hash)
        INSERT INTO oversight.telemetry_event (org_id, nonce_hash, event_seq, event_type, received_at)
        SELECT ${agedOrg}, nonce_hash, 1, 'hover', $1 FROM opened`,
    },
    'telemetry sessions': {
      keptMs: 90 * dayMs,
      insert: `
        INSERT INTO oversight.telemetry_session
          (org_id, nonce_hash, kind, operator_id, session_id, issued_at, expires_at)
        VALUES (${agedOrg}, ${agedId}, 'telemetry', 'x', 'x', $1, $1)`,
    },
    'calls of an AI that were seen': {
      keptMs: 90 * dayMs,
      insert: `
        INSERT INTO oversight.observed_call (org_id, request_id, received_at, source, provider, model)
        VALUES (${agedOrg}, ${agedId}, $1, '', '', '')`,
    },
    'daily counts of calls that were seen': {
      keptMs: 731 * dayMs,
      insert: `
        INSERT INTO oversight.observed_day (org_id, day, source, provider, model, observed, matched)
        VALUES (${agedOrg}, $1, ${agedId}, '', '', 1, 0)`,
    },
    'looks at a person’s figures': {
      keptMs: 731 * dayMs,
      insert: `
        INSERT INTO oversight.profile_view (org_id, operator_id, day, actor_kind, actor_id, at)
        VALUES (${agedOrg}, ${agedId}, 1, 'key', 'x', $1)`,
    },
    'objections of people': {
      keptMs: 731 * dayMs,
      insert: `
        INSERT INTO oversight.contest
          (org_id, id, operator_id, domain, interaction_id, session_id, reason, statement, state, opened_at, due_at)
        VALUES (${agedOrg}, ${agedId}, 'x', 'general', ${agedId}, 'x', 'other', '', 'rejected', $1, $1)`,
    },
    'links to a person’s record': {
      keptMs: 90 * dayMs,
      insert: `
        INSERT INTO oversight.access_link
          (org_id, id, operator_id, token_digest, created_at, created_by, expires_at)
        VALUES (${agedOrg}, ${agedId}, 'x', uuid_send(gen_random_uuid()), now(), 'x', $1)`,
    },
    'passkeys about to be enrolled': {
      keptMs: untilExpiry,
      insert: `
        INSERT INTO oversight.enrolment (org_id, operator_id, bound_to, challenge, rp_id, expires_at)
        VALUES (${agedOrg}, ${agedId}, 'x', 'x', 'x', $1)`,
    },
    'proofs of decisions': {
      keptMs: untilExpiry,
      insert: `
        INSERT INTO oversight.attest_proof
          (org_id, proof_hash, operator_id, canonical_hash, nonce_hash, enrolled_by, expires_at)
        VALUES (${agedOrg}, ${agedId}, 'x', 'x', 'x', 'link', $1)`,
    },
  },
} satisfies ServiceWalks

function toExercise(title: string): object {
  return {
    title,
    description: title,
    target_dimension: 'error_detection',
    estimated_minutes: 10,
    steps: [title],
  }
}

/** The body of one decision of an operator; the session has the operator's name. */
function toScore(name: string): object {
  return {
    session_id: name,
    operator_id: name,
    domain: 'financial',
    interaction: {
      ai_recommendation_presented: true,
      ai_available: true,
      time_to_decision_ms: 4_200,
      decision: 'modified',
      modification_extent: 0.3,
      scenario_type: 'standard',
    },
  }
}

/** The token of a new link to an operator's record. */
async function openLink(make: Make, name: string): Promise<string> {
  const { url } = await make(`/v1/operator/${name}/access-link`, {})
  // Safe: the link's URL is a string whose fragment is the token.
  return new URL(url as unknown as string).hash.slice(1)
}

function toCanaryRows(canary: Canary): readonly CanaryRow[] {
  const { orgId: org_id, word } = canary
  const who = { org_id, operator_id: word, domain: 'financial' }
  const seven = [50, 50, 50, 50, 50, 50, 50]
  const counters = Array.from({ length: 72 }, () => 0)
  const side = Array.from({ length: 11 }, () => 0)
  const shown = { jis: null, withheld: 'minimum_data' }
  return [
    [
      'oversight.report',
      {
        org_id,
        report_id: word,
        from_day: 1,
        to_day: 2,
        is_closed: true,
        revision: 1,
        body: word,
        body_hash: word,
        html_en: word,
        html_en_hash: word,
        html_ja: word,
        html_ja_hash: word,
        pdf: '\\x00',
        pdf_hash: word,
        pdf_ja: '\\x00',
        pdf_ja_hash: word,
        assessment: 'compliant',
        created_at: at,
      },
    ],
    [
      'oversight.import_job',
      { org_id, id: word, name: word, state: 'open', on_error: 'skip', is_dry_run: false, created_at: at },
    ],
    ['oversight.import_reject', { org_id, import_id: word, line: 1, message: word, rejected_at: at }],
    ['oversight.announced_assessment', { org_id, assessment: 'compliant', at }],
    ['oversight.request_day', { org_id, day: 20_000, requests: 1, counted_at: at }],
    [
      'oversight.alert',
      {
        ...who,
        id: word,
        kind: 'rubber_stamping',
        severity: 'medium',
        subject: word,
        data: {},
        acknowledged_by: word,
        opened_at: at,
      },
    ],
    ['oversight.practice_item', toCanaryRow(exerciseColumns, canary, { dimension: 'error_detection' })],
    ['oversight.settings', { org_id, version: 2, body: { stampMs: 1_500 }, created_at: at }],
    [
      'oversight.norm',
      {
        org_id,
        domain: 'financial',
        version: 1,
        norm_id: word,
        effective_day: 20_000,
        t_min_ms: 500,
        t_ref_ms: 15_000,
        prior: seven,
        n_trials: 500,
        n_operators: 5,
        created_at: at,
      },
    ],
    [
      'oversight.operator',
      {
        org_id,
        operator_id: word,
        role_class: 'high_risk',
        notice_version: word,
        first_seen_at: at,
        last_seen_at: at,
      },
    ],
    [
      'oversight.interaction',
      {
        ...who,
        id: word,
        received_at: at,
        session_id: word,
        inputs: {},
        state: 'open',
        evidence: {},
        evidence_grade: 'asserted',
        occurred_at: at,
        day: 20_000,
        source: 'score',
        norm_id: word,
        t_min_ms: 500,
        t_ref_ms: 15_000,
        settings_version: 1,
        model_version: 'oversight-1.0.0',
        ledger_seq: 1,
        receipt_id: word,
      },
    ],
    ['oversight.session', { ...who, session_id: word, received_at: at }],
    [
      'oversight.session_key',
      { org_id, session_id: word, name: word, content_hash: word, interaction_id: word, received_at: at },
    ],
    [
      'oversight.ledger_event',
      {
        ...who,
        ledger_seq: 1,
        kind: 'score',
        interaction_id: word,
        data: {},
        day: 20_000,
        shown,
        receipt_id: word,
        at,
      },
    ],
    ['oversight.operator_day', { ...who, day: 20_000, counters, side }],
    ['oversight.org_day', { org_id, domain: 'financial', day: 20_000, counters, side }],
    [
      'oversight.operator_state',
      {
        ...who,
        as_of_day: 20_000,
        ledger_seq: 1,
        post_left: 0,
        sums: counters,
        window_counts: counters,
        window_side: side,
        counted: 0,
        last_received_at: at,
      },
    ],
    ['oversight.operator_history', { ...who, day: 20_000, dimensions: seven, n_effective: 0 }],
    [
      'oversight.receipt',
      {
        org_id,
        receipt_id: word,
        kind: 'score',
        seq: 1,
        model_version: 'oversight-1.0.0',
        params_hash: word,
        settings_version: 1,
      },
    ],
    ...toDecisionRows(canary),
    ...toEvidenceRows(canary),
  ]
}
