import type { AuditPayload } from '@gatehouse/kernel/audit'

/** What every body has, and what one has whose format is ours. */
export type ReadPayload = Partial<AuditPayload> & Pick<AuditPayload, 'outcome'>

/** Parses the body of an entry; undefined once retention has removed it. */
export function readAuditPayload(payload: string | null): ReadPayload | undefined {
  if (payload === null) return undefined
  // Safe: the audit log writes payloads from this type or, where a published format defines the content, from one that may
  // lack members of it; the hash chain proves that nobody changed them.
  const body = JSON.parse(payload) as Partial<AuditPayload>
  // Published formats tell of what was done alone.
  return { ...body, outcome: body.outcome ?? 'done' }
}
