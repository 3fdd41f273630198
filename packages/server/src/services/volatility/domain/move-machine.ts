import { type MachineState, startOfMachine, stepMachine, type Thresholds } from './regime-machine.ts'

/** The data of a bar that a machine uses. */
export type BarOfMachine = {
  /** End of the bar. */
  readonly endMs: number
  readonly z: number | null
  /** Whether the series was reset before this bar. */
  readonly isReset: boolean
}

type Moving = {
  readonly thresholds: Thresholds
  readonly state: MachineState
  /** End of the bar of its newest change; before any, of the first bar with a z. */
  readonly enteredMs: number | null
}

/** The machine after a bar; the same object if the bar changed nothing. */
export function moveMachine<M extends Moving>(machine: M, { endMs, z, isReset }: BarOfMachine): M {
  const { state, enteredMs } = machine
  const next = isReset ? startOfMachine : stepMachine(state, z, machine.thresholds)
  if (next.regime !== state.regime) return { ...machine, state: next, enteredMs: endMs }
  if (next.run === state.run && (enteredMs !== null || z === null)) return machine
  return { ...machine, state: next, enteredMs: enteredMs ?? (z === null ? null : endMs) }
}
