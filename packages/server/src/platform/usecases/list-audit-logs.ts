import { listEntries, toChainEntry, type ChainEntry } from '@gatehouse/kernel/audit'
import { type TenantTx, within } from '@gatehouse/kernel/db'
import { findKeyNames } from '@gatehouse/kernel/keys'
import type { Principal } from '@gatehouse/kernel/principal'
import { openCursor, toPage } from '../../service/paging.ts'
import type { AuditQuery, WireAuditLog } from '../contract/audit.ts'
import type { PlatformDeps } from '../deps.ts'
import {
  toPublishedAction,
  toPublishedResourceType,
  toStoredActions,
  toStoredResourceTypes,
} from '../domain/published-actions.ts'
import { readAuditPayload } from '../domain/read-audit-payload.ts'
import { findUserNames } from '../store/user-name-store.ts'

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
  const { orgId } = principal
  const before = openCursor(deps, list, orgId, cursor)
  const beforeSeq = before === undefined ? undefined : Number(before)
  const filter = {
    actions: action === undefined ? undefined : toStoredActions(action),
    resourceTypes: resourceType === undefined ? undefined : toStoredResourceTypes(resourceType),
    resourceId,
    actorId: userId,
    fromMs: from,
    toMs: to,
  }
  return within(deps, principal, async (tx) => {
    const found = await listEntries(tx, filter, { beforeSeq, limit: limit + 1 })
    const { entries, nextCursor, hasMore } = toPage(
      deps,
      list,
      orgId,
      found.map(toChainEntry),
      limit,
      ({ seq }) => String(seq),
    )
    const nameOf = await readNames(tx, entries)
    return { auditLogs: entries.map((entry) => toWireAuditLog(entry, nameOf)), nextCursor, hasMore }
  })
}

type NameOf = (actorKind: string | undefined, actorId: string | null) => string

/** The present names of the people and keys in the entries. */
async function readNames(tx: TenantTx, entries: readonly ChainEntry[]): Promise<NameOf> {
  const ids = [...new Set(entries.flatMap(({ actor_id: id }) => id ?? []))]
  const users = await findUserNames(tx, ids)
  const keys = await findKeyNames(tx, ids)
  return (actorKind, actorId) => {
    if (actorKind === 'member') return users.get(actorId ?? '') ?? 'Former member'
    return actorKind === 'key' ? (keys.get(actorId ?? '') ?? 'API key') : 'System'
  }
}

function toWireAuditLog(entry: ChainEntry, nameOf: NameOf): WireAuditLog {
  const body = readAuditPayload(entry.payload)
  // Safe: the payload was parsed from JSON, so its detail is JSON.
  const metadata = (body?.detail ?? null) as WireAuditLog['metadata']
  return {
    id: `${entry.org_id}:${entry.seq}`,
    teamId: entry.org_id,
    seq: entry.seq,
    action: toPublishedAction(entry.event_type),
    eventType: entry.event_type,
    outcome: body?.outcome ?? null,
    reason: body?.reason ?? null,
    actorKind: body?.actor_kind ?? null,
    actorId: entry.actor_id,
    userId: body?.actor_kind === 'member' ? (body.actor_id ?? null) : null,
    userName: nameOf(body?.actor_kind, entry.actor_id),
    resourceType: entry.resource_type === null ? null : toPublishedResourceType(entry.resource_type),
    resourceId: entry.resource_id,
    ipAddress: body?.ip ?? null,
    details: metadata,
    metadata,
    entryHash: entry.entry_hash,
    createdAt: entry.ts,
  }
}
