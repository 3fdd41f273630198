import { type ChainReport, verifyChain } from '@gatehouse/kernel/audit'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'

export async function verifyAuditLogs(deps: PlatformDeps, member: MemberPrincipal): Promise<ChainReport> {
  return verifyChain(deps, member, deps.auditKeys)
}
