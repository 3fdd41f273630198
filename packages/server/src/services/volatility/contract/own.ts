import { defineEndpoint, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { openToMembers } from './member-doors.ts'
import { ms, regime, symbol, timeframe } from './fields.ts'
import { queryNumber, regimeQuery } from './query-fields.ts'
import { optional } from './subscription-shapes.ts'

const tag = 'volatility'
const reads = { tag, access: { kind: 'key', scope: 'account:read' } } as const
const writes = { tag, access: { kind: 'key', scope: 'account:write' } } as const

export const submitFeedback = defineEndpoint({
  ...writes,
  method: 'POST',
  path: '/v1/feedback',
  id: 'submitRegimeFeedback',
  summary: 'Rate whether a regime change was useful',
  body: z.strictObject({
    verdict: z.string().regex(/^[a-z0-9_-]{1,32}$/, 'must be 1 to 32 small letters, digits, _ or -'),
    /** The `seq` of a transition event. */
    event_id: optional(z.int().min(1)),
    symbol: optional(symbol),
    timeframe: optional(timeframe),
    note: optional(text(0, 500)),
  }),
  example: { body: { verdict: 'useful', symbol: 'btcusdt' } },
  reply: {
    status: 201,
    schema: z.strictObject({
      id: z.string(),
      verdict: z.string(),
      event_id: z.int().nullable(),
      symbol: z.string().nullable(),
      timeframe: z.string().nullable(),
      created_at_ms: ms,
    }),
  },
  problems: ['event_not_found', 'symbol_not_allowed', 'symbol_not_found'],
})

export const listOwnEvents = defineEndpoint({
  ...reads,
  method: 'GET',
  path: '/v1/me/events',
  id: 'listOwnRegimeEvents',
  summary: 'List the regime changes of the last 30 days that the caller can see, newest first',
  query: z.strictObject({
    limit: queryNumber(1, 500).default(100),
    symbol: symbol.optional(),
    timeframe: timeframe.optional(),
    to: regimeQuery.optional(),
  }),
  passesOverUnknownQuery: true,
  reply: {
    status: 200,
    schema: z.strictObject({
      count: z.int(),
      events: z.array(
        z.looseObject({
          event_id: z.int(),
          seq: z.int(),
          type: z.string(),
          ts_ms: ms,
          symbol: z.string(),
          timeframe,
          from: regime,
          to: regime,
          /** Number of successful deliveries of the organisation's webhooks. */
          deliveries: z.int(),
          feedback: z.string().nullable(),
        }),
      ),
    }),
  },
  problems: ['symbol_not_allowed', 'symbol_not_found'],
})

const allowlist = z.strictObject({ symbols: z.array(z.string()) })

export const getAllowlist = defineEndpoint({
  ...reads,
  method: 'GET',
  path: '/v1/me/allowlist',
  id: 'getSymbolAllowlist',
  summary: 'Read the symbols that this key can access; an empty list means all symbols',
  reply: { status: 200, schema: allowlist },
  problems: [],
})

export const setAllowlist = defineEndpoint({
  ...writes,
  method: 'PUT',
  path: '/v1/me/allowlist',
  id: 'setSymbolAllowlist',
  summary: 'Restrict the symbols that this key can access',
  body: z.strictObject({ symbols: z.array(symbol).max(500) }),
  example: { body: { symbols: ['btcusdt'] } },
  reply: { status: 200, schema: allowlist },
  problems: ['symbol_not_found'],
})

export const ownEndpoints = [
  submitFeedback,
  ...openToMembers(listOwnEvents),
  getAllowlist,
  setAllowlist,
] as const
