import type { AuditFilter, AuditPage, AuditVerdict } from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'

/** What was decided in the organisation, as a chain of hashes. */
export function auditApi(send: Transport) {
  const logs = '/dashboard/audit-logs'
  return {
    list: (query: AuditFilter = {}, options?: CallOptions) =>
      send<AuditPage>('GET', logs, { ...options, query }),
    verify: (options?: CallOptions) => send<AuditVerdict>('GET', `${logs}/verify`, options),
    /** The chain as one JSON object a line. */
    export: (options?: CallOptions) => send<Blob>('GET', `${logs}/export`, { ...options, as: 'blob' }),
    /** The program that verifies an export offline. */
    verifier: (options?: CallOptions) =>
      send<Blob>('GET', `${logs}/verify-audit.mjs`, { ...options, as: 'blob' }),
  }
}
