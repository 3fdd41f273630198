import { text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { destinations } from '../destinations/destinations.ts'
import { timeframes } from '../domain/timeframe.ts'
import { oneOf, symbol } from './fields.ts'
import { methodNames, presetName } from './query-fields.ts'

/** For an optional member, `null` is equivalent to absent. */
export function optional<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? undefined)
}

export const subscribable = ['regime.transition', 'regime.stale', 'regime.recovered'] as const
export const regimes = ['low', 'normal', 'high'] as const
// Safe: these are the keys of an object that has at least one.
export const kinds = Object.keys(destinations) as [
  keyof typeof destinations,
  ...(keyof typeof destinations)[],
]

const symbols = z.array(z.union([z.literal('*'), symbol])).max(500)

/** The filter members; an omitted one has its default. */
export const filterMembers = {
  events: optional(z.array(oneOf(subscribable)).min(1).max(subscribable.length)),
  symbols: optional(symbols),
  timeframes: optional(z.array(oneOf(timeframes)).min(1).max(timeframes.length)),
  to_regimes: optional(z.array(oneOf(regimes)).min(1).max(regimes.length)),
  preset: optional(presetName),
  method: optional(oneOf(methodNames)),
  description: optional(text(0, 200)),
}

export const telegramTarget = destinations.telegram.config

export const subscriptionReply = {
  id: z.int(),
  uid: z.string(),
  kind: z.enum(kinds),
  url: z.string(),
  events: z.array(z.string()),
  symbols: z.array(z.string()),
  timeframes: z.array(z.string()),
  to_regimes: z.array(z.string()),
  preset: z.string(),
  method: z.string(),
  description: z.string(),
  state: z.enum(['active', 'disabled', 'paused_by_plan']),
  created_at: z.iso.datetime({ precision: 3 }),
  last_success_at: z.iso.datetime({ precision: 3 }).nullable(),
  last_failure_at: z.iso.datetime({ precision: 3 }).nullable(),
  disabled_at: z.iso.datetime({ precision: 3 }).nullable(),
  failure_count: z.int(),
}

export const subscriptionSchema = z.strictObject(subscriptionReply).meta({ id: 'RegimeWebhook' })
