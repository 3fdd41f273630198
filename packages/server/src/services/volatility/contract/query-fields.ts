import { z } from 'zod'
import { volatilityPolicy } from '../policy.ts'
import { oneOf, timeframe, venue } from './fields.ts'

export const methodNames = ['published', 'har-gk', 'rv-level'] as const
export const method = oneOf(methodNames)

export const timeframeQuery = timeframe.default(volatilityPolicy.defaultTimeframe)

/** Allowed values of `regime`; the validation error lists them. */
export const regimeQuery = oneOf(['low', 'normal', 'high'])

export const presetName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{1,39}$/, 'must be 2 to 40 small letters, digits, _ or -, and begin with a letter')
  .meta({ examples: ['balanced'] })

/** Parameters of every path with a symbol. */
export const chosen = {
  preset: presetName.default(volatilityPolicy.defaultPreset),
  method: method.default('published'),
}
export const common = { timeframe: timeframeQuery, ...chosen, venue: venue.optional() }

/** A whole number in the query. */
export function queryNumber(min: number, max: number) {
  const message = `must be a whole number between ${min} and ${max}`
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .meta({ type: 'integer', minimum: min, maximum: max })
    .transform(Number)
    .refine((value) => value >= min && value <= max, message)
}

/** A smaller value is a time in seconds, or none at all. */
const millisecondsLeast = 100_000_000_000
const millisecondsMost = 8_640_000_000_000_000

const notMilliseconds = `must be a whole number of milliseconds since 1970 and at least ${millisecondsLeast}: milliseconds expected`

/** A Unix time in milliseconds in the query. */
export const queryMoment = z
  .string()
  .regex(/^\d{1,16}$/, notMilliseconds)
  .meta({ type: 'integer', examples: [1_733_041_680_000] })
  .transform(Number)
  .refine((value) => value >= millisecondsLeast && value <= millisecondsMost, notMilliseconds)

/** A Unix time in milliseconds in a body. */
export const bodyMoment = z
  .int({ error: notMilliseconds })
  .min(millisecondsLeast, notMilliseconds)
  .max(millisecondsMost, notMilliseconds)
  .meta({ examples: [1_733_041_680_000] })

export const queryBoolean = oneOf(['true', 'false'])
  .meta({ examples: ['true'] })
  .transform((text) => text === 'true')

export const perRegime = <T extends z.ZodType>(value: T) =>
  z.strictObject({ low: value, normal: value, high: value })

/** A threshold in a body; the rule that names it checks whether it has to be a whole number. */
export const level = z.number({ error: 'must be a number' })
const maybeLevel = level.nullish().transform((value) => value ?? undefined)

/** A subset of the thresholds; `null` is equivalent to absent. */
export const givenThresholds = {
  high_enter: maybeLevel,
  high_exit: maybeLevel,
  low_enter: maybeLevel,
  low_exit: maybeLevel,
  enter_k: maybeLevel,
  exit_k: maybeLevel,
}

export const thresholds = z.strictObject({
  high_enter: z.number(),
  high_exit: z.number(),
  low_enter: z.number(),
  low_exit: z.number(),
  enter_k: z.int(),
  exit_k: z.int(),
})

export function between(min: number, max: number): string {
  return `must be between ${min} and ${max}`
}
