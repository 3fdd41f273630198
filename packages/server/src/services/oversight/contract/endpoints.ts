import { acknowledgeAlert, listAlerts } from './alerts.ts'
import {
  appendAudit,
  exportAuditEvents,
  getReceipt,
  listAuditEvents,
  readVerifier,
  verifyOwnChain,
} from './audit.ts'
import { attestEndpoints } from './attest.ts'
import { contestEndpoints } from './contests.ts'
import { coverageEndpoints } from './coverage.ts'
import { exerciseEndpoints } from './exercises.ts'
import { readFront } from './front.ts'
import { masterEndpoints } from './master.ts'
import { ownRecordEndpoints } from './own-record.ts'
import { peopleEndpoints } from './people.ts'
import { getDecisionPolicy, setDecisionPolicy } from './decision-policy.ts'
import {
  getDecision,
  listDecisionQueue,
  listDecisions,
  replayDecision,
  resumeDecision,
  reviewDecision,
  scoreDecision,
} from './decisions.ts'
import { memberDoors } from '../../../service/member-doors.ts'
import { openToMembers } from './member-doors.ts'
import { getOversightReceipt } from './oversight-receipt.ts'
import { previewDecisionPolicy } from './policy-preview.ts'
import { revokeOwnKey, rotateOwnKey } from './own-key.ts'
import {
  cancelImport,
  createImport,
  finishImport,
  getImport,
  listImportRejects,
  listImports,
  putImportLines,
} from './imports.ts'
import {
  changeOperator,
  getSparkline,
  listInteractions,
  listOperators,
  recommendPractice,
} from './people-views.ts'
import { listOperatorViews, ownViewEndpoints } from './profile-views.ts'
import { getArticle14, getComplianceReport, getStoredReport, listComplianceReports } from './reports.ts'
import { commitScore, getScore, replayScore, reportOutcome, scoreBatch, scoreInteraction } from './scoring.ts'
import { getSettings, setSettings } from './settings.ts'
import { telemetryEndpoints } from './telemetry.ts'
import { getOrganization, getProfile } from './views.ts'
import { deleteRegisteredWebhook, listRegisteredWebhooks, registerWebhook } from './webhooks.ts'

/** Every operation of the service. */
export const oversightEndpoints = [
  readFront,
  ...openToMembers(
    listAlerts,
    acknowledgeAlert,
    createImport,
    listImports,
    getImport,
    putImportLines,
    finishImport,
    listImportRejects,
    cancelImport,
    getComplianceReport,
    listComplianceReports,
    getStoredReport,
    getArticle14,
    recommendPractice,
    ...exerciseEndpoints,
    getSparkline,
    listInteractions,
    listOperatorViews,
    changeOperator,
    listOperators,
    getProfile,
    getSettings,
    setSettings,
  ),
  rotateOwnKey,
  revokeOwnKey,
  registerWebhook,
  listRegisteredWebhooks,
  deleteRegisteredWebhook,
  listAuditEvents,
  exportAuditEvents,
  readVerifier,
  verifyOwnChain,
  appendAudit,
  getReceipt,
  ...masterEndpoints,
  scoreInteraction,
  scoreBatch,
  commitScore,
  reportOutcome,
  getScore,
  replayScore,
  scoreDecision,
  resumeDecision,
  ...openToMembers(
    getDecision,
    listDecisionQueue,
    reviewDecision,
    replayDecision,
    listDecisions,
    getOversightReceipt,
    getDecisionPolicy,
    setDecisionPolicy,
    previewDecisionPolicy,
  ),
  getOrganization,
  // Figures of the organisation name nobody, so viewers may read them too.
  ...memberDoors('oversight', { role: 'viewer' }, getOrganization),
  ...telemetryEndpoints,
  ...attestEndpoints,
  ...coverageEndpoints,
  ...ownRecordEndpoints,
  ...ownViewEndpoints,
  ...contestEndpoints,
  ...peopleEndpoints,
] as const
