import { defineEndpoint, instant, jsonValue, readsTool, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { pageLimit } from '../../../service/shapes.ts'
import { customEventPattern, isAuditEvent, publishedEvents } from '../domain/audit-events.ts'
import { oversightPolicy } from '../policy.ts'
import { envelope, receipt, time } from './blocks.ts'
import { hash, optional, sessionId } from './fields.ts'

const tag = 'audit'
const reads = { kind: 'key', scope: 'audit:read' } as const
const { audit: figures } = oversightPolicy

const eventType = z
  .string()
  .refine(isAuditEvent, `must be one of ${publishedEvents.join(', ')}, or a name that the log shows`)
  .meta({ examples: ['KEY_CREATED'] })

const limit = pageLimit(figures.listMax, figures.listDefault)

const auditEvent = z.strictObject({
  /** The entry's sequence number in the organisation's chain. */
  id: z.int(),
  timestamp: time,
  event_type: z.string(),
  /** Empty for entries by people and by the server itself. */
  api_key_prefix: z.string(),
  /** The route's template with `{names}`, or `-`. */
  path: z.string(),
  method: z.string(),
  /** 0 for entries that no HTTP request caused. */
  status: z.int(),
  request_id: z.string(),
  detail: z.string().nullable(),
  org_id: z.string(),
  actor: z.string(),
  receipt_id: z.string().nullable(),
})

export type WireAuditEvent = z.input<typeof auditEvent>

const auditFilter = z.strictObject({
  event_type: eventType.optional(),
  since: instant.optional(),
  until: instant.optional(),
  limit,
})

export type AuditFilterQuery = z.output<typeof auditFilter>

export const listAuditEvents = defineEndpoint({
  method: 'GET',
  path: '/v1/admin/audit-log',
  id: 'oversightAuditLog',
  summary: 'List the audit log of the organisation, newest first',
  description:
    '`since` is inclusive, `until` exclusive. Bodies are kept for 90 days; their hashes are kept permanently.',
  tag,
  access: reads,
  query: auditFilter,
  tool: { name: 'query_audit_log', annotations: readsTool },
  reply: {
    status: 200,
    schema: z.strictObject({
      ...envelope,
      events: z.array(auditEvent),
      count: z.int(),
      filters: z.strictObject({
        event_type: z.string().nullable(),
        since: time.nullable(),
        until: time.nullable(),
        limit: z.int(),
      }),
    }),
  },
  problems: ['VALIDATION_FAILED'],
})

const exportQuery = z
  .strictObject({ since: instant.optional(), limit: limit.unwrap().optional() })
  .refine(({ since, limit: most }) => since === undefined || most !== undefined, {
    path: ['since'],
    message: 'needs a limit beside it: without one the whole chain is sent',
  })

export type AuditExportQuery = z.output<typeof exportQuery>

export const exportAuditEvents = defineEndpoint({
  method: 'GET',
  path: '/v1/admin/audit-log/export',
  id: 'oversightAuditExport',
  summary: 'Download the audit log as NDJSON (one JSON object per line), oldest first',
  description:
    'With `limit`, the reply contains events in the format of the list. The header `X-COHESION-Export-Signature` contains the signature, by ' +
    'the key with the id `X-Gatehouse-Key-Id`, of `gatehouse.export.v1:` followed by the hex SHA-256 of the body. Without `limit`, the reply ' +
    'contains the complete chain, signed checkpoints first, for `node verify-audit.mjs export.ndjson keys.json`.',
  tag,
  access: reads,
  query: exportQuery,
  reply: { status: 200, mediaType: 'application/x-ndjson; charset=utf-8' },
  problems: ['VALIDATION_FAILED'],
})

export const readVerifier = defineEndpoint({
  method: 'GET',
  path: '/v1/admin/audit-log/verify-audit.mjs',
  id: 'oversightAuditVerifier',
  summary: 'Download the program that verifies an export offline: one file for Node.js 20 or newer',
  tag,
  access: reads,
  reply: { status: 200, mediaType: 'text/javascript; charset=utf-8' },
  problems: [],
})

const seq = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'must be a whole number from 1')
  .meta({ type: 'integer', minimum: 1 })
  .transform(Number)

export const chainRange = z
  .strictObject({ from_seq: seq.optional(), to_seq: seq.optional() })
  .refine(({ from_seq: from = 1, to_seq: to = Number.MAX_SAFE_INTEGER }) => from <= to, {
    path: ['to_seq'],
    message: 'must not be less than from_seq',
  })

export type ChainRange = z.output<typeof chainRange>

export const chainVerdict = z.strictObject({
  ...envelope,
  valid: z.boolean(),
  checked: z.int(),
  first_seq: z.int().nullable(),
  last_seq: z.int().nullable(),
  broken_at: z.int().nullable(),
  reason: z.enum(['content', 'linkage', 'signature']).nullable(),
})

export const verifyOwnChain = defineEndpoint({
  method: 'GET',
  path: '/v1/audit/chain/verify',
  id: 'verifyOversightChain',
  summary: 'Verify the hash chain of the organisation, completely or between two entries',
  tag,
  access: reads,
  query: chainRange,
  reply: { status: 200, schema: chainVerdict },
  problems: ['VALIDATION_FAILED'],
})

const custom = z
  .string()
  .regex(customEventPattern, 'must be custom. and 1 to 56 lower-case letters, digits, dots or underscores')

const ownPayload = z.record(text(1, 128), jsonValue).refine(isWellFormed, 'must not contain half a character')

/** A lone surrogate, at any depth, has no canonical JSON form and could not be hashed. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([name, member]) => name.isWellFormed() && isWellFormed(member))
}

export const appendBody = z
  .strictObject({
    event_type: custom,
    payload: optional(ownPayload),
    payload_hash: optional(hash),
  })
  .superRefine((body, context) => {
    if ((body.payload === null) === (body.payload_hash === null))
      for (const path of ['payload', 'payload_hash'])
        context.addIssue({ code: 'custom', path: [path], message: 'exactly one of the two is taken' })
    const bytes = body.payload === null ? 0 : Buffer.byteLength(JSON.stringify(body.payload))
    if (bytes > figures.appendBytesMax)
      context.addIssue({
        code: 'custom',
        path: ['payload'],
        message: `must be at most ${figures.appendBytesMax} bytes of JSON`,
      })
  })

export type AppendBody = z.output<typeof appendBody>

export const appendAudit = defineEndpoint({
  method: 'POST',
  path: '/v1/audit/append',
  id: 'appendOversightAudit',
  summary: 'Append an event of your own, or its hash, to the audit chain',
  tag,
  access: { kind: 'key', scope: 'audit:write' },
  body: appendBody,
  example: { body: { event_type: 'custom.policy_reviewed', payload: { note: 'Q3' } } },
  reply: {
    status: 201,
    schema: z.strictObject({ ...envelope, event_type: z.string(), receipt }),
  },
  problems: ['VALIDATION_FAILED'],
})

const merkleProof = z.strictObject({
  index: z.int(),
  count: z.int(),
  root: z.string(),
  /** The canonical JSON whose hash is the leaf. */
  item: z.string(),
  /** The Merkle path from the leaf to the root: each sibling's hash and its side. */
  path: z.array(z.strictObject({ hash: z.string(), side: z.enum(['left', 'right']) })),
})

export const getReceipt = defineEndpoint({
  method: 'GET',
  path: '/v1/audit/receipts/{receipt_id}',
  id: 'getAuditReceipt',
  summary: 'Read a receipt with all data that is needed to verify it offline',
  description:
    'For a receipt of a batch, `session_id` selects an item by its session id or interaction id. The proof leads from the item to the ' +
    'Merkle root in the payload.',
  tag,
  access: reads,
  params: z.strictObject({ receipt_id: text(1, 64) }),
  query: z.strictObject({ session_id: sessionId.optional() }),
  reply: {
    status: 200,
    schema: z.strictObject({
      ...envelope,
      receipt,
      link: z.strictObject({
        v: z.literal(1),
        seq: z.int(),
        org_id: z.string(),
        event_type: z.string(),
        ts: time,
        payload_hash: z.string(),
        prev_hash: z.string(),
        key_id: z.string(),
      }),
      /** The canonical JSON that was hashed; null after its retention of 90 days. */
      payload: z.string().nullable(),
      proof: merkleProof.nullable(),
    }),
  },
  problems: ['NOT_FOUND', 'VALIDATION_FAILED', 'INPUTS_EXPIRED'],
})
