import type { AuditPayload } from '@gatehouse/kernel/audit'

/** Parses the body of an entry; undefined once retention has removed it. */
export function readAuditPayload(payload: string | null): AuditPayload | undefined {
  // Safe: the audit log writes payloads from this very type, and the hash chain proves that nobody changed them.
  return payload === null ? undefined : (JSON.parse(payload) as AuditPayload)
}
