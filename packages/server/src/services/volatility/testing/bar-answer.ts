import { isDeepStrictEqual } from 'node:util'
import type { volatilityEndpoints } from '../contract/endpoints.ts'
import type { Timeframe } from '../domain/timeframe.ts'
import type { Changes, ShownBar } from '../fixtures/shown-bars.ts'
import type { Asked } from './filled-markets.ts'

/** An operation with a handler of its own. */
export type Door = Exclude<(typeof volatilityEndpoints)[number], { readonly handledBy: string }>['id']

export type Ask = <T>(door: Door, asked: Asked) => Promise<T>

/** What the doors that take a time say of a moment, once bars have come after it. */
export type Later = {
  readonly ask: Ask
  readonly atMs: number
  readonly bars: (symbol: string, timeframe: Timeframe, venue?: string) => Promise<readonly ShownBar[]>
  readonly last: (symbol: string, timeframe: Timeframe, venue?: string) => Promise<ShownBar | undefined>
  readonly changes: (symbol: string, timeframe: Timeframe) => Promise<Changes>
}

/** What was said, and what it has to match. */
export type Held = readonly [told: unknown, then: unknown]

/** Asks while a moment is now; what came of it is held, later, beside what is said of that moment then. */
export type BarAnswer = (door: Door, ask: Ask, atMs: number) => Promise<(later: Later) => Promise<Held>>

export type Line = BarAnswer | { readonly readsNoBars: string }

/** Holds what is said now beside what other doors say of it later; `hold` names the type that the contract gives it. */
export function now(asked: Asked, hold: (reply: never, later: Later) => Promise<Held>): BarAnswer {
  return async (door, ask) => {
    const reply = await ask<never>(door, asked)
    return (later) => hold(reply, later)
  }
}

/** Asked again, with the moment as where it ends, it says the same. */
export function again(first: (atMs: number) => Asked, second: (atMs: number) => Asked = first): BarAnswer {
  return async (door, ask, atMs) => {
    const reply = await ask(door, first(atMs))
    return async (later) => [isDeepStrictEqual(await later.ask(door, second(atMs)), reply), true]
  }
}

export function readsNoBars(because: string): Line {
  return { readsNoBars: because }
}
