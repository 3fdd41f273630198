import type { CallOptions, Transport } from './transport.ts'

export type AuditFilter = {
  /** Exact, or a prefix when it ends in a dot. */
  readonly action?: string
  readonly resourceType?: string
  readonly resourceId?: string
  /** The actor. */
  readonly userId?: string
  /** ISO 8601. */
  readonly from?: string
  readonly to?: string
  readonly cursor?: string
  readonly limit?: number
}

export type AuditLog = {
  readonly id: string
  readonly seq: number
  readonly action: string
  /** Null, as what follows, once retention has removed the body and kept the hash. */
  readonly outcome: 'done' | 'refused' | null
  readonly reason: string | null
  readonly actorKind: string | null
  readonly actorId: string | null
  readonly userId: string | null
  readonly resourceType: string | null
  readonly resourceId: string | null
  readonly ipAddress: string | null
  readonly details: Readonly<Record<string, unknown>> | null
  readonly entryHash: string
  readonly createdAt: string
}

export type AuditPage = {
  readonly auditLogs: readonly AuditLog[]
  readonly nextCursor: string | null
  readonly hasMore: boolean
}

export type AuditVerdict = {
  readonly intact: boolean
  readonly entries: number
  readonly headHash: string
  readonly faults: readonly { readonly seq: number; readonly because: string }[]
}

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
