export { advisoryLocks } from './advisory-locks.ts'
export { openDatabase, type Database, type DatabaseOptions } from './database.ts'
export {
  asEraser,
  asGate,
  asWriter,
  decideWithin,
  lendWriter,
  query,
  raiseToDecision,
  recordTelemetry,
  rehearse,
  settleTogether,
  within,
  type AnyTx,
  type EraserTx,
  type GateTx,
  type TelemetryTx,
  type TenantTx,
  type WriterTx,
  type WritingTx,
} from './transactions.ts'
export { assertNotNewer, isMigrated, migrate, type MigrationSet } from './migrate.ts'
export { assertChannel } from './assert-channel.ts'
export { assertServer } from './assert-server.ts'
export { judgeDatabaseTransport, judgeValkeyTransport, type Transport } from './judge-transport.ts'
export { assertTenancy } from './assert-tenancy.ts'
export {
  listenForInvalidations,
  type InvalidationChannel,
  type InvalidationListener,
  type Invalidations,
} from './invalidations.ts'
export { endLockSession, openLockSession, type LockSession } from './lock-session.ts'
export { holdNodeLock, type NodeLock, type NodeLockMode, type NodeLockOptions } from './node-lock.ts'
export { ensurePartitions, type PartitionedTable } from './partitions.ts'
export { kernelOrgTables, type OrgTable } from './org-table.ts'
export { toTestOrgId } from './test-org.ts'
export { kernelPersonalTables, type PersonalTable } from './personal-table.ts'
export { kernelMigrations, kernelPartitions } from './kernel-migrations.ts'
export { followDatabaseClock, type FollowedClock } from './follow-database-clock.ts'
export { isOutage } from './is-outage.ts'
export { isConflict, retryConflicts } from './retry-conflicts.ts'
export { outlastOutages } from './outlast-outages.ts'
export { probeWrites } from './probe-writes.ts'
export { readMember } from './stored-json.ts'
export { cutOnSilence } from './cut-on-silence.ts'
export { connectOnce, type RunStatement } from './connect-once.ts'
export {
  codecs,
  column,
  fromRow,
  toEntity,
  toOrgTable,
  toRow,
  toSealedColumns,
  type Columns,
  type EntityOf,
  type NewOf,
  type RowOf,
} from './columns.ts'
export { readFacts } from './read-facts.ts'
export { tryStatement } from './try-statement.ts'
export { isCommitHeld } from './held-commit.ts'
export {
  type DatabaseSession,
  endSessionsOfRole,
  isPasswordTaken,
  listSessionsOfRole,
  replacePassword,
} from './replace-password.ts'
