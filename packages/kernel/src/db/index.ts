export { openDatabase, type Database, type DatabaseOptions } from './database.ts'
export {
  asEraser,
  asGate,
  asWriter,
  query,
  within,
  type AnyTx,
  type EraserTx,
  type GateTx,
  type TenantTx,
  type WriterTx,
} from './transactions.ts'
export { isMigrated, migrate, type MigrationSet } from './migrate.ts'
export { assertTenancy } from './assert-tenancy.ts'
export {
  listenForInvalidations,
  type InvalidationChannel,
  type InvalidationListener,
  type Invalidations,
} from './invalidations.ts'
export { holdNodeLock, type NodeLock, type NodeLockMode, type NodeLockOptions } from './node-lock.ts'
export { ensurePartitions, type PartitionedTable } from './partitions.ts'
export { kernelOrgTables, type OrgTable } from './org-table.ts'
export { toTestOrgId } from './test-org.ts'
export { kernelPersonalTables, type PersonalTable } from './personal-table.ts'
export { kernelMigrations, kernelPartitions } from './kernel-migrations.ts'
export { connectOnce, type RunStatement } from './connect-once.ts'
