import type { MigrationSet } from './migrate.ts'
import type { PartitionedTable } from './partitions.ts'

/** The kernel's migrations, in the order in which they build on each other. */
export const kernelMigrations: readonly MigrationSet[] = [
  { module: 'kernel/db', folder: new URL('./migrations/', import.meta.url) },
  { module: 'kernel/audit', folder: new URL('../audit/migrations/', import.meta.url) },
  { module: 'kernel/jobs', folder: new URL('../jobs/migrations/', import.meta.url) },
  { module: 'kernel/idempotency', folder: new URL('../idempotency/migrations/', import.meta.url) },
  { module: 'kernel/keys', folder: new URL('../keys/migrations/', import.meta.url) },
  { module: 'kernel/sessions', folder: new URL('../sessions/migrations/', import.meta.url) },
  { module: 'kernel/webhooks', folder: new URL('../webhooks/migrations/', import.meta.url) },
  { module: 'kernel/key-checks', folder: new URL('../key-checks/migrations/', import.meta.url) },
  { module: 'kernel/retention', folder: new URL('../retention/migrations/', import.meta.url) },
  { module: 'kernel/delivery', folder: new URL('../delivery/migrations/', import.meta.url) },
  { module: 'kernel/live', folder: new URL('../live/migrations/', import.meta.url) },
]

export const kernelPartitions: readonly PartitionedTable[] = [
  { table: 'gatehouse.api_call', every: 'month', ahead: 2 },
]
