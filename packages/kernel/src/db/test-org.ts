import { createHash } from 'node:crypto'

/**
 * The id of an org's test org, whether or not there is one yet: a UUID of version 8, made from the org's own. Row
 * security shows nobody both orgs at once, so that neither could look the other up.
 */
export function toTestOrgId(orgId: string): string {
  const bytes = createHash('sha256').update(`gatehouse test org ${orgId}`).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
