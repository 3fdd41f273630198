import { defineEndpoint, displayName, text, wholeNumber } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { pageLimit } from '../../../service/shapes.ts'
import { oversightPolicy } from '../policy.ts'
import { envelope, time } from './blocks.ts'
import { optional } from './fields.ts'

const tag = 'imports'
const writes = { kind: 'key', scope: 'imports:write' } as const

const byImport = z.strictObject({ id: text(1, 64) })

const importJob = z
  .strictObject({
    import_id: z.string(),
    name: z.string(),
    state: z.enum(['open', 'finished', 'cancelled']),
    on_error: z.enum(['stop', 'skip']),
    /** If true, lines are validated and counted but not stored. */
    dry_run: z.boolean(),
    expected_lines: z.int().nullable(),
    /** The number of the last committed line; the client continues with the next one. */
    lines_committed: z.int(),
    counted: z.int(),
    duplicates: z.int(),
    rejected: z.int(),
    /** Lines dated before a day that had already been counted for the same operator and domain. */
    out_of_order: z.int(),
    rate_per_s: z.number().nullable(),
    eta_s: z.int().nullable(),
    created_at: time,
    finished_at: time.nullable(),
  })
  .meta({ id: 'OversightImport' })

export type ImportReply = z.input<typeof importJob>

const reply = { status: 200, schema: z.strictObject({ ...envelope, import: importJob }) } as const

const newImport = z.strictObject({
  name: displayName(200),
  on_error: z.enum(['stop', 'skip'], { error: 'must be one of stop, skip' }).default('stop'),
  dry_run: z.boolean().default(false),
  expected_lines: optional(wholeNumber(1, 1_000_000_000)),
})

export type NewImport = z.output<typeof newImport>

export const createImport = defineEndpoint({
  method: 'POST',
  path: '/v1/imports',
  id: 'createImport',
  summary: 'Start an import of past decisions',
  tag,
  access: writes,
  body: newImport,
  reply: { ...reply, status: 201 },
  problems: [],
  example: { body: { name: 'decisions of 2025', on_error: 'skip', expected_lines: 250_000 } },
})

const importPage = z.strictObject({ limit: pageLimit(100, 50), cursor: text(1, 500).optional() })

export type ImportPage = z.output<typeof importPage>

export const listImports = defineEndpoint({
  method: 'GET',
  path: '/v1/imports',
  id: 'listImports',
  summary: 'List the imports and their progress, newest first',
  tag,
  access: writes,
  query: importPage,
  reply: {
    status: 200,
    schema: z.strictObject({ ...envelope, imports: z.array(importJob), next_cursor: z.string().nullable() }),
  },
  problems: [],
})

export const getImport = defineEndpoint({
  method: 'GET',
  path: '/v1/imports/{id}',
  id: 'getImport',
  summary: 'Read the progress of an import',
  tag,
  access: writes,
  params: byImport,
  reply,
  problems: ['NOT_FOUND'],
})

const lineNumber = z
  .string()
  .regex(/^[1-9]\d{0,11}$/, 'must be a whole number of at least 1')
  .meta({ type: 'integer', minimum: 1 })
  .transform(Number)
  .default(1)

export const putImportLines = defineEndpoint({
  method: 'PUT',
  path: '/v1/imports/{id}/lines',
  id: 'putImportLines',
  summary: 'Send the lines of an import, one JSON object per line, in chronological order',
  description:
    `The body is NDJSON of any size. A line has at most ${oversightPolicy.importLineBytesMax} bytes; lines are committed in groups of ` +
    `${oversightPolicy.importChunkLines}. \`from_line\` must be \`lines_committed\` + 1. After an interruption, read the import and continue ` +
    'from there: no committed line is lost, and no line is counted twice. Clients that do not support application/x-ndjson can send the ' +
    'same bytes as application/octet-stream.',
  tag,
  access: writes,
  params: byImport,
  query: z.strictObject({ from_line: lineNumber }),
  streamedBody: 'application/x-ndjson',
  reply,
  problems: ['NOT_FOUND', 'IMPORT_POSITION', 'IMPORT_CLOSED'],
})

export const finishImport = defineEndpoint({
  method: 'POST',
  path: '/v1/imports/{id}/finish',
  id: 'finishImport',
  summary: 'Finish an import: no more lines are accepted',
  tag,
  access: writes,
  params: byImport,
  reply,
  problems: ['NOT_FOUND', 'IMPORT_CLOSED'],
})

export const listImportRejects = defineEndpoint({
  method: 'GET',
  path: '/v1/imports/{id}/rejects',
  id: 'listImportRejects',
  summary: 'Read the rejected lines of an import as NDJSON with line, field and message',
  tag,
  access: writes,
  params: byImport,
  reply: { status: 200, mediaType: 'application/x-ndjson' },
  problems: ['NOT_FOUND'],
})

export const cancelImport = defineEndpoint({
  method: 'DELETE',
  path: '/v1/imports/{id}',
  id: 'cancelImport',
  summary: 'Cancel an import; committed lines are kept',
  tag,
  access: writes,
  params: byImport,
  reply,
  problems: ['NOT_FOUND', 'IMPORT_CLOSED'],
})
