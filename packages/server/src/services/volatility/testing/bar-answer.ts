import { isDeepStrictEqual } from 'node:util'
import type { volatilityEndpoints } from '../contract/endpoints.ts'
import type { Timeframe } from '../domain/timeframe.ts'
import type { Changes, ShownBar } from '../fixtures/shown-bars.ts'
import type { Asked } from './filled-markets.ts'

/** An operation with its own handler. */
export type Door = Exclude<(typeof volatilityEndpoints)[number], { readonly handledBy: string }>['id']

export type Ask = <T>(door: Door, asked: Asked) => Promise<T>

/** What operations with a time parameter return for a past moment, after more bars have arrived. */
export type Later = {
  readonly ask: Ask
  readonly atMs: number
  readonly bars: (symbol: string, timeframe: Timeframe, venue?: string) => Promise<readonly ShownBar[]>
  readonly last: (symbol: string, timeframe: Timeframe, venue?: string) => Promise<ShownBar | undefined>
  readonly changes: (symbol: string, timeframe: Timeframe) => Promise<Changes>
}

/** The earlier reply, and the value that it has to match. */
export type Held = readonly [told: unknown, then: unknown]

/**
 * Calls an operation at the present moment; the returned function later compares the reply with what is returned for
 * that moment then.
 */
export type BarAnswer = (door: Door, ask: Ask, atMs: number) => Promise<(later: Later) => Promise<Held>>

export type Line = BarAnswer | { readonly readsNoBars: string }

/** Compares a reply with what other operations return for the same moment later; `hold` names the reply's type. */
export function now(asked: Asked, hold: (reply: never, later: Later) => Promise<Held>): BarAnswer {
  return async (door, ask) => {
    const reply = await ask<never>(door, asked)
    return (later) => hold(reply, later)
  }
}

/** The same operation, called later with the moment as its end, must return the same. */
export function again(first: (atMs: number) => Asked, second: (atMs: number) => Asked = first): BarAnswer {
  return async (door, ask, atMs) => {
    const reply = await ask(door, first(atMs))
    return async (later) => [isDeepStrictEqual(await later.ask(door, second(atMs)), reply), true]
  }
}

export function readsNoBars(because: string): Line {
  return { readsNoBars: because }
}
