import type { MethodDrive } from './method-drive.ts'
import type { Regime } from './regime-code.ts'

/** Levels, and the number of consecutive bars required (specification 5.2). */
export type Thresholds = {
  /** The values that the levels apply to; absent: the z of the method `published`. */
  readonly drive?: MethodDrive
  readonly highEnter: number
  readonly highExit: number
  readonly lowEnter: number
  readonly lowExit: number
  readonly enterK: number
  readonly exitK: number
}

/** A machine's state, and the number of adjacent bars counted towards the next one. */
export type MachineState = {
  readonly regime: Regime
  /** Number of consecutive counting bars; negative on the way from `normal` to `low`. */
  readonly run: number
}

export const startOfMachine: MachineState = { regime: 'normal', run: 0 }

/**
 * The state after a bar with this z. A null z, like any bar that does not count, ends the run but keeps the state.
 * From `normal`, the two directions are counted separately, and `low` and `high` are never adjacent.
 */
export function stepMachine(state: MachineState, z: number | null, thresholds: Thresholds): MachineState {
  const { regime, run } = state
  if (z === null) return run === 0 ? state : { regime, run: 0 }
  switch (regime) {
    case 'normal': {
      if (z >= thresholds.highEnter) {
        const next = Math.max(run, 0) + 1
        return next >= thresholds.enterK ? { regime: 'high', run: 0 } : { regime, run: next }
      }
      if (z <= thresholds.lowEnter) {
        const next = Math.min(run, 0) - 1
        return -next >= thresholds.enterK ? { regime: 'low', run: 0 } : { regime, run: next }
      }
      break
    }
    case 'high': {
      if (z <= thresholds.highExit)
        return run + 1 >= thresholds.exitK ? startOfMachine : { regime, run: run + 1 }
      break
    }
    case 'low': {
      if (z >= thresholds.lowExit)
        return run + 1 >= thresholds.exitK ? startOfMachine : { regime, run: run + 1 }
      break
    }
  }
  return run === 0 ? state : { regime, run: 0 }
}

/** The rule that the thresholds violate, with wire names; undefined if they are valid. */
export function judgeThresholds(
  thresholds: Thresholds,
): { readonly field: ThresholdField; readonly rule: string } | undefined {
  for (const [field, name] of levels) {
    const value = thresholds[field]
    if (!(value >= -10 && value <= 10)) return { field: name, rule: `${name} lies between -10 and 10` }
  }
  for (const [field, name, most] of runs) {
    const value = thresholds[field]
    if (!Number.isInteger(value) || value < 1 || value > most)
      return { field: name, rule: `${name} is a whole number between 1 and ${most}` }
  }
  const { highEnter, highExit, lowEnter, lowExit } = thresholds
  if (!(lowEnter < lowExit)) return { field: 'low_exit', rule: 'low_enter is below low_exit' }
  if (!(lowExit < highEnter)) return { field: 'low_exit', rule: 'low_exit is below high_enter' }
  if (!(lowEnter < highExit)) return { field: 'high_exit', rule: 'low_enter is below high_exit' }
  if (!(highExit < highEnter)) return { field: 'high_exit', rule: 'high_exit is below high_enter' }
  return undefined
}

export type ThresholdField = 'high_enter' | 'high_exit' | 'low_enter' | 'low_exit' | 'enter_k' | 'exit_k'

const levels = [
  ['highEnter', 'high_enter'],
  ['highExit', 'high_exit'],
  ['lowEnter', 'low_enter'],
  ['lowExit', 'low_exit'],
] as const
const runs = [
  ['enterK', 'enter_k', 60],
  ['exitK', 'exit_k', 240],
] as const
