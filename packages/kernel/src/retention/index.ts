export { applyRetention, type RetentionDeps } from './apply-retention.ts'
export { kernelRetention } from './kernel-retention.ts'
export { retainDeliveries } from './retain-deliveries.ts'
export { findOldestOf } from './cut-in-role.ts'
export { listRetentionEvidence } from './list-retention-evidence.ts'
export {
  isCutRow,
  toThroughMs,
  type CutRow,
  type ElsewhereRow,
  type Kept,
  type LastingRow,
  type RetentionRow,
} from './retention-row.ts'
export type { RetentionRun } from './store/run-store.ts'
