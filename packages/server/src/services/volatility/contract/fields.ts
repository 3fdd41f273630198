import { text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { timeframes } from '../domain/timeframe.ts'
import { venues } from '../domain/venue.ts'

/** One of a list of words; the validation error lists them. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: `must be one of ${words.join(', ')}` })
}

export const timeframe = oneOf(timeframes)
export const venue = oneOf(venues)
export const regime = z.enum(['low', 'normal', 'high'])

/** Converted to lower case. A text that cannot be a symbol is answered as an unknown one. */
export const symbol = text(1, 64)
  .transform((value) => value.toLowerCase())
  .meta({ examples: ['btcusdt'] })

/** Unix time in milliseconds. */
export const ms = z.int()
