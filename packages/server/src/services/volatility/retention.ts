import { retainDeliveries, type RetentionRow } from '@gatehouse/kernel/retention'
import { volatilityPolicy } from './policy.ts'
import { subscriptionQueue } from './store/subscription-store.ts'

const { retentionDays } = volatilityPolicy

/** How long the rows of this service's tables are kept. */
export const volatilityRetention: readonly RetentionRow[] = [
  {
    what: 'bars of 1 and 5 minutes',
    table: 'volatility.bar',
    time: 'open_at',
    kept: { days: retentionDays.shortBars },
    as: 'writer',
    how: { by: 'partition' },
    source: 'kernel.md §11',
  },
  {
    what: 'readings of derivatives',
    table: 'volatility.reading',
    time: 'at',
    kept: { days: retentionDays.readings },
    as: 'writer',
    how: { by: 'delete' },
    source: 'volatility.md 2.1',
  },
  {
    what: 'events of regimes',
    table: 'volatility.event',
    time: 'created_at',
    kept: { days: retentionDays.events },
    as: 'writer',
    how: { by: 'delete' },
    source: 'volatility-wire.md W3: 30 days',
  },
  ...retainDeliveries({
    queue: subscriptionQueue,
    named: 'regime',
    days: retentionDays.deliveries,
    heldDaysMax: retentionDays.deliveries,
    source: 'volatility.md §2.1: webhook attempts',
  }),
  {
    what: 'feedback on regimes',
    table: 'volatility.feedback',
    time: 'created_at',
    kept: { days: retentionDays.feedback },
    as: 'writer',
    how: { by: 'delete' },
    source: 'volatility.md §2.1',
  },
  ...['subscription', 'key_allowlist', 'preset_version', 'org_machine', 'org_transition', 'stream_use'].map(
    (table) => ({ table: `volatility.${table}`, lasts: 'life of the org' }) as const,
  ),
  ...[
    'long_bar',
    'market',
    'series',
    'machine',
    'day_table',
    'range_table',
    'calibration',
    'applied_preset',
    'proposal',
    'quality',
    'live_quality',
    'transition',
    'checkpoint',
    'late_bar',
    'absence',
    'feed',
    'paid_subscription',
    'paddle_event',
  ].map((table) => ({ table: `volatility.${table}`, lasts: 'life of the instance' }) as const),
]
