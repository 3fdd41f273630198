import type { MachineState, Thresholds } from './regime-machine.ts'
import type { Regime } from './regime-code.ts'

/** A possible transition out of a regime. */
export type Exit = {
  readonly to: Regime
  readonly when: '>=' | '<='
  readonly level: number
  /** Level minus z; null without z. */
  readonly distance: number | null
  readonly barsNeeded: number
  /** The number of consecutive bars counted towards it. */
  readonly barsCounted: number
}

/** The conditions of a regime change: two from normal, one from the others (wire W4.5). */
export function exitsOf(
  { regime, run }: MachineState,
  z: number | null,
  thresholds: Thresholds,
): readonly Exit[] {
  const exit = (
    to: Regime,
    when: Exit['when'],
    level: number,
    barsNeeded: number,
    barsCounted: number,
  ): Exit => ({
    to,
    when,
    level,
    distance: z === null ? null : level - z,
    barsNeeded,
    barsCounted,
  })
  switch (regime) {
    case 'normal':
      return [
        exit('high', '>=', thresholds.highEnter, thresholds.enterK, Math.max(run, 0)),
        exit('low', '<=', thresholds.lowEnter, thresholds.enterK, Math.max(-run, 0)),
      ]
    case 'high':
      return [exit('normal', '<=', thresholds.highExit, thresholds.exitK, run)]
    case 'low':
      return [exit('normal', '>=', thresholds.lowExit, thresholds.exitK, run)]
  }
}
