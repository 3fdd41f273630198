import type { RetentionRow } from '@gatehouse/kernel/retention'
import { policy } from './policy.ts'

export const postureRetention: readonly RetentionRow[] = [
  {
    what: 'evidence of claims',
    table: 'posture.evidence',
    time: 'started_at',
    kept: { days: policy.evidenceDays },
    as: 'writer',
    how: { by: 'partition' },
    source: 'posture: 13 months',
  },
  {
    what: 'runs of probes',
    table: 'posture.run',
    time: 'asked_at',
    kept: { days: policy.runDays },
    as: 'writer',
    how: { by: 'delete' },
    source: 'of interest while it runs, and shortly after',
  },
  { table: 'posture.policy', lasts: 'life of the instance' },
]
