import { type Canary, type CanaryRow, toSecret } from '../../../service/testing/canary.ts'

const at = new Date().toISOString()

/** One row in each table for evidence and people's rights. */
export function toEvidenceRows(canary: Canary): readonly CanaryRow[] {
  const { orgId: org_id, word } = canary
  const who = { org_id, operator_id: word, domain: 'financial' }
  return [
    ['oversight.org_secret', { org_id, purpose: 'telemetry', sealed_key: toSecret(canary), created_at: at }],
    [
      'oversight.telemetry_session',
      {
        org_id,
        nonce_hash: word,
        kind: 'telemetry',
        operator_id: word,
        session_id: word,
        issued_at: at,
        expires_at: at,
        used_by: word,
      },
    ],
    [
      'oversight.telemetry_event',
      { org_id, nonce_hash: word, event_seq: 1, event_type: 'hover', received_at: at },
    ],
    [
      'oversight.observed_call',
      { org_id, request_id: word, received_at: at, source: word, provider: word, model: word },
    ],
    [
      'oversight.observed_day',
      { org_id, day: at, source: word, provider: word, model: word, observed: 1, matched: 1 },
    ],
    [
      'oversight.authenticator',
      {
        org_id,
        credential_id: word,
        operator_id: word,
        name: word,
        public_key: '\\x01',
        rp_id: word,
        sign_count: 0,
        transports: [word],
        enrolled_by: 'link',
        enrolled_at: at,
      },
    ],
    ['oversight.operator_member', { org_id, user_id: word, operator_id: word, tied_at: at }],
    [
      'oversight.access_link',
      {
        org_id,
        id: word,
        operator_id: word,
        token_digest: `\\x${Buffer.from(toSecret(canary)).toString('hex')}`,
        created_at: at,
        created_by: word,
        expires_at: at,
      },
    ],
    [
      'oversight.enrolment',
      {
        org_id,
        operator_id: word,
        bound_to: word,
        challenge: toSecret(canary),
        rp_id: word,
        expires_at: at,
      },
    ],
    [
      'oversight.profile_view',
      { org_id, operator_id: word, day: 20_000, actor_kind: 'member', actor_id: word, at },
    ],
    [
      'oversight.contest',
      {
        ...who,
        id: word,
        interaction_id: word,
        session_id: word,
        reason: 'other',
        statement: word,
        state: 'rejected',
        opened_at: at,
        due_at: at,
        decided_by: word,
        answer: word,
      },
    ],
    ['oversight.erased_operator', { org_id, operator_hash: toSecret(canary), erased_at: at }],
    [
      'oversight.attest_proof',
      {
        org_id,
        proof_hash: toSecret(canary),
        operator_id: word,
        canonical_hash: word,
        nonce_hash: word,
        enrolled_by: 'link',
        expires_at: at,
      },
    ],
  ]
}
