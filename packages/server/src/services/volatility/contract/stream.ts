import { defineEndpoint, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { timeframes } from '../domain/timeframe.ts'
import { volatilityPolicy } from '../policy.ts'
import { oneOf } from './fields.ts'
import { methodNames } from './query-fields.ts'

const { stream } = volatilityPolicy

/** Subprotocol of the full mode; connections without one receive transitions only. */
export const fullProtocol = 'gatehouse.v1'

export const streamEvents = ['regime.transition', 'regime.stale', 'regime.recovered'] as const

const symbolPattern = /^[a-z0-9]{2,20}(-perp)?$/
const presetPattern = /^[a-z][a-z0-9_-]{1,39}$/

const symbolName = z
  .string()
  .transform((value) => value.toLowerCase())
  .pipe(z.string().regex(symbolPattern, 'must be a symbol such as btcusdt'))

/** A comma-separated list in the query. */
const inQuery = <T extends z.ZodType<unknown, string>>(one: T) =>
  z
    .string()
    .max(2_000)
    .transform((value) => value.split(',').filter((name) => name !== ''))
    .pipe(z.array(one).max(200))
    .optional()

export const openStream = defineEndpoint({
  method: 'GET',
  path: '/v1/stream',
  id: 'openStream',
  summary: 'Stream regime changes (WebSocket)',
  description: `With the subprotocol ${fullProtocol}, a client subscribes by messages, resumes by \`seq\` and can send its API key as the first message. Without the subprotocol, the query parameters filter the stream, and only transitions are sent.`,
  tag: 'volatility',
  access: { kind: 'key', scope: 'stream:read' },
  query: z.looseObject({
    symbols: inQuery(symbolName),
    timeframes: inQuery(oneOf(timeframes)),
    preset: text(1, 40).regex(presetPattern, 'must be the name of a preset').optional(),
  }),
  reply: {
    status: 101,
    socket: {
      protocols: [fullProtocol],
      provesLater: [fullProtocol],
      unprovenPerAddressMax: stream.unprovenPerAddressMax,
      messageBytesMax: stream.messageBytesMax,
      queryCredential: 'api_key',
    },
  },
  problems: ['plan_limit_reached', 'preset_not_found', 'symbol_not_allowed', 'symbol_not_found'],
})

const id = text(1, 64)

const subscribe = z.strictObject({
  op: z.literal('subscribe'),
  id,
  events: z.array(oneOf(streamEvents)).min(1).max(3).optional(),
  symbols: z
    .array(z.union([z.literal('*'), symbolName]))
    .min(1)
    .max(200),
  timeframes: z.array(oneOf(timeframes)).min(1).max(6).optional(),
  to_regimes: z
    .array(oneOf(['low', 'normal', 'high']))
    .min(1)
    .max(3)
    .optional(),
  preset: text(1, 40).regex(presetPattern, 'must be the name of a preset').optional(),
  method: oneOf(methodNames).optional(),
  since_seq: z.int().min(0).optional(),
  snapshot: z.boolean().optional(),
})

export type SubscribeMessage = z.output<typeof subscribe>

/** Messages from the client. */
export const clientMessage = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('auth'), key: text(1, 200) }),
  subscribe,
  z.strictObject({ op: z.literal('unsubscribe'), id }),
  z.strictObject({ op: z.literal('ping'), nonce: text(0, 200).optional() }),
  z.strictObject({ op: z.literal('list') }),
])

export type ClientMessage = z.output<typeof clientMessage>
