import { draw, gauss, studentT } from './draws.ts'

export type TrueState = 'low' | 'normal' | 'high'

/** Specification 8.6: the mean duration of each state, and the deviation per minute in it. */
const states = [
  { name: 'low', meanMinutes: 360, sigma: 0.45 * 4e-4 },
  { name: 'normal', meanMinutes: 480, sigma: 4e-4 },
  { name: 'high', meanMinutes: 120, sigma: 3 * 4e-4 },
] as const satisfies readonly { name: TrueState; meanMinutes: number; sigma: number }[]

export const stepsPerMinute = 12
export const minuteMs = 60_000
const minutesPerDay = 1_440
const stepsPerDay = stepsPerMinute * minutesPerDay
/**
 * The chain of states restarts from its stationary distribution every so many days, so that any past day can be
 * computed.
 */
const blockMinutes = 4 * minutesPerDay
const daysKept = 6
const stepSigmas = states.map(({ sigma }) => sigma / Math.sqrt(stepsPerMinute))

/** One day of a symbol, as logarithms of the price. */
type Day = {
  /** At the start of each minute, and at the end of the last. */
  readonly bounds: Float64Array
  /** The movement of each step of the day, without drift. */
  readonly steps: Float64Array
  /** The drift per step that makes the day end where the next one starts. */
  readonly drift: number
}

export type PriceOptions = {
  readonly seed: number
  /** The share of a step that is common to all symbols, from 0 to 1. */
  readonly commonShare?: number
  /** By how many minutes a symbol follows the common movement; 0 if it is not listed. */
  readonly lagMinutes?: Readonly<Record<string, number>>
}

export type Prices = {
  /** The thirteen log prices within a minute. */
  readonly minute: (symbol: string, minute: number) => ArrayLike<number>
  readonly state: (symbol: string, minute: number) => TrueState
}

/**
 * Prices as a function of seed, symbol and minute alone. Per symbol, a chain of three states sets the deviation of
 * Student-t steps; the level at each midnight is multi-scale noise, and the steps of a day are adjusted to meet it.
 */
export function createPrices({ seed, commonShare = 0.5, lagMinutes = {} }: PriceOptions): Prices {
  const symbols = new Map<string, SymbolState>()
  const common = Math.sqrt(commonShare)
  const own = Math.sqrt(1 - commonShare)
  const factorSeed = toSeed(seed, 'factor')

  const stateOf = (symbol: string): SymbolState => {
    let known = symbols.get(symbol)
    if (known === undefined) {
      known = {
        seed: toSeed(seed, symbol),
        stateSeed: toSeed(seed, `${symbol} states`),
        lagSteps: (lagMinutes[symbol] ?? 0) * stepsPerMinute,
        days: new Map(),
        chains: new Map(),
      }
      symbols.set(symbol, known)
    }
    return known
  }
  const stateIndex = ({ stateSeed, chains }: SymbolState, minute: number): number => {
    const block = Math.floor(minute / blockMinutes)
    let chain = chains.get(block)
    if (chain === undefined) {
      chain = walkStates(stateSeed, block * blockMinutes)
      if (chains.size > 20) chains.clear()
      chains.set(block, chain)
    }
    return chain[minute - block * blockMinutes] ?? 1
  }

  const makeDay = (state: SymbolState, day: number): Day => {
    const steps = new Float64Array(stepsPerDay)
    let sum = 0
    for (let minute = 0; minute < minutesPerDay; minute += 1) {
      const sigma = stepSigmas[stateIndex(state, day * minutesPerDay + minute)] ?? 0
      for (let index = 0; index < stepsPerMinute; index += 1) {
        const at = minute * stepsPerMinute + index
        const position = day * stepsPerDay + at
        const value =
          sigma *
          (common * studentT(factorSeed, position - state.lagSteps) + own * studentT(state.seed, position))
        steps[at] = value
        sum += value
      }
    }
    const startLevel = midnightLevel(state.seed, day)
    const drift = (midnightLevel(state.seed, day + 1) - startLevel - sum) / stepsPerDay
    const bounds = new Float64Array(minutesPerDay + 1)
    let level = startLevel
    for (let minute = 0; minute < minutesPerDay; minute += 1) {
      bounds[minute] = level
      for (let index = 0; index < stepsPerMinute; index += 1)
        level += (steps[minute * stepsPerMinute + index] ?? 0) + drift
    }
    bounds[minutesPerDay] = level
    return { bounds, steps, drift }
  }

  const dayOf = (symbol: string, day: number): Day => {
    const state = stateOf(symbol)
    const { days } = state
    let made = days.get(day)
    if (made === undefined) {
      made = makeDay(state, day)
      const [oldest] = days.keys()
      if (oldest !== undefined && days.size >= daysKept) days.delete(oldest)
      days.set(day, made)
    }
    return made
  }

  return {
    minute: (symbol, minute) => {
      const day = Math.floor(minute / minutesPerDay)
      const { bounds, steps, drift } = dayOf(symbol, day)
      const inDay = minute - day * minutesPerDay
      let level = bounds[inDay] ?? 0
      // A plain array is three times as fast as a typed one at this size, and there are millions of them.
      const path = [level]
      for (let index = 0; index < stepsPerMinute; index += 1) {
        level += (steps[inDay * stepsPerMinute + index] ?? 0) + drift
        path.push(level)
      }
      return path
    },
    state: (symbol, minute) => (states[stateIndex(stateOf(symbol), minute)] ?? states[1]).name,
  }
}

type SymbolState = {
  readonly seed: number
  readonly stateSeed: number
  readonly lagSteps: number
  readonly days: Map<number, Day>
  readonly chains: Map<number, Uint8Array>
}

/** A number for a name, depending on the seed. */
export function toSeed(seed: number, name: string): number {
  let hash = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b)
  for (let index = 0; index < name.length; index += 1)
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193)
  return hash | 0
}

function walkStates(seed: number, firstMinute: number): Uint8Array {
  const total = states.reduce((sum, { meanMinutes }) => sum + meanMinutes, 0)
  // Normal is entered from both other states, each of those from normal only; the stationary shares follow.
  let pick = draw(seed, -firstMinute) * total
  let state = 0
  while (state < 2 && pick >= (states[state]?.meanMinutes ?? 0)) {
    pick -= states[state]?.meanMinutes ?? 0
    state += 1
  }
  const chain = new Uint8Array(blockMinutes)
  for (let index = 0; index < chain.length; index += 1) {
    chain[index] = state
    const leave = draw(seed, firstMinute + index)
    const chance = 1 / (states[state]?.meanMinutes ?? 1)
    if (leave < chance) state = state !== 1 ? 1 : leave < chance / 2 ? 0 : 2
  }
  return chain
}

/** Similar to a random walk of 1.5 % per day, but computable for any day alone: lattice noise from 1 to 512 days. */
function midnightLevel(seed: number, day: number): number {
  let level = 0
  for (let octave = 0; octave < 10; octave += 1) {
    const span = 2 ** octave
    const cell = Math.floor(day / span)
    const share = day / span - cell
    const lattice = Math.imul(octave + 1, 0x2c1b3c6d)
    const [a, b] = [gauss(seed ^ lattice, cell), gauss(seed ^ lattice, cell + 1)]
    level += 0.009 * Math.sqrt(span) * (a * (1 - share) + b * share)
  }
  return level
}
