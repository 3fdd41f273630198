import type { RetentionRow } from '@gatehouse/kernel/retention'
import { oversightPolicy } from './policy.ts'

const { alertDays, decisionMonths, interactionMonths, telemetryDays } = oversightPolicy.retention
const toDays = (months: number): number => Math.ceil((months * 365.25) / 12)
const days = toDays(interactionMonths)

/** How long the rows of this service's tables are kept. */
export const oversightRetention: readonly RetentionRow[] = [
  {
    what: 'decisions with AI advice',
    table: 'oversight.interaction',
    time: 'received_at',
    kept: { days },
    as: 'writer',
    how: { by: 'partition' },
    source: 'kernel.md §11',
  },
  ...(
    [
      ['events of the decisions', 'oversight.ledger_event', 'at'],
      ['names of the decisions', 'oversight.session_key', 'received_at'],
      ['sessions of the decisions', 'oversight.session', 'received_at'],
    ] as const
  ).map(
    ([what, table, time]) =>
      ({
        what,
        table,
        time,
        kept: { days },
        as: 'writer',
        how: { by: 'delete' },
        source: 'kernel.md §11',
      }) as const,
  ),
  ...(
    [
      ['decisions that were routed', 'oversight.decision', 'received_at', toDays(decisionMonths)],
      ['reviews of decisions', 'oversight.decision_review', 'at', toDays(decisionMonths)],
      ['what screens reported', 'oversight.telemetry_event', 'received_at', telemetryDays],
      ['telemetry sessions', 'oversight.telemetry_session', 'issued_at', telemetryDays],
      ['calls of an AI that were seen', 'oversight.observed_call', 'received_at', telemetryDays],
      ['daily counts of calls that were seen', 'oversight.observed_day', 'day', days],
    ] as const
  ).map(
    ([what, table, time, keptDays]) =>
      ({
        what,
        table,
        time,
        kept: { days: keptDays },
        as: 'writer',
        how: { by: 'delete' },
        source: 'kernel.md §11',
      }) as const,
  ),
  ...(
    [
      ['looks at a person’s figures', 'oversight.profile_view', 'at', days],
      ['objections of people', 'oversight.contest', 'opened_at', days],
      ['links to a person’s record', 'oversight.access_link', 'expires_at', telemetryDays],
    ] as const
  ).map(
    ([what, table, time, keptDays]) =>
      ({
        what,
        table,
        time,
        kept: { days: keptDays },
        as: 'writer',
        how: { by: 'delete' },
        source: 'oversight.md §13',
      }) as const,
  ),
  {
    what: 'passkeys about to be enrolled',
    table: 'oversight.enrolment',
    time: 'expires_at',
    kept: 'until expiry',
    as: 'writer',
    how: { by: 'delete' },
    source: 'oversight.md §9.4: five minutes',
  },
  {
    what: 'proofs of decisions',
    table: 'oversight.attest_proof',
    time: 'expires_at',
    kept: 'until expiry',
    as: 'writer',
    how: { by: 'delete' },
    source: 'oversight.md §9.4: five minutes',
  },
  {
    what: 'alerts that are over',
    table: 'oversight.alert',
    time: 'closed_at',
    kept: { days: alertDays },
    as: 'writer',
    how: { by: 'delete' },
    source: 'kernel.md §11',
  },
  {
    what: 'reports of periods that still ran',
    table: 'oversight.report',
    time: 'expires_at',
    kept: 'until expiry',
    as: 'writer',
    how: { by: 'delete' },
    source: 'oversight.md §11',
  },
  {
    what: 'lines of imports that were rejected',
    table: 'oversight.import_reject',
    time: 'rejected_at',
    kept: { days: telemetryDays },
    as: 'writer',
    how: { by: 'delete' },
    source: 'ours: as long as somebody may put them right',
  },
  {
    what: 'requests per day',
    table: 'oversight.request_day',
    time: 'counted_at',
    kept: { days: telemetryDays },
    as: 'writer',
    how: { by: 'delete' },
    source: 'oversight.md §2',
  },
  ...[
    'decision_policy',
    'operator_state',
    'operator',
    'norm',
    'settings',
    'practice_item',
    'authenticator',
    'org_secret',
    'announced_assessment',
    'operator_member',
    'erased_operator',
    'import_job',
  ].map((table) => ({ table: `oversight.${table}`, lasts: 'life of the org' }) as const),
]
