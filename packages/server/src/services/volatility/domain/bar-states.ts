import { GarmanKlass, type Prices } from './range-estimators.ts'
import type { Regime } from './regime-code.ts'
import { type MachineState, startOfMachine, stepMachine, type Thresholds } from './regime-machine.ts'
import type { Timeframe } from './timeframe.ts'
import { VolatilitySeries } from './volatility-series.ts'

/** What a series says of one bar, in an object that the next bar overwrites: millions of them are asked for. */
export type BarState = {
  rv: number | null
  baseline: number | null
  z: number | null
  garmanKlass: number | null
  /** Null before the first z of the series, and again where it begins anew. */
  regime: Regime | null
}

/** Walks along a series from its first bar on, and says what a live reader was told after each. */
export class BarStates {
  readonly state: BarState = { rv: null, baseline: null, z: null, garmanKlass: null, regime: null }
  readonly #series: VolatilitySeries
  readonly #ranges: GarmanKlass
  readonly #thresholds: Thresholds
  #machine: MachineState = startOfMachine
  #isClassified = false

  constructor(timeframe: Timeframe, thresholds: Thresholds) {
    this.#series = new VolatilitySeries(timeframe)
    this.#ranges = new GarmanKlass(timeframe)
    this.#thresholds = thresholds
  }

  push(openMs: number, prices: Prices): BarState {
    const series = this.#series
    series.push(openMs, prices.close)
    if (series.isReset) {
      this.#ranges.clear()
      this.#machine = startOfMachine
      this.#isClassified = false
    } else this.#machine = stepMachine(this.#machine, series.z, this.#thresholds)
    this.#ranges.push(prices)
    if (series.z !== null) this.#isClassified = true
    const { state } = this
    state.rv = series.rv
    state.baseline = series.baseline
    state.z = series.z
    state.garmanKlass = this.#ranges.value
    state.regime = this.#isClassified ? this.#machine.regime : null
    return state
  }
}
