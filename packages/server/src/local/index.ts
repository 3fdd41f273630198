export {
  acceptCalibration,
  calibrateStored,
  listCalibrationProposals,
  refuseCalibration,
  type StoredCalibrationRun,
  type StoredCalibrationWish,
} from './calibrate-stored.ts'
export { calibrateVolatility, isTimeframe, type VolatilityCalibration } from './calibrate-volatility.ts'
export { checkSymbols } from './check-symbols.ts'
export { createLocalKey, type LocalKey, type LocalKeyRequest } from './create-local-key.ts'
export { createLocalOwner, type LocalOwner, type LocalOwnerRequest } from './create-local-owner.ts'
export { eraseLocalTeam, type LocalErasure } from './erase-local-team.ts'
export { exportLocalTeam, type LocalExport } from './export-local-team.ts'
export { examineInstance } from './examine-instance.ts'
export type { Finding } from './judge-instance.ts'
export { listLocalAddresses, type LocalAddress } from './list-local-addresses.ts'
export { listLocalTeams } from './find-local-team.ts'
export { createLocalOwnerLink } from './create-local-owner-link.ts'
export { createLocalResetLink } from './create-local-reset-link.ts'
export { withLocalInstance, type LocalInstance, type LocalOptions } from './local-instance.ts'
export {
  retireSecret,
  rotateSecret,
  secretsStatus,
  type SecretRotation,
  type SecretStatus,
} from './secrets.ts'
export { startSimulatorProcess as simulateVenues } from '../embedded/simulator-process.ts'
export { rebuildVolatility, replayVolatility, type MarketWish } from './volatility-markets.ts'
export { validateOversight, type OversightValidation } from './validate-oversight.ts'
export type { CalibrationProgress, CalibrationReport } from '../services/volatility/calibration/calibrate.ts'
export { isKeyName, type KeyName } from '../embedded/first-run.ts'
export { drillLocalRunbook } from './drill/drill-local-runbook.ts'
export {
  isRunbookId,
  type ListedRunbook,
  listRunbooks,
  needsPerson,
  runLocalRunbook,
  type RunbookWish,
} from './run-local-runbook.ts'
export type { RunbookRun, RunbookTeller } from './runbooks/run-runbook.ts'
export type { Person, RunbookOptions } from './runbooks/runbook.ts'
export { type RunbookId, runbookIds, type RunbookRecord } from '../operations/runbook-records.ts'
export {
  type PostureResult,
  type PostureWish,
  verifyOwnClaims,
  verifyPosture,
  verifyTarget,
} from './verify-posture.ts'
