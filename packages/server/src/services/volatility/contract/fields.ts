import { text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { timeframes } from '../domain/timeframe.ts'
import { venues } from '../domain/venue.ts'

/** One of some words; a refusal lists them. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: `must be one of ${words.join(', ')}` })
}

export const timeframe = oneOf(timeframes)
export const venue = oneOf(venues)
export const regime = z.enum(['low', 'normal', 'high'])

/** Capitals are lowered, not refused; what no symbol can be is answered like one that is not carried. */
export const symbol = text(1, 64)
  .transform((value) => value.toLowerCase())
  .meta({ examples: ['btcusdt'] })

/** Milliseconds since 1970. */
export const ms = z.int()
