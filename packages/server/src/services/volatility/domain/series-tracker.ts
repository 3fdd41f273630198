import type { Bar } from './combine-bars.ts'
import { type EstimatorsState, RangeEstimators } from './range-estimators.ts'
import type { Regime } from './regime-code.ts'
import { type MachineState, startOfMachine, stepMachine, type Thresholds } from './regime-machine.ts'
import { intervalMs, type Timeframe } from './timeframe.ts'
import { type SeriesState, VolatilitySeries } from './volatility-series.ts'

/** A preset as a machine follows it; a version never changes. */
export type TrackedPreset = {
  readonly preset: string
  readonly method: string
  readonly version: number
  readonly thresholds: Thresholds
}

export type Machine = TrackedPreset & {
  readonly state: MachineState
  /** End of the bar of its newest transition; before any, of the first bar with a z. */
  readonly enteredMs: number | null
}

/** What a series says of its newest bar. Volatilities are fractions a year. */
export type Reading = {
  readonly openMs: number
  readonly close: number
  readonly rv: number | null
  readonly baseline: number | null
  readonly sigma: number | null
  readonly z: number | null
}

export type TrackedTransition = {
  readonly preset: string
  readonly method: string
  readonly presetVersion: number
  readonly from: Regime
  readonly to: Regime
  /** End of the bar that completed it. */
  readonly tsMs: number
  /** Of that bar; in a reset the last z before the hole. */
  readonly z: number
  readonly rv: number | null
  readonly baseline: number | null
  readonly close: number
  readonly reason: 'threshold' | 'reset'
}

/** What a tracker is rebuilt from, to the last bit. */
export type TrackerState = {
  readonly series: SeriesState
  readonly estimators: EstimatorsState
  readonly reading: Reading | null
  readonly lastZ: number | null
  readonly readyMs: number | null
  readonly cursorMs: number | null
  readonly machines: readonly Machine[]
}

/** A series of closed bars, its estimators, and the machines that follow its z (specification 5 and 6). */
export class SeriesTracker {
  readonly timeframe: Timeframe
  /** Of the newest bar; null before there is one. */
  reading: Reading | null = null
  machines: readonly Machine[]
  /** End of the first bar with a z since the series began, or began anew. */
  readyMs: number | null = null
  /** Open time of the newest interval that has a bar, or is known to have none. */
  cursorMs: number | null = null
  #series: VolatilitySeries
  #estimators: RangeEstimators
  #lastZ: number | null = null

  constructor(timeframe: Timeframe, presets: readonly TrackedPreset[]) {
    this.timeframe = timeframe
    this.#series = new VolatilitySeries(timeframe)
    this.#estimators = new RangeEstimators(timeframe)
    this.machines = presets.map((preset) => ({ ...preset, state: startOfMachine, enteredMs: null }))
  }

  get estimators(): RangeEstimators {
    return this.#estimators
  }

  get barsUntilReady(): number {
    return this.#series.barsUntilReady
  }

  get isReset(): boolean {
    return this.#series.isReset
  }

  /** Takes the next closed bar; returns the changes that it completed. */
  push(bar: Pick<Bar, 'openMs' | 'open' | 'high' | 'low' | 'close'>): readonly TrackedTransition[] {
    const series = this.#series
    const { openMs, close } = bar
    series.push(openMs, close)
    if (series.isReset) {
      this.#estimators.clear()
      this.readyMs = null
    }
    this.#estimators.push(bar, series.logReturn)
    const { rv, baseline, sigma, z } = series
    this.reading = { openMs, close, rv, baseline, sigma, z }
    this.cursorMs = openMs
    const endMs = openMs + intervalMs[this.timeframe]
    if (z !== null) this.readyMs ??= endMs
    const transitions: TrackedTransition[] = []
    this.machines = this.machines.map((machine) => {
      const next = series.isReset ? startOfMachine : stepMachine(machine.state, z, machine.thresholds)
      const { regime: from } = machine.state
      const { regime: to } = next
      if (from !== to) {
        const { preset, method, version: presetVersion } = machine
        const reason = series.isReset ? 'reset' : 'threshold'
        transitions.push({
          preset,
          method,
          presetVersion,
          from,
          to,
          tsMs: endMs,
          z: z ?? this.#lastZ ?? 0,
          rv,
          baseline,
          close,
          reason,
        })
        return { ...machine, state: next, enteredMs: endMs }
      }
      if (next === machine.state && (machine.enteredMs !== null || z === null)) return machine
      return { ...machine, state: next, enteredMs: machine.enteredMs ?? (z === null ? null : endMs) }
    })
    if (z !== null) this.#lastZ = z
    return transitions
  }

  /** The interval has no bar, and never will. */
  passOver(openMs: number): void {
    this.cursorMs = openMs
  }

  state(): TrackerState {
    const { reading, readyMs, cursorMs, machines } = this
    return {
      series: this.#series.state(),
      estimators: this.#estimators.state(),
      reading,
      lastZ: this.#lastZ,
      readyMs,
      cursorMs,
      machines,
    }
  }

  /** As it was when `state` was taken. */
  static from(timeframe: Timeframe, state: TrackerState): SeriesTracker {
    const tracker = new SeriesTracker(timeframe, [])
    tracker.#series = VolatilitySeries.from(timeframe, state.series)
    tracker.#estimators = RangeEstimators.from(timeframe, state.estimators)
    tracker.#lastZ = state.lastZ
    tracker.reading = state.reading
    tracker.readyMs = state.readyMs
    tracker.cursorMs = state.cursorMs
    tracker.machines = state.machines
    return tracker
  }
}
