import { Readable } from 'node:stream'
import { exportChain, exportCheckpoints, mutate } from '@gatehouse/kernel/audit'
import { recordTelemetry } from '@gatehouse/kernel/db'
import type { MemberPrincipal, Principal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'

/**
 * Exports the whole chain as NDJSON, read page by page while it is sent; the export itself is recorded as an entry.
 * Checkpoints come first, and the newest covers the last entry, so that a truncated file is detectable.
 */
export async function exportAuditLogs(deps: PlatformDeps, member: MemberPrincipal): Promise<Readable> {
  await mutate(deps, member, async () => ({
    result: undefined,
    entry: { action: 'audit.export', resourceId: member.orgId, at: deps.clock.now() },
  }))
  const lastSeq = await recordTelemetry(deps, member, (tx) => deps.audit.checkpoint(tx, deps.clock.now()))
  return Readable.from(toAuditLines(deps, member, lastSeq))
}

/** Checkpoints and entries up to `lastSeq`, one per line. */
export async function* toAuditLines(
  deps: Pick<PlatformDeps, 'db'>,
  principal: Principal,
  lastSeq: number,
): AsyncGenerator<string> {
  for await (const checkpoint of exportCheckpoints(deps, principal, lastSeq))
    yield `${JSON.stringify({ kind: 'checkpoint', ...checkpoint })}\n`
  for await (const entry of exportChain(deps, principal, lastSeq)) yield `${JSON.stringify(entry)}\n`
}
