import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { confidenceReasons } from '../domain/confidence.ts'
import { timeframes } from '../domain/timeframe.ts'
import { publicRead } from './access.ts'
import { symbolProblems } from './analytics.ts'
import { ms, regime, timeframe, venue } from './fields.ts'
import { chosen } from './query-fields.ts'

/** One cell of the board: a symbol on a timeframe. */
const cell = z.strictObject({
  regime: regime.nullable(),
  z_vol: z.number().nullable(),
  realized_vol: z.number().nullable(),
  seconds_in_state: z.number().nullable(),
  confidence: z.number().nullable(),
  /** The number of bars behind the confidence. */
  confidence_sample: z.int().nullable(),
  confidence_reason: z.enum(confidenceReasons).nullable(),
  bars_until_ready: z.int(),
})

// Safe: one entry for each timeframe.
const cells = Object.fromEntries(timeframes.map((name) => [name, cell.nullable()])) as Record<
  (typeof timeframes)[number],
  z.ZodNullable<typeof cell>
>

export const boardReply = z.strictObject({
  preset: z.string(),
  method: z.string(),
  feed: z.enum(['live', 'simulated']),
  timeframes: z.array(timeframe),
  symbols: z.array(
    z.strictObject({
      symbol: z.string(),
      venue,
      close: z.number().nullable(),
      last_update_ms: ms.nullable(),
      /** The feed is silent; the states are the last known ones. */
      stale: z.boolean(),
      /** Null for a timeframe for which the method is not calibrated. */
      cells: z.strictObject(cells),
    }),
  ),
})
export type BoardReply = z.input<typeof boardReply>

export const getBoard = defineEndpoint({
  method: 'GET',
  path: '/v1/board',
  id: 'getRegimeBoard',
  summary: 'Read the current regime of every symbol on every timeframe, each from its primary venue',
  tag: 'volatility',
  access: publicRead,
  passesOverUnknownQuery: true,
  query: z.object(chosen),
  reply: { status: 200, schema: boardReply },
  problems: symbolProblems,
})
