import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { timeframes } from '../domain/timeframe.ts'
import { publicRead, readScope, readsTool } from './access.ts'
import { symbolProblems } from './analytics.ts'
import { regime, symbol, timeframe } from './fields.ts'
import { chosen, timeframeQuery } from './query-fields.ts'

const get = { method: 'GET', tag: 'volatility', access: publicRead, passesOverUnknownQuery: true } as const
const bySymbol = z.strictObject({ symbol })

const venueReading = z.strictObject({
  regime: regime.nullable(),
  z_vol: z.number().nullable(),
  realized_vol: z.number().nullable(),
  baseline_vol: z.number().nullable(),
  close: z.number().nullable(),
  last_update_ms: z.int().nullable(),
  /** Why the venue is not counted; its last known state is kept. */
  error: z.enum(['not_listed', 'warming_up', 'stale', 'feed_down']).nullable(),
  available: z.boolean(),
  /** The venue's name for the product; quote currencies differ. */
  product: z.string().nullable(),
})
export type VenueReading = z.input<typeof venueReading>

const agreement = {
  /** The state of more than half of the available venues, if there are at least two. */
  consensus: regime.nullable(),
  agreed: z.int(),
  available: z.int(),
  reason: z.enum(['unanimous', 'majority', 'tie', 'too_few_venues']),
  /** When the newest available venue was computed; absent if none is available. */
  refreshed_at_ms: z.int().optional(),
  /** Whether at least two venues are available and all have the same last bar. */
  fresh: z.boolean(),
  venues: z.strictObject({ binance: venueReading, coinbase: venueReading, bybit: venueReading }),
}
const agreementReply = z.strictObject(agreement)
export type AgreementReply = z.input<typeof agreementReply>

const consensusReply = z.strictObject({
  symbol: z.string(),
  timeframe,
  preset: z.string(),
  method: z.string(),
  ...agreement,
})
export type ConsensusReply = z.input<typeof consensusReply>

const getConsensus = defineEndpoint({
  ...get,
  path: '/v1/consensus/{symbol}',
  id: 'getConsensus',
  summary: 'Read the consensus regime of a symbol across venues, each venue evaluated from its own bars',
  params: bySymbol,
  query: z.object({ ...chosen, timeframe: timeframeQuery }),
  reply: { status: 200, schema: consensusReply },
  problems: symbolProblems,
  tool: { name: 'get_consensus', scope: readScope, annotations: readsTool },
})

const { tool: _, ...untold } = getConsensus

const getRegimeConsensus = defineEndpoint({
  ...untold,
  path: '/v1/regime/{symbol}/consensus',
  id: 'getRegimeConsensus',
  handledBy: 'getConsensus',
})

// Safe: one entry for each timeframe.
const byTimeframe = Object.fromEntries(timeframes.map((name) => [name, agreementReply])) as Record<
  (typeof timeframes)[number],
  typeof agreementReply
>

const consensusTimeframesReply = z.strictObject({
  symbol: z.string(),
  preset: z.string(),
  method: z.string(),
  timeframes: z.strictObject(byTimeframe),
})
export type ConsensusTimeframesReply = z.input<typeof consensusTimeframesReply>

const getConsensusTimeframes = defineEndpoint({
  ...get,
  path: '/v1/consensus/{symbol}/multi-tf',
  id: 'getConsensusTimeframes',
  summary: 'Read the consensus regime of a symbol across venues, on all six timeframes',
  params: bySymbol,
  query: z.object(chosen),
  reply: { status: 200, schema: consensusTimeframesReply },
  problems: symbolProblems,
})

export const consensusEndpoints = [getConsensus, getRegimeConsensus, getConsensusTimeframes] as const
