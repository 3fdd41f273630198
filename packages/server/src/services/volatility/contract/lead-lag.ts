import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { publicRead, readScope, readsTool } from './access.ts'
import { windowProblems } from './analytics.ts'
import { regime, symbol, timeframe } from './fields.ts'
import { toRegime } from './impact.ts'
import { chosen, queryNumber, timeframeQuery } from './query-fields.ts'

const get = { method: 'GET', tag: 'volatility', access: publicRead } as const
const which = { timeframe: timeframeQuery, ...chosen }

/** How the events of a pair coincide (specification 12.2). */
const figures = {
  leader_events: z.int(),
  follower_events: z.int(),
  /** The number of pairs within the greatest lag. */
  matched: z.int(),
  /** Matched pairs as a share of the leader's events. */
  coincidence: z.number().nullable(),
  mean_lag_bars: z.number().nullable(),
  median_lag_bars: z.number().nullable(),
  n_positive: z.int(),
  n_zero: z.int(),
  n_negative: z.int(),
  /** Probability of this many pairs, and of a mean lag this far from 0, by chance; null below 20 pairs. */
  p_link: z.number().nullable(),
  p_lead: z.number().nullable(),
  /** The same, adjusted over all pairs of the reply (Benjamini–Hochberg). */
  q_link: z.number().nullable(),
  q_lead: z.number().nullable(),
  significant: z.strictObject({ link: z.boolean(), lead: z.boolean() }),
  reason: z.enum(['few_pairs', 'warming_up']).nullable(),
}

const pairReply = z.strictObject({
  leader: z.string(),
  follower: z.string(),
  to_regime: regime,
  timeframe,
  preset: z.string(),
  method: z.string(),
  lookback_days: z.int(),
  max_lag_minutes: z.int(),
  max_lag_bars: z.int(),
  /** Matched pairs in which the follower was not first, as a share of the leader's events; null without events. */
  hit_rate: z.number().nullable(),
  /** Lags of those pairs in minutes; quartiles need 20 values. */
  lag: z
    .strictObject({ p25: z.number().optional(), median: z.number(), p75: z.number().optional() })
    .nullable(),
  ...figures,
  as_of_ms: z.int().nullable(),
})
export type PairReply = z.input<typeof pairReply>

const getPairLeadLag = defineEndpoint({
  ...get,
  passesOverUnknownQuery: true,
  path: '/v1/regime/lead-lag',
  id: 'getPairLeadLag',
  summary: 'Read whether the regime changes of one symbol precede those of another, with the lag in minutes',
  query: z.object({
    ...which,
    leader: symbol,
    follower: symbol.meta({ examples: ['ethusdt'] }),
    to: toRegime.to.default('high'),
    lookback_days: queryNumber(7, 400).default(60),
    max_lag_minutes: queryNumber(1, 1_440).default(60),
  }),
  reply: { status: 200, schema: pairReply },
  problems: windowProblems,
})

const pair = z.strictObject({ follower: z.string(), ...figures })
export type LeadLagPair = z.input<typeof pair>

const leadLagReply = z.strictObject({
  leader: z.string(),
  to_regime: regime,
  timeframe,
  preset: z.string(),
  method: z.string(),
  lookback_days: z.int(),
  max_lag: z.int(),
  as_of_ms: z.int().nullable(),
  pairs: z.array(pair),
})
export type LeadLagReply = z.input<typeof leadLagReply>

const getLeadLag = defineEndpoint({
  ...get,
  path: '/v1/lead-lag',
  id: 'getLeadLag',
  summary: 'List the symbols whose regime changes follow those of a leading symbol, with the lag in bars',
  query: z.strictObject({
    ...which,
    ...toRegime,
    leader: symbol,
    follower: symbol.optional(),
    lookback_days: queryNumber(7, 400).default(90),
    max_lag: queryNumber(1, 120).default(30),
  }),
  reply: { status: 200, schema: leadLagReply },
  problems: windowProblems,
  tool: { name: 'get_lead_lag', scope: readScope, annotations: readsTool },
})

const { tool: _, ...untold } = getLeadLag

const getLeadLagFormerly = defineEndpoint({
  ...untold,
  path: '/v1/leadlag',
  id: 'getLeadLagFormerly',
  summary: 'Former path of GET /v1/lead-lag',
  deprecated: true,
  handledBy: 'getLeadLag',
})

export const leadLagEndpoints = [getPairLeadLag, getLeadLag, getLeadLagFormerly] as const
