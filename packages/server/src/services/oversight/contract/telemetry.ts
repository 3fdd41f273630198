import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { telemetryEventTypes } from '../domain/anchor.ts'
import { oversightPolicy } from '../policy.ts'
import { envelope } from './blocks.ts'
import { between, operatorId, optional, requestId } from './fields.ts'
import { behavioralAttestation } from './interaction-shape.ts'

const tag = 'evidence'
const access = { kind: 'key', scope: 'telemetry:write' } as const

const { eventsMax, slotMax, ttlSeconds } = oversightPolicy.telemetry

/** Stricter than in a score: the signed fields are joined by line feeds. */
export const telemetrySessionId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,256}$/, 'must be 1 to 256 letters, digits, hyphens or underscores')

export const openTelemetryBody = z.strictObject({
  operator_id: operatorId,
  session_id: telemetrySessionId,
})

export type OpenTelemetryBody = z.output<typeof openTelemetryBody>

/** Exactly these seven members: public clients reject a reply with any other number (wire 6.1). */
export const telemetryReply = z.strictObject({
  nonce: z.string(),
  nonce_signature: z.string(),
  issued_at_ms: z.int(),
  expires_at_ms: z.int(),
  ttl_seconds: z.int(),
  ...envelope,
})

export const openTelemetry = defineEndpoint({
  method: 'POST',
  path: '/v1/telemetry/session/open',
  id: 'openTelemetrySession',
  summary: 'Open a telemetry session that records how a person views a case and decides',
  tag,
  access,
  body: openTelemetryBody,
  example: { body: { operator_id: 'analyst-42', session_id: 'sess-001' } },
  reply: { status: 201, schema: telemetryReply },
  problems: ['VALIDATION_FAILED', 'OPERATOR_ID_INVALID'],
})

export const telemetryEventBody = z
  .strictObject({
    operator_id: operatorId,
    session_id: telemetrySessionId,
    ...behavioralAttestation.shape,
    event_seq: z
      .int({ error: `must be a whole number between 1 and ${eventsMax}` })
      .min(1, between(1, eventsMax))
      .max(eventsMax, between(1, eventsMax)),
    event_type: z.enum(telemetryEventTypes, { error: `must be one of ${telemetryEventTypes.join(', ')}` }),
    value: optional(z.number()),
  })
  .superRefine(({ event_type: type, value }, context) => {
    const refuse = (message: string): void => context.addIssue({ code: 'custom', path: ['value'], message })
    if (type === 'scroll') {
      if (value === null || value < 0 || value > 1) refuse(between(0, 1))
    } else if (type === 'alt_view') {
      if (value === null || !Number.isInteger(value) || value < 0 || value > slotMax)
        refuse(`must be a whole number between 0 and ${slotMax}`)
    } else if (value !== null) refuse(`must be absent for ${type}`)
  })

export type TelemetryEventBody = z.output<typeof telemetryEventBody>

export const recordTelemetryEvent = defineEndpoint({
  method: 'POST',
  path: '/v1/telemetry/event',
  id: 'recordTelemetryEvent',
  summary: 'Report a telemetry event: the person viewed something, or decided',
  tag,
  access,
  body: telemetryEventBody,
  example: {
    body: {
      operator_id: 'analyst-42',
      session_id: 'sess-001',
      nonce: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
      nonce_signature: 'B8jKm7j5-0XTt1ERHi31eKral6mMvbk_aDwNTiBnMqU',
      issued_at_ms: 1_782_820_800_000,
      expires_at_ms: 1_782_820_800_000 + ttlSeconds * 1_000,
      event_seq: 1,
      event_type: 'hover',
    },
  },
  reply: {
    status: 202,
    schema: z.strictObject({
      ...envelope,
      accepted: z.boolean(),
      reason: z.enum(['expired', 'closed', 'used', 'seq_conflict']).nullable(),
    }),
  },
  problems: ['VALIDATION_FAILED', 'OPERATOR_ID_INVALID', 'TELEMETRY_SIGNATURE_INVALID'],
})

const named = (most: number) =>
  optional(
    z
      .string()
      .max(most, `must be at most ${most} characters long`)
      .refine(
        (value) => value.isWellFormed() && !value.includes('\0'),
        'must not contain U+0000 or half a character',
      ),
  )

export const observedCallBody = z.strictObject({
  request_id: requestId,
  provider: named(128),
  model: named(128),
  source: named(128),
  sdk_version: named(32),
  timestamp: optional(z.string().max(64, 'must be at most 64 characters long')),
})

export type ObservedCallBody = z.output<typeof observedCallBody>

export const observeCall = defineEndpoint({
  method: 'POST',
  path: '/v1/telemetry/ai-call-observed',
  id: 'observeAiCall',
  summary: 'Report an AI call, so that calls without a human decision become visible',
  tag,
  access,
  body: observedCallBody,
  example: { body: { request_id: 'req-0123456789abcdef', provider: 'openai', model: 'gpt', source: 'app' } },
  reply: {
    status: 202,
    schema: z.strictObject({ ...envelope, accepted: z.literal(true), duplicate: z.boolean() }),
  },
  problems: ['VALIDATION_FAILED'],
})

export const telemetryEndpoints = [openTelemetry, recordTelemetryEvent, observeCall] as const
