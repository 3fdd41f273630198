import { defineEndpoint, instant, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { policy } from '../policy.ts'
import { pageLimit, time } from './shapes.ts'

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

const auditLog = z.strictObject({
  id: z.string(),
  seq: z.int(),
  action: z.string(),
  /** Null once retention has removed the body and kept the hash. */
  outcome: z.enum(['done', 'refused']).nullable(),
  reason: z.string().nullable(),
  actorKind: z.string().nullable(),
  actorId: z.string().nullable(),
  userId: z.string().nullable(),
  resourceType: z.string().nullable(),
  resourceId: z.string().nullable(),
  ipAddress: z.string().nullable(),
  details: z.record(z.string(), z.json()).nullable(),
  entryHash: z.string(),
  createdAt: time,
})

export type WireAuditLog = z.output<typeof auditLog>

const page = z.strictObject({
  auditLogs: z.array(auditLog),
  nextCursor: z.string().nullable(),
  hasMore: z.boolean(),
})

const description =
  'Newest first. `action` is exact, or a prefix when it ends in a dot; `userId` is the actor.'

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

/** The same list for API keys. A service that offers it registers the scope `audit:read`. */
export const listAuditLogsByKey = defineEndpoint({
  method: 'GET',
  path: '/api/v1/audit-logs',
  id: 'listAuditLogsByKey',
  summary: 'Search the audit log of the organisation with an API key',
  description,
  tag,
  access: { kind: 'key', scope: 'audit:read' },
  query: filter,
  reply: { status: 200, schema: page },
  problems: [],
})

export const verifyAuditLogs = defineEndpoint({
  method: 'GET',
  path: '/dashboard/audit-logs/verify',
  id: 'verifyAuditLogs',
  summary: 'Check the whole hash chain of the organisation',
  tag,
  access: { kind: 'session', role: 'viewer' },
  reply: {
    status: 200,
    schema: z.strictObject({
      intact: z.boolean(),
      entries: z.int(),
      headHash: z.string(),
      faults: z.array(z.strictObject({ seq: z.int(), because: z.string() })),
    }),
  },
  problems: [],
})

export const exportAuditLogs = defineEndpoint({
  method: 'GET',
  path: '/dashboard/audit-logs/export',
  id: 'exportAuditLogs',
  summary: 'Download the chain as one JSON object a line, oldest first',
  description:
    'Signed checkpoints first, then the entries: the exact payload that was hashed, both hashes and the signature.\n' +
    'Verify it with `node verify-audit.mjs export.ndjson keys.json`, keys from `/.well-known/gatehouse-keys.json`.',
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
