import { garmanKlassVariance, HarWindows } from './har-windows.ts'
import { driveOf, type Measures } from './method-drive.ts'
import { GarmanKlass, type Prices } from './range-estimators.ts'
import type { Regime } from './regime-code.ts'
import { type MachineState, startOfMachine, stepMachine, type Thresholds } from './regime-machine.ts'
import type { Timeframe } from './timeframe.ts'
import { VolatilitySeries } from './volatility-series.ts'

/** A series' data about one bar. The object is reused for the next bar, because millions are read. */
export type BarState = {
  rv: number | null
  baseline: number | null
  z: number | null
  garmanKlass: number | null
  /** Null before the first driving value of the series, and again after a reset. */
  regime: Regime | null
}

/** Walks a series from its first bar and yields what a live reader was told after each bar. */
export class BarStates {
  readonly state: BarState = { rv: null, baseline: null, z: null, garmanKlass: null, regime: null }
  readonly #series: VolatilitySeries
  readonly #ranges: GarmanKlass
  readonly #thresholds: Thresholds
  readonly #har: HarWindows | undefined
  #machine: MachineState = startOfMachine
  #isClassified = false

  constructor(timeframe: Timeframe, thresholds: Thresholds) {
    this.#series = new VolatilitySeries(timeframe)
    this.#ranges = new GarmanKlass(timeframe)
    this.#thresholds = thresholds
    if (thresholds.drive?.kind === 'forecast') this.#har = HarWindows.begin()
  }

  push(openMs: number, prices: Prices): BarState {
    const series = this.#series
    series.push(openMs, prices.close)
    if (series.isReset) {
      this.#ranges.clear()
      this.#har?.clear()
    }
    this.#ranges.push(prices)
    this.#har?.push(garmanKlassVariance(prices.open, prices.high, prices.low, prices.close))
    const { drive } = this.#thresholds
    const { z, baseline } = drive === undefined ? series : driveOf(toMeasures(series), drive, this.#har)
    if (series.isReset) {
      this.#machine = startOfMachine
      this.#isClassified = false
    } else this.#machine = stepMachine(this.#machine, z, this.#thresholds)
    if (z !== null) this.#isClassified = true
    const { state } = this
    state.rv = series.rv
    state.baseline = baseline
    state.z = z
    state.garmanKlass = this.#ranges.value
    state.regime = this.#isClassified ? this.#machine.regime : null
    return state
  }
}

function toMeasures({ z, rv, baseline }: VolatilitySeries): Measures {
  return { z, rv, baseline }
}
