import type { PartitionedTable } from '@gatehouse/kernel/db'
import type { ServiceSchema } from '../../service/define-service.ts'
import { volatilityRetention } from './retention.ts'

export const barPartitions: PartitionedTable = { table: 'volatility.bar', every: 'month', ahead: 2 }

export const volatilitySchema: ServiceSchema = {
  migrations: [{ module: 'volatility', folder: new URL('./migrations/', import.meta.url) }],
  partitions: [barPartitions],
  retention: volatilityRetention,
  personal: [],
  orgs: [
    {
      table: 'volatility.subscription',
      columns: [
        'number',
        'id',
        'kind',
        'shown',
        'key_id',
        'events',
        'symbols',
        'timeframes',
        'to_regimes',
        'preset',
        'method',
        'description',
        'state',
        'disabled_at',
        'created_at',
      ],
      withheld: { sealed_target: 'a secret', sealed_secret: 'a secret' },
    },
    { table: 'volatility.subscription_number', columns: ['newest'] },
    { table: 'volatility.stream_use', columns: ['node', 'open', 'held_until'] },
    { table: 'volatility.preset_head', columns: ['revision'] },
    { table: 'volatility.preset', columns: ['name', 'id', 'version'] },
    {
      table: 'volatility.preset_version',
      columns: [
        'preset_id',
        'version',
        'method',
        'high_enter',
        'high_exit',
        'low_enter',
        'low_exit',
        'enter_k',
        'exit_k',
        'description',
        'created_at',
      ],
    },
    {
      table: 'volatility.org_machine',
      columns: ['preset_id', 'preset_version', 'series_id', 'regime', 'run', 'entered_ms', 'newest'],
    },
    {
      table: 'volatility.org_transition',
      columns: [
        'seq',
        'preset_id',
        'preset_version',
        'series_id',
        'series_version',
        'from_regime',
        'to_regime',
        'ts_ms',
        'z',
        'rv',
        'baseline',
        'close',
        'reason',
        'late',
      ],
    },
    { table: 'volatility.key_allowlist', columns: ['key_id', 'symbols', 'ceiling', 'updated_at'] },
    {
      table: 'volatility.feedback',
      columns: ['id', 'seq', 'symbol', 'timeframe', 'verdict', 'note', 'created_at'],
    },
    {
      table: 'volatility.event',
      columns: ['seq', 'id', 'type', 'body', 'created_at'],
    },
    {
      table: 'volatility.paddle_event',
      columns: ['event_type', 'occurred_at', 'status', 'period_ends_ms', 'disposition', 'received_at'],
      withheld: {
        event_id: 'names something at the payment provider',
        subscription_id: 'names something at the payment provider',
        price_ids: 'names something at the payment provider',
        sealed_body: 'what the payment provider sent, as it came',
      },
    },
    {
      table: 'volatility.paid_subscription',
      columns: ['bound_at', 'occurred_at', 'status', 'plan', 'period_ends_ms', 'past_due_since_ms'],
      withheld: {
        subscription_id: 'names something at the payment provider',
        event_id: 'names something at the payment provider',
      },
    },
  ],
  sealed: [
    {
      table: 'volatility.paddle_event',
      column: 'sealed_body',
      row: 'event_id',
      owner: 'org_id',
      within: 'org',
    },
    { table: 'volatility.subscription', column: 'sealed_target', row: 'id', owner: 'org_id', within: 'org' },
    { table: 'volatility.subscription', column: 'sealed_secret', row: 'id', owner: 'org_id', within: 'org' },
  ],
}
