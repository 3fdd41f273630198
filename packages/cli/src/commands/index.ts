import type { Command } from '../command.ts'
import { auditIps } from './audit-ips.ts'
import { auditVerify } from './audit-verify.ts'
import { doctor } from './doctor.ts'
import { eraseOrg } from './erase.ts'
import { exportOrg } from './export.ts'
import { keysCreate } from './keys-create.ts'
import { login, logout } from './login.ts'
import { oversightImport } from './oversight-import.ts'
import { oversightProfile } from './oversight-profile.ts'
import { oversightReport } from './oversight-report.ts'
import { oversightScore } from './oversight-score.ts'
import { oversightValidate } from './oversight-validate.ts'
import { orgsList } from './orgs-list.ts'
import { ownerCreate } from './owner-create.ts'
import { ownerLink } from './owner-link.ts'
import { postureInit } from './posture-init.ts'
import { postureVerify } from './posture-verify.ts'
import { runbookList, runbookRuns } from './runbook.ts'
import { secretsRetire, secretsRotate, secretsStatus } from './secrets.ts'
import { resetLink } from './reset-link.ts'
import { serve } from './serve.ts'
import { volatilityBacktest } from './volatility-backtest.ts'
import { volatilityCalibrate } from './volatility-calibrate.ts'
import { volatilitySimulate } from './volatility-simulate.ts'
import { volatilityConsensus } from './volatility-consensus.ts'
import { volatilityExport } from './volatility-export.ts'
import { volatilityFeeds } from './volatility-feeds.ts'
import { volatilityHistory } from './volatility-history.ts'
import { volatilityImpact } from './volatility-impact.ts'
import { volatilityLeadLag } from './volatility-lead-lag.ts'
import { volatilityQuality } from './volatility-quality.ts'
import { volatilityRebuild } from './volatility-rebuild.ts'
import { volatilityPresets } from './volatility-presets.ts'
import { volatilityRegime } from './volatility-regime.ts'
import { volatilityReplay } from './volatility-replay.ts'
import { volatilitySymbolsCheck } from './volatility-symbols-check.ts'
import { volatilityWatch } from './volatility-watch.ts'

export const commands: readonly Command[] = [
  serve,
  doctor,
  ownerCreate,
  ownerLink,
  resetLink,
  orgsList,
  keysCreate,
  login,
  logout,
  auditVerify,
  auditIps,
  oversightScore,
  oversightImport,
  oversightProfile,
  oversightReport,
  oversightValidate,
  volatilityRegime,
  volatilityHistory,
  volatilityWatch,
  volatilityExport,
  volatilityFeeds,
  volatilityQuality,
  volatilityCalibrate,
  volatilityReplay,
  volatilityRebuild,
  volatilitySymbolsCheck,
  volatilitySimulate,
  volatilityImpact,
  volatilityConsensus,
  volatilityLeadLag,
  volatilityBacktest,
  volatilityPresets,
  exportOrg,
  eraseOrg,
  secretsStatus,
  secretsRotate,
  secretsRetire,
  postureInit,
  postureVerify,
  runbookList,
  ...runbookRuns,
]
