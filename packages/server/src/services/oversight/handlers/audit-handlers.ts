import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type {
  appendAudit,
  exportAuditEvents,
  getReceipt,
  listAuditEvents,
  readVerifier,
  verifyOwnChain,
} from '../contract/audit.ts'
import type { OversightDeps } from '../deps.ts'
import * as append from '../usecases/append-audit.ts'
import * as receipts from '../usecases/get-receipt.ts'
import * as audit from '../usecases/read-audit.ts'
import * as chain from '../usecases/verify-chain.ts'

type Audit = readonly [
  typeof listAuditEvents,
  typeof exportAuditEvents,
  typeof readVerifier,
  typeof verifyOwnChain,
  typeof appendAudit,
  typeof getReceipt,
]

export function auditHandlers(deps: OversightDeps): HandlersOf<Audit> {
  return {
    oversightAuditLog: (caller, { query }, context) => audit.listAuditEvents(deps, caller, query, context),
    oversightAuditExport: (caller, { query }) => audit.exportAuditEvents(deps, caller, query),
    oversightAuditVerifier: () => audit.readVerifier(),
    verifyOversightChain: (caller, { query }, context) => chain.verifyOwnChain(deps, caller, query, context),
    appendOversightAudit: (caller, { body }, context) => append.appendAudit(deps, caller, body, context),
    getAuditReceipt: (caller, { params, query }, context) =>
      receipts.getReceipt(deps, caller, params.receipt_id, query.session_id, context),
  }
}
