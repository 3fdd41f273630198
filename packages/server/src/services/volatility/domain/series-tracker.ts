import type { Bar } from './combine-bars.ts'
import { findCalibrated } from './find-calibrated.ts'
import { garmanKlassVariance, HarWindows } from './har-windows.ts'
import { driveOf, type Measures } from './method-drive.ts'
import type { WindowState } from './rolling-moments.ts'
import { type EstimatorsState, RangeEstimators } from './range-estimators.ts'
import type { Regime } from './regime-code.ts'
import { moveMachine } from './move-machine.ts'
import { type MachineState, startOfMachine, type Thresholds } from './regime-machine.ts'
import { intervalMs, type Timeframe } from './timeframe.ts'
import { type SeriesState, VolatilitySeries } from './volatility-series.ts'

/** The calibration behind a version's thresholds. */
export type PresetCalibration = {
  readonly id: string
  /** False if no combination was in the preset's band, so that the built-in thresholds apply. */
  readonly isFitted: boolean
  /** The range of bars that they were fitted to: open time of the first, end of the last. */
  readonly dataFromMs: number
  readonly dataToMs: number
}

/** A preset that a machine runs; a version never changes. */
export type TrackedPreset = {
  /** Absent: nothing was fitted. */
  readonly calibration?: PresetCalibration
  readonly preset: string
  readonly method: string
  readonly version: number
  readonly thresholds: Thresholds
}

export type Machine = TrackedPreset & {
  readonly state: MachineState
  /** End of the bar of its newest transition; before any, of the first bar with a driving value. */
  readonly enteredMs: number | null
}

/** A series' values after its newest bar. Volatilities are annualised fractions. */
export type Reading = {
  readonly openMs: number
  readonly close: number
  readonly rv: number | null
  readonly baseline: number | null
  readonly sigma: number | null
  readonly z: number | null
}

/** The values that drive machines of a method at a bar. */
export type Driven = {
  readonly z: number | null
  /** The baseline of z. */
  readonly baseline: number | null
  /** After a reset, the last driving value before it. */
  readonly lastZ: number | null
}

export type TrackedTransition = {
  readonly preset: string
  readonly method: string
  readonly presetVersion: number
  readonly from: Regime
  readonly to: Regime
  /** End of the bar that completed it. */
  readonly tsMs: number
  /** The driving value of that bar: z for the method `published`. In a reset, the last one before the gap. */
  readonly z: number
  readonly rv: number | null
  readonly baseline: number | null
  readonly close: number
  readonly reason: 'threshold' | 'reset'
}

/** The state from which a tracker is rebuilt exactly. */
export type TrackerState = {
  readonly series: SeriesState
  readonly estimators: EstimatorsState
  readonly reading: Reading | null
  readonly lastZ: number | null
  readonly readyMs: number | null
  readonly cursorMs: number | null
  /** Present if a forecast drives machines of the series. */
  readonly har: WindowState | null
  readonly machines: readonly Machine[]
}

/** A series of closed bars with its estimators and machines (specification 5, 6 and 7.5). */
export class SeriesTracker {
  readonly timeframe: Timeframe
  /** Values after the newest bar; null before there is one. */
  reading: Reading | null = null
  machines: readonly Machine[]
  /** End of the first bar with a z since the start or the last reset. */
  readyMs: number | null = null
  /** Open time of the newest interval that has a bar, or is known to have none. */
  cursorMs: number | null = null
  #series: VolatilitySeries
  #estimators: RangeEstimators
  #har: HarWindows | undefined
  #lastZ: number | null = null
  readonly #driven = new WeakMap<Machine, Driven>()

  constructor(timeframe: Timeframe, presets: readonly TrackedPreset[]) {
    this.timeframe = timeframe
    if (followsForecast(presets)) this.#har = HarWindows.begin()
    this.#series = new VolatilitySeries(timeframe)
    this.#estimators = new RangeEstimators(timeframe)
    this.machines = presets.map((preset) => ({ ...preset, state: startOfMachine, enteredMs: null }))
  }

  get estimators(): RangeEstimators {
    return this.#estimators
  }

  /** The z of the newest bar that had one. */
  get lastZ(): number | null {
    return this.#lastZ
  }

  get barsUntilReady(): number {
    return this.#series.barsUntilReady
  }

  get isReset(): boolean {
    return this.#series.isReset
  }

  /** The newest bar as a machine sees it: z is its driving value, baseline the value that this is measured against. */
  readingOf({ thresholds }: Pick<Machine, 'thresholds'>): Reading | null {
    return this.reading === null ? null : driveOf(this.reading, thresholds.drive, this.#har)
  }

  /** Driving values of the newest bar by calibrated method, with the newest calibration of each. */
  get driven(): ReadonlyMap<string, Driven> {
    const methods = new Set(this.machines.map(({ method }) => method))
    return new Map(
      [...methods].flatMap((method) => {
        const machine = findCalibrated(this.machines, method)
        const driven = machine === undefined ? undefined : this.#driven.get(machine)
        return driven === undefined ? [] : [[method, driven] as const]
      }),
    )
  }

  /** The number of further adjacent bars needed until a machine has a driving value. */
  barsUntilReadyOf({ thresholds }: Pick<Machine, 'thresholds'>): number {
    const bars = this.barsUntilReady
    return thresholds.drive?.kind === 'forecast' ? Math.max(bars, this.#har?.barsUntilReady ?? 0) : bars
  }

  /** Takes the next closed bar; returns the changes that it completed. */
  push(bar: Pick<Bar, 'openMs' | 'open' | 'high' | 'low' | 'close'>): readonly TrackedTransition[] {
    const series = this.#series
    const { openMs, open, high, low, close } = bar
    const before = { z: this.#lastZ, rv: series.lastRvOrNaN, baseline: null }
    series.push(openMs, close)
    // The last driving value of each machine, read before its windows are cleared.
    const last = series.isReset ? this.machines.map((machine) => this.#lastOf(machine, before)) : []
    if (series.isReset) {
      this.#estimators.clear()
      this.#har?.clear()
      this.readyMs = null
    }
    this.#estimators.push(bar, series.logReturn)
    this.#har?.push(garmanKlassVariance(open, high, low, close))
    const { rv, baseline, sigma, z } = series
    this.reading = { openMs, close, rv, baseline, sigma, z }
    this.cursorMs = openMs
    const endMs = openMs + intervalMs[this.timeframe]
    if (z !== null) this.readyMs ??= endMs
    const measures = { z, rv, baseline }
    const transitions: TrackedTransition[] = []
    this.machines = this.machines.map((machine, index) => {
      const driven = driveOf(measures, machine.thresholds.drive, this.#har)
      const next = moveMachine(machine, { endMs, z: driven.z, isReset: series.isReset })
      const lastZ = series.isReset ? (last[index] ?? null) : driven.z
      this.#driven.set(next, { z: driven.z, baseline: driven.baseline, lastZ })
      const { regime: from } = machine.state
      const { regime: to } = next.state
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
          z: lastZ ?? 0,
          rv,
          baseline: series.isReset ? null : driven.baseline,
          close,
          reason,
        })
      }
      return next
    })
    if (z !== null) this.#lastZ = z
    return transitions
  }

  /** Records that the interval will never have a bar. */
  passOver(openMs: number): void {
    this.cursorMs = openMs
  }

  #lastOf({ thresholds: { drive } }: Machine, before: Measures): number | null {
    return driveOf(before, drive, this.#har).z
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
      har: this.#har?.state() ?? null,
      machines,
    }
  }

  /** Restores the tracker as it was when `state` was taken. */
  static from(timeframe: Timeframe, state: TrackerState): SeriesTracker {
    const tracker = new SeriesTracker(timeframe, [])
    tracker.#series = VolatilitySeries.from(timeframe, state.series)
    tracker.#estimators = RangeEstimators.from(timeframe, state.estimators)
    tracker.#lastZ = state.lastZ
    if (state.har !== null) tracker.#har = HarWindows.from(state.har)
    else if (followsForecast(state.machines)) tracker.#har = HarWindows.begin()
    tracker.reading = state.reading
    tracker.readyMs = state.readyMs
    tracker.cursorMs = state.cursorMs
    tracker.machines = state.machines
    return tracker
  }
}

function followsForecast(presets: readonly TrackedPreset[]): boolean {
  return presets.some(({ thresholds }) => thresholds.drive?.kind === 'forecast')
}
