import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { publicRead, readScope, readsTool } from './access.ts'
import { about, freshness, symbolProblems, windowProblems } from './analytics.ts'
import { regime, symbol } from './fields.ts'
import { between, common, queryBoolean, queryNumber, regimeQuery } from './query-fields.ts'

const tag = 'volatility'
const get = { method: 'GET', tag, access: publicRead, passesOverUnknownQuery: true } as const
const bySymbol = z.strictObject({ symbol })
const tool = (name: string) => ({ name, scope: readScope, annotations: readsTool }) as const
const moment = z.int().nullable()

const base = z.strictObject({
  n: z.int(),
  median: z.number().nullable(),
  p25: z.number().optional(),
  p75: z.number().optional(),
})

const horizon = z.strictObject({
  n: z.int(),
  median: z.number().nullable(),
  median_ci95: z.tuple([z.number(), z.number()]).optional(),
  p25: z.number().optional(),
  p75: z.number().optional(),
  p05: z.number().optional(),
  p95: z.number().optional(),
  /** The same figures over all bars, for comparison with the condition. */
  base,
  /** Events that came sooner after the previous one than the horizon is long. */
  overlapping: z.int(),
})

const impactReply = z.strictObject({
  ...about,
  to_regime: regime,
  lookback_days: z.int(),
  sample_size: z.int(),
  warning: z.string().nullable(),
  horizons: z.strictObject({ '1h': horizon, '4h': horizon, '24h': horizon }),
  ...freshness,
})
export type ImpactReply = z.input<typeof impactReply>

/** The state that events lead into; `to_regime` is the former name. */
export const toRegime = {
  to: regimeQuery.optional().meta({ examples: ['high'] }),
  to_regime: regimeQuery.optional().meta({ deprecated: true }),
}

const getImpact = defineEndpoint({
  ...get,
  path: '/v1/regime/{symbol}/impact',
  id: 'getImpact',
  summary: 'Read price moves within 1, 4 and 24 hours after a change of state, compared with all bars',
  params: bySymbol,
  query: z
    .object({ ...common, ...toRegime, lookback_days: queryNumber(1, 3_650).default(365) })
    .refine(({ to, to_regime: former }) => (to ?? former) !== undefined, {
      path: ['to'],
      error: 'is required',
    }),
  reply: { status: 200, schema: impactReply },
  problems: windowProblems,
  example: { query: { to: 'high' } },
  tool: tool('get_impact'),
})

const sizingReply = z.strictObject({
  ...about,
  target_vol: z.number(),
  realized_vol: z.number().nullable(),
  regime: regime.nullable(),
  regime_damper: z.boolean(),
  raw_fraction: z.number().nullable(),
  damper: z.number(),
  fraction: z.number().nullable(),
  capped: z.boolean(),
  reason: z.enum(['warming_up', 'no_movement']).nullable(),
  note: z.string(),
  as_of_ms: moment,
  stale: z.boolean(),
})
export type SizingReply = z.input<typeof sizingReply>

const targetMessage = between(0.01, 5)

const getSizing = defineEndpoint({
  ...get,
  path: '/v1/sizing/{symbol}',
  id: 'getSizing',
  summary: 'Compute the portfolio share of a symbol that has a target volatility at its current volatility',
  params: bySymbol,
  query: z.object({
    ...common,
    target_vol: z
      .string()
      .regex(/^\d{1,3}(?:\.\d{1,20})?$/, targetMessage)
      .meta({ type: 'number', minimum: 0.01, maximum: 5 })
      .transform(Number)
      .refine((value) => value >= 0.01 && value <= 5, targetMessage)
      .default(0.2),
    regime_damper: queryBoolean.default(true),
  }),
  reply: { status: 200, schema: sizingReply },
  problems: symbolProblems,
  tool: tool('get_sizing'),
})

export const impactEndpoints = [getImpact, getSizing] as const
