import { defineEndpoint, instant, jsonValue, readsTool, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import type { AuditDoor } from '../../service/audit-door.ts'
import { policy } from '../policy.ts'
import { pageLimit, time } from '../../service/shapes.ts'

const tag = 'audit'

const limit = pageLimit(policy.auditPageMax, policy.auditPageDefault)

const filter = z.strictObject({
  /** An exact action, or a prefix when it ends in a dot. */
  action: text(1, 100).optional(),
  resourceType: text(1, 100).optional(),
  resourceId: text(1, 200).optional(),
  userId: text(1, 200).optional(),
  from: instant.optional(),
  to: instant.optional(),
  cursor: text(1, 500).optional(),
  limit,
})

export type AuditQuery = z.output<typeof filter>

const auditLog = z
  .strictObject({
    id: z.string(),
    teamId: z.string(),
    seq: z.int(),
    /** The name of the action for public clients: `team.update`, `api_key.create`, `user.login`. */
    action: z.string(),
    /** The action as stored in the chain. */
    eventType: z.string(),
    /** Null once retention has removed the body; the hash stays. */
    outcome: z.enum(['done', 'refused']).nullable(),
    reason: z.string().nullable(),
    actorKind: z.string().nullable(),
    actorId: z.string().nullable(),
    userId: z.string().nullable(),
    /** The name of the member or of the key, else `System`. */
    userName: z.string(),
    resourceType: z.string().nullable(),
    resourceId: z.string().nullable(),
    ipAddress: z.string().nullable(),
    details: z.record(z.string(), jsonValue).nullable(),
    /** The same content, under the name that public clients read. */
    metadata: z.record(z.string(), jsonValue).nullable(),
    entryHash: z.string(),
    createdAt: time,
  })
  .meta({ id: 'AuditLog' })

export type WireAuditLog = z.output<typeof auditLog>

const page = z
  .strictObject({
    auditLogs: z.array(auditLog),
    nextCursor: z.string().nullable(),
    hasMore: z.boolean(),
  })
  .meta({ id: 'AuditPage' })

const description =
  'Entries are sorted newest first. `action` matches exactly, or as a prefix if it ends in a dot; it is accepted in the published spelling and in the spelling of the audit chain. `userId` is the id of the actor.'

export const listAuditLogs = defineEndpoint({
  method: 'GET',
  path: '/dashboard/audit-logs',
  id: 'listAuditLogs',
  summary: 'Search the audit log of the organisation',
  description,
  tag,
  access: { kind: 'session', role: 'viewer' },
  query: filter,
  reply: { status: 200, schema: page },
  problems: [],
})

/** Defines the same list for API keys, with the path and the scope of a service. */
export function toAuditDoor({ id, path, scope }: AuditDoor) {
  return defineEndpoint({
    method: 'GET',
    path,
    id,
    summary: 'Search the audit log of the organisation with an API key',
    description,
    tag,
    access: { kind: 'key', scope },
    query: filter,
    tool: { name: 'query_audit_log', annotations: readsTool },
    reply: { status: 200, schema: page },
    problems: [],
  })
}

export const verifyAuditLogs = defineEndpoint({
  method: 'GET',
  path: '/dashboard/audit-logs/verify',
  id: 'verifyAuditLogs',
  summary: 'Verify the complete audit hash chain of the organisation',
  tag,
  access: { kind: 'session', role: 'viewer' },
  reply: {
    status: 200,
    schema: z
      .strictObject({
        intact: z.boolean(),
        entries: z.int(),
        headHash: z.string(),
        faults: z.array(z.strictObject({ seq: z.int(), because: z.string() })),
      })
      .meta({ id: 'AuditVerdict' }),
  },
  problems: [],
})

export const exportAuditLogs = defineEndpoint({
  method: 'GET',
  path: '/dashboard/audit-logs/export',
  id: 'exportAuditLogs',
  summary: 'Download the audit chain as NDJSON (one JSON object per line), oldest first',
  description:
    'The file contains the signed checkpoints, followed by the entries: the exact payload that was hashed, both hashes and the signature.\n' +
    'Verify it with `node verify-audit.mjs export.ndjson keys.json`; `keys.json` is the reply of `/.well-known/gatehouse-keys.json`.',
  tag,
  access: { kind: 'session', role: 'owner' },
  reply: { status: 200, mediaType: 'application/x-ndjson; charset=utf-8' },
  problems: [],
})

export const readAuditVerifier = defineEndpoint({
  method: 'GET',
  path: '/dashboard/audit-logs/verify-audit.mjs',
  id: 'readAuditVerifier',
  summary: 'Download the program that verifies an export offline: one file for Node.js 20 or newer',
  tag,
  access: { kind: 'session', role: 'viewer' },
  reply: { status: 200, mediaType: 'text/javascript; charset=utf-8' },
  problems: [],
})

export const auditEndpoints = [listAuditLogs, verifyAuditLogs, exportAuditLogs, readAuditVerifier]
