import { createHash, sign } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import {
  type ChainEntry,
  exportChain,
  exportCheckpoints,
  listEntries,
  listEntriesFrom,
  mutate,
  toChainEntry,
  verifierFile,
} from '@gatehouse/kernel/audit'
import { recordTelemetry, within } from '@gatehouse/kernel/db'
import { RawReply, type RequestContext } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import type { AuditExportQuery, AuditFilterQuery, WireAuditEvent } from '../contract/audit.ts'
import type { OversightDeps } from '../deps.ts'
import { toEventRoute, toPublishedEvent, toStoredEvents } from '../domain/audit-events.ts'
import { replyStart } from './reply-start.ts'

/** The organisation's audit chain under this API's event names, newest first. */
export async function listAuditEvents(
  deps: OversightDeps,
  principal: Principal,
  { event_type: eventType, since, until, limit }: AuditFilterQuery,
  context: RequestContext,
) {
  const filter = {
    ...(eventType === undefined ? {} : toStoredEvents(eventType)),
    fromMs: since,
    toMs: until,
  }
  const rows = await within(deps, principal, (tx) => listEntries(tx, filter, { limit }))
  const events = rows.map((row) => toWireEvent(toChainEntry(row)))
  return {
    ...replyStart(deps, context),
    events,
    count: events.length,
    filters: {
      event_type: eventType ?? null,
      since: toTimeOrNull(since),
      until: toTimeOrNull(until),
      limit,
    },
  }
}

/**
 * With a limit: that many events, as a signed document. Without one: the whole chain, in the form that verifies
 * offline.
 */
export async function exportAuditEvents(
  deps: OversightDeps,
  principal: Principal,
  { since, limit }: AuditExportQuery,
): Promise<RawReply> {
  if (limit === undefined) return exportWholeChain(deps, principal)
  // Oldest first, so that the next export can start at the time of the last event.
  const rows = await within(deps, principal, (tx) => listEntriesFrom(tx, 0, limit, since))
  const body = rows.map((row) => `${JSON.stringify(toExportLine(toChainEntry(row)))}\n`).join('')
  const { id, privateKey } = deps.signingKey
  return new RawReply(body, {
    'x-cohesion-export-signature': `ed25519=${sign(null, Buffer.from(toExportText(body)), privateKey).toString('base64url')}`,
    'x-gatehouse-key-id': id,
    'cache-control': 'no-store',
  })
}

/** The text that the signature of a limited export covers. */
export function toExportText(body: string): string {
  return `gatehouse.export.v1:${createHash('sha256').update(body).digest('hex')}`
}

export async function readVerifier(): Promise<RawReply> {
  return new RawReply(await readFile(verifierFile), {
    'content-disposition': 'attachment; filename="verify-audit.mjs"',
  })
}

async function exportWholeChain(deps: OversightDeps, principal: Principal): Promise<RawReply> {
  await mutate(deps, principal, async () => ({
    result: undefined,
    entry: { action: 'audit.export', resourceId: principal.orgId, at: deps.clock.now() },
  }))
  const lastSeq = await recordTelemetry(deps, principal, (tx) => deps.audit.checkpoint(tx, deps.clock.now()))
  return new RawReply(Readable.from(toChainLines(deps, principal, lastSeq)), {
    'content-disposition': `attachment; filename="audit-${principal.orgId}.ndjson"`,
    'cache-control': 'no-store',
  })
}

async function* toChainLines(
  deps: OversightDeps,
  principal: Principal,
  lastSeq: number,
): AsyncGenerator<string> {
  for await (const checkpoint of exportCheckpoints(deps, principal, lastSeq))
    yield `${JSON.stringify({ kind: 'checkpoint', ...checkpoint })}\n`
  for await (const entry of exportChain(deps, principal, lastSeq)) yield `${JSON.stringify(entry)}\n`
}

function toExportLine(entry: ChainEntry) {
  const { api_key_prefix: prefix, ...event } = toWireEvent(entry)
  return { ...event, api_key_prefix: prefix === '' ? null : prefix }
}

/** Members that the body of any entry can have. */
type Said = {
  readonly actor_kind?: string
  readonly actor_id?: string
  readonly reason?: string
  readonly request_id?: string
  readonly receipt_id?: string
  readonly detail?: { readonly route?: unknown }
}

function toWireEvent(entry: ChainEntry): WireAuditEvent {
  // Safe: only the server writes payloads, as JSON objects, and the chain proves that nobody changed them.
  const said = entry.payload === null ? {} : (JSON.parse(entry.payload) as Said)
  const eventType = toPublishedEvent(entry.event_type, said.reason)
  const isAtGate = entry.event_type === 'auth.refused' || entry.event_type === 'auth.accepted'
  const isByKey = said.actor_kind === 'key'
  const prefix = isAtGate ? entry.resource_id : isByKey ? entry.actor_id : null
  const route = isAtGate ? toGateRoute(said, eventType) : toEventRoute(eventType, isByKey)
  return {
    id: entry.seq,
    timestamp: entry.ts,
    event_type: eventType,
    api_key_prefix: prefix ?? '',
    ...route,
    request_id: said.request_id ?? '-',
    detail: said.reason ?? entry.resource_id,
    org_id: entry.org_id,
    actor: toActorName(said),
    receipt_id: said.receipt_id ?? null,
  }
}

/** Entries by the server itself name already what it acted for. */
function toActorName({ actor_kind: kind, actor_id: id = '' }: Said): string {
  if (kind === undefined) return '-'
  return kind === 'system' ? id : `${kind}:${id}`
}

/** Splits `VERB path`, the form in which the gate records it. */
function toGateRoute({ detail }: Said, eventType: string) {
  const [method = '-', path = '-'] = typeof detail?.route === 'string' ? detail.route.split(' ') : []
  return { method, path, status: gateStatuses[eventType] ?? 401 }
}

const gateStatuses: Readonly<Record<string, number>> = { AUTH_SUCCESS: 200, AUTH_FAIL_RATE_LIMITED_KEY: 429 }

function toTimeOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString()
}
