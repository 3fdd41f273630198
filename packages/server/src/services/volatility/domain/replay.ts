import { type Regime, regimeCodes } from './regime-code.ts'
import { type MachineState, startOfMachine, stepMachine, type Thresholds } from './regime-machine.ts'
import { intervalMs, type Timeframe } from './timeframe.ts'
import { VolatilitySeries } from './volatility-series.ts'

/** Closed bars in the order of their open times; the columns are of one length. */
export type BarColumns = { readonly openMs: Float64Array; readonly closes: Float64Array }

export type Transition = {
  readonly from: Regime
  readonly to: Regime
  /** End of the bar that completed it: the first moment at which anybody could act. */
  readonly tsMs: number
  /** Index of that bar. */
  readonly bar: number
  readonly reason: 'threshold' | 'reset'
}

/** Per bar; NaN where there is no value. */
export type SeriesColumns = {
  readonly returns: Float64Array
  readonly rv: Float64Array
  readonly baseline: Float64Array
  readonly sigma: Float64Array
  readonly z: Float64Array
}

/** Computes the columns of a series. */
export function replaySeries(
  timeframe: Timeframe,
  { openMs, closes }: BarColumns,
): SeriesColumns & { readonly resets: readonly number[] } {
  const bars = openMs.length
  const columns = {
    returns: new Float64Array(bars),
    rv: new Float64Array(bars),
    baseline: new Float64Array(bars),
    sigma: new Float64Array(bars),
    z: new Float64Array(bars),
  }
  const resets: number[] = []
  const series = new VolatilitySeries(timeframe)
  for (let bar = 0; bar < bars; bar += 1) {
    series.push(openMs[bar] ?? 0, closes[bar] ?? 0)
    if (series.isReset) resets.push(bar)
    columns.returns[bar] = series.returnOrNaN
    columns.rv[bar] = series.rvOrNaN
    columns.baseline[bar] = series.baselineOrNaN
    columns.sigma[bar] = series.sigmaOrNaN
    columns.z[bar] = series.zOrNaN
  }
  return { ...columns, resets }
}

/** Runs a machine over the z of each bar; `resets` are the indexes of bars after a gap that is too long, ascending. */
export function replayMachine(
  { z, openMs, resets, timeframe }: MachineInput,
  thresholds: Thresholds,
  start: MachineState = startOfMachine,
): { readonly transitions: readonly Transition[]; readonly regimes: Uint8Array; readonly end: MachineState } {
  const bars = z.length
  const regimes = new Uint8Array(bars)
  const transitions: Transition[] = []
  const interval = intervalMs[timeframe]
  let machine = start
  let nextReset = 0
  for (let bar = 0; bar < bars; bar += 1) {
    const before = machine.regime
    const isReset = resets[nextReset] === bar
    if (isReset) nextReset += 1
    const value = z[bar] ?? Number.NaN
    machine = isReset ? startOfMachine : stepMachine(machine, Number.isNaN(value) ? null : value, thresholds)
    regimes[bar] = regimeCodes[machine.regime]
    if (machine.regime !== before)
      transitions.push({
        from: before,
        to: machine.regime,
        tsMs: (openMs[bar] ?? 0) + interval,
        bar,
        reason: isReset ? 'reset' : 'threshold',
      })
  }
  return { transitions, regimes, end: machine }
}

export type MachineInput = {
  readonly timeframe: Timeframe
  readonly openMs: Float64Array
  readonly z: Float64Array
  readonly resets: readonly number[]
}
