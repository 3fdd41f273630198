import type { Bar } from './combine-bars.ts'
import {
  SeriesTracker,
  type TrackedPreset,
  type TrackedTransition,
  type TrackerState,
} from './series-tracker.ts'
import type { Timeframe } from './timeframe.ts'

export type Checkpoint = {
  readonly timeframe: Timeframe
  /** Of the first bar of a month. */
  readonly openMs: number
  readonly state: TrackerState
}

/** Whether the state after a bar is kept as a checkpoint: it is the first of a month, and not the first of all. */
export function isCheckpoint(beforeMs: number | null, openMs: number): boolean {
  return beforeMs !== null && monthOf(beforeMs) !== monthOf(openMs)
}

/** A series that goes through its bars once more, and what it says on the way. */
export class SeriesReplay {
  readonly tracker: SeriesTracker
  readonly transitions: TrackedTransition[] = []
  readonly checkpoints: Checkpoint[] = []
  /** Bars gone through. */
  bars = 0

  /** Begins with the first bar there is, or after the one that `start` was taken at. */
  constructor(timeframe: Timeframe, presets: readonly TrackedPreset[], start?: TrackerState) {
    this.tracker =
      start === undefined ? new SeriesTracker(timeframe, presets) : SeriesTracker.from(timeframe, start)
  }

  /** Open time of the newest bar; null before there is one. */
  get lastOpenMs(): number | null {
    return this.tracker.reading?.openMs ?? null
  }

  push(bar: Pick<Bar, 'openMs' | 'open' | 'high' | 'low' | 'close'>): void {
    const { tracker, lastOpenMs } = this
    this.transitions.push(...tracker.push(bar))
    this.bars += 1
    if (isCheckpoint(lastOpenMs, bar.openMs))
      this.checkpoints.push({ timeframe: tracker.timeframe, openMs: bar.openMs, state: tracker.state() })
  }
}

function monthOf(openMs: number): number {
  const at = new Date(openMs)
  return at.getUTCFullYear() * 12 + at.getUTCMonth()
}
