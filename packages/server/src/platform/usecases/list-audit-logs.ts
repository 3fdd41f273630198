import { listEntries, toChainEntry, type ChainEntry } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import type { AuditQuery, WireAuditLog } from '../contract/audit.ts'
import type { PlatformDeps } from '../deps.ts'
import { readAuditPayload } from '../domain/read-audit-payload.ts'
import { problems } from '../problems.ts'

export type AuditPage = {
  readonly auditLogs: WireAuditLog[]
  readonly nextCursor: string | null
  readonly hasMore: boolean
}

const list = 'audit-logs'

/** One page of the caller's own chain, newest first; new entries never shift a page (A7, H10). */
export async function listAuditLogs(
  deps: Pick<PlatformDeps, 'db' | 'cursors'>,
  principal: Principal,
  { action, resourceType, resourceId, userId, from, to, cursor, limit }: AuditQuery,
): Promise<AuditPage> {
  const beforeSeq = cursor === undefined ? undefined : toSeq(deps.cursors.open(list, principal.orgId, cursor))
  const filter = { action, resourceType, resourceId, actorId: userId, fromMs: from, toMs: to }
  const rows = await within(deps, principal, (tx) => listEntries(tx, filter, { beforeSeq, limit: limit + 1 }))
  const entries = rows.slice(0, limit).map(toChainEntry)
  const last = entries.at(-1)
  const hasMore = rows.length > limit
  return {
    auditLogs: entries.map(toWireAuditLog),
    nextCursor: hasMore && last ? deps.cursors.seal(list, principal.orgId, String(last.seq)) : null,
    hasMore,
  }
}

function toSeq(position: string | undefined): number {
  if (position === undefined)
    throw problems.VALIDATION_ERROR({
      fields: [{ field: 'cursor', message: 'is not a cursor of this list' }],
    })
  return Number(position)
}

function toWireAuditLog(entry: ChainEntry): WireAuditLog {
  const body = readAuditPayload(entry.payload)
  return {
    id: `${entry.org_id}:${entry.seq}`,
    seq: entry.seq,
    action: entry.event_type,
    outcome: body?.outcome ?? null,
    reason: body?.reason ?? null,
    actorKind: body?.actor_kind ?? null,
    actorId: entry.actor_id,
    userId: body?.actor_kind === 'member' ? body.actor_id : null,
    resourceType: entry.resource_type,
    resourceId: entry.resource_id,
    ipAddress: body?.ip ?? null,
    // Safe: the payload came out of JSON, so its detail is JSON.
    details: (body?.detail ?? null) as WireAuditLog['details'],
    entryHash: entry.entry_hash,
    createdAt: entry.ts,
  }
}
