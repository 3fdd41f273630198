import type { AuditFilter, AuditPage, AuditVerdict } from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'

/** The organisation's audit log, a hash chain. */
export function auditApi(send: Transport) {
  const logs = '/dashboard/audit-logs'
  return {
    list: (query: AuditFilter = {}, options?: CallOptions) =>
      send<AuditPage>('GET', logs, { ...options, query }),
    verify: (options?: CallOptions) => send<AuditVerdict>('GET', `${logs}/verify`, options),
    /** The whole audit log as NDJSON: one JSON object per line. */
    export: (options?: CallOptions) => send<Blob>('GET', `${logs}/export`, { ...options, as: 'blob' }),
    /** A Node.js program that verifies an exported audit log offline. */
    verifier: (options?: CallOptions) =>
      send<Blob>('GET', `${logs}/verify-audit.mjs`, { ...options, as: 'blob' }),
  }
}
