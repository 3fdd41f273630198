import { createHash } from 'node:crypto'

/**
 * The id of an org's test org, whether or not that exists yet: a UUID of version 8 that is derived from the org's own
 * id. It has to be derived, since row-level security never shows both orgs to one transaction.
 */
export function toTestOrgId(orgId: string): string {
  const bytes = createHash('sha256').update(`gatehouse test org ${orgId}`).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
