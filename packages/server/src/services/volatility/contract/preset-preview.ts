import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { symbolProblems } from './analytics.ts'
import { ms, regime, symbol, timeframe, venue } from './fields.ts'
import { givenThresholds, perRegime, presetName, thresholds } from './query-fields.ts'
import { optional } from './subscription-shapes.ts'

/** The number of bars shown; the figures are over all stored bars. */
const barsMost = 1_000

const shares = z.strictObject({
  /** Share of each state among the classified bars; null if there are none. */
  share: perRegime(z.number()).nullable(),
  changes: z.int(),
  changes_per_day: z.number().nullable(),
})

export const previewReply = z.strictObject({
  symbol: z.string(),
  timeframe,
  venue,
  thresholds,
  /** The number of stored bars, over which the figures are computed. */
  bars: z.int(),
  /** The number of classified bars. */
  classified: z.int(),
  from_ms: ms.nullable(),
  to_ms: ms.nullable(),
  wanted: shares,
  /** The preset for comparison, on the same bars. */
  base: z.strictObject({ preset: z.string(), ...shares.shape }),
  /** The newest bars, oldest first. */
  ts_ms: z.array(ms),
  close: z.array(z.number()),
  z_vol: z.array(z.number().nullable()),
  regime: z.array(regime.nullable()),
})
export type PreviewReply = z.input<typeof previewReply>

const previewBody = z.strictObject({
  symbol,
  timeframe: optional(timeframe),
  /** The preset whose thresholds replace missing ones, and that the result is compared with. */
  base: optional(presetName),
  ...givenThresholds,
  bars: optional(
    z.int().min(1, `must be between 1 and ${barsMost}`).max(barsMost, `must be between 1 and ${barsMost}`),
  ),
})
export type PreviewBody = z.output<typeof previewBody>

export const previewPreset = defineEndpoint({
  method: 'POST',
  path: '/v1/presets/preview',
  id: 'previewPreset',
  summary: 'Preview the regimes that given thresholds produce for the stored bars; nothing is saved',
  description:
    'The state machine is replayed over all stored bars of the series, once with the thresholds of the body and once with those of `base`, ' +
    'so that both can be compared on the same history.',
  tag: 'volatility',
  access: { kind: 'key', scope: 'presets:read' },
  body: previewBody,
  example: { body: { symbol: 'btcusdt', high_enter: 2.5 } },
  reply: { status: 200, schema: previewReply },
  problems: symbolProblems,
})
