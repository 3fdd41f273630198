import { defineEndpoint, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { publicRead, readScope, readsTool } from './access.ts'
import { ms, timeframe, venue } from './fields.ts'

const tag = 'volatility'
const get = { method: 'GET', tag, access: publicRead, passesOverUnknownQuery: true } as const

const details = z.strictObject({
  symbol: z.string(),
  kind: z.enum(['spot', 'perp']),
  /** The venue's name for the symbol, and whether the venue lists it. */
  venues: z.partialRecord(venue, z.strictObject({ product: z.string(), status: z.string() })),
  primary: venue,
  timeframes: z.array(timeframe),
  calibrated: z.boolean(),
  status: z.enum(['unverified', 'listed', 'not_listed', 'retired']),
})

export const listSymbols = defineEndpoint({
  ...get,
  path: '/v1/symbols',
  id: 'listSymbols',
  summary: 'List the available symbols',
  reply: {
    status: 200,
    schema: z.strictObject({ symbols: z.array(z.string()), details: z.array(details) }),
  },
  tool: { name: 'list_symbols', scope: readScope, annotations: readsTool },
  problems: [],
})

export const listTimeframes = defineEndpoint({
  ...get,
  path: '/v1/timeframes',
  id: 'listTimeframes',
  summary: 'List the timeframes, shortest first',
  reply: {
    status: 200,
    schema: z.strictObject({
      timeframes: z.array(timeframe),
      default: timeframe,
      bars_per_year: z.strictObject({
        '1m': z.int(),
        '5m': z.int(),
        '15m': z.int(),
        '1h': z.int(),
        '4h': z.int(),
        '1d': z.int(),
      }),
    }),
  },
  problems: [],
})

/** The preset's levels of z, the number of consecutive bars required, and the values that the levels apply to. */
export const presetReply = z
  .strictObject({
    name: z.string(),
    builtin: z.boolean(),
    version: z.int(),
    method: z.string(),
    high_enter: z.number(),
    high_exit: z.number(),
    low_enter: z.number(),
    low_exit: z.number(),
    enter_k: z.int(),
    exit_k: z.int(),
    description: z.string().nullable(),
  })
  .meta({ id: 'RegimePreset' })

export const presetsReply = z.strictObject({ default: z.string(), presets: z.array(presetReply) })

export const listPresets = defineEndpoint({
  ...get,
  path: '/v1/presets',
  id: 'listPresets',
  summary: 'List the built-in presets, followed by the presets of the organisation of the API key',
  reply: { status: 200, schema: presetsReply },
  problems: [],
})

export const getPreset = defineEndpoint({
  ...get,
  path: '/v1/presets/{name}',
  id: 'getPreset',
  summary: 'Read a built-in preset or a preset of the organisation of the API key',
  params: z.strictObject({ name: text(1, 64) }),
  example: { params: { name: 'balanced' } },
  reply: { status: 200, schema: presetReply },
  problems: ['preset_not_found'],
})

const feed = z.strictObject({
  status: z.enum(['connecting', 'backfilling', 'live', 'degraded', 'down', 'off']),
  since_ms: ms.nullable(),
  last_bar_ms: ms.nullable(),
  /** Seconds since the end of the newest closed minute. */
  lag_seconds: z.number().nullable(),
  reason: z.string().nullable(),
})

export const getStatus = defineEndpoint({
  ...get,
  path: '/v1/status',
  id: 'getFeedStatus',
  summary: 'Read which market data feeds are up, and since when',
  reply: {
    status: 200,
    schema: z.strictObject({
      version: z.string(),
      database: z.enum(['ok', 'down']),
      venues: z.strictObject({ binance: feed, coinbase: feed, bybit: feed }),
    }),
  },
  problems: [],
})
