import { Readable } from 'node:stream'
import { exportChain, mutate } from '@gatehouse/kernel/audit'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'

/** The whole chain as NDJSON, read page by page while it is sent; that it was taken is an entry of it, too. */
export async function exportAuditLogs(deps: PlatformDeps, member: MemberPrincipal): Promise<Readable> {
  await mutate(deps, member, async () => ({
    result: undefined,
    entry: { action: 'audit.export', resourceId: member.orgId, at: deps.clock.now() },
  }))
  return Readable.from(toLines(deps, member))
}

async function* toLines(deps: PlatformDeps, member: MemberPrincipal): AsyncGenerator<string> {
  for await (const entry of exportChain(deps, member)) yield `${JSON.stringify(entry)}\n`
}
