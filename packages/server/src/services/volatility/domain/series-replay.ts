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
  /** Open time of the first bar of a month. */
  readonly openMs: number
  readonly state: TrackerState
}

/**
 * Whether the state after a bar is stored as a checkpoint: for the first bar of a month, unless it is the first of
 * all.
 */
export function isCheckpoint(beforeMs: number | null, openMs: number): boolean {
  return beforeMs !== null && monthOf(beforeMs) !== monthOf(openMs)
}

/** Replays a series over its stored bars and collects its output. */
export class SeriesReplay {
  readonly tracker: SeriesTracker
  readonly transitions: TrackedTransition[] = []
  readonly checkpoints: Checkpoint[] = []
  /** Number of replayed bars. */
  bars = 0

  /** Starts at the first bar, or after the bar at which `start` was taken. */
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
