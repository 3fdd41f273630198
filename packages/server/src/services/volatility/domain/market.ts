import { bucketOf, type CombinedBar, combineBars } from './combine-bars.ts'
import { type Decided, type MinuteBar, MinuteGate, type Patience, type TimeRange } from './minute-gate.ts'
import { type Checkpoint, isCheckpoint } from './series-replay.ts'
import {
  type Driven,
  type Reading,
  SeriesTracker,
  type TrackedPreset,
  type TrackedTransition,
  type TrackerState,
} from './series-tracker.ts'
import { intervalMs, type Timeframe, timeframes } from './timeframe.ts'

/** A closed bar of any timeframe as stored; `parts` is the number of minutes that were present. */
export type AcceptedBar = Omit<MinuteBar, 'origin'> &
  Pick<MinuteBar, 'origin'> & { readonly timeframe: Timeframe; readonly parts: number }

/** The effect of a bar on a series. */
export type Move = {
  readonly timeframe: Timeframe
  readonly reading: Reading
  /** Garman-Klass volatility after the bar, as an annualised fraction. */
  readonly garmanKlass: number | null
  readonly isReset: boolean
  /** The z of the newest bar that had one, up to this bar. */
  readonly lastZ: number | null
  /** By calibrated method of the series' machines. */
  readonly driven: ReadonlyMap<string, Driven>
  readonly transitions: readonly TrackedTransition[]
}

/** The results of processing some minutes, in order. */
export type Step = {
  readonly bars: readonly AcceptedBar[]
  readonly absences: readonly (TimeRange & { readonly reason: 'confirmed' | 'given_up' })[]
  readonly moves: readonly Move[]
  readonly checkpoints: readonly Checkpoint[]
  /** Series whose cursor moved. */
  readonly touched: ReadonlySet<Timeframe>
}

type Opened = {
  bars: AcceptedBar[]
  absences: (TimeRange & { readonly reason: 'confirmed' | 'given_up' })[]
  moves: Move[]
  checkpoints: Checkpoint[]
  touched: Set<Timeframe>
}

const minuteMs = intervalMs['1m']
const longer = timeframes.filter((timeframe) => timeframe !== '1m')

/** The state from which a market is rebuilt. */
export type MarketState = {
  readonly trackers: Partial<Readonly<Record<Timeframe, TrackerState>>>
  /** Minutes of the current day, oldest first; unfinished bars of longer timeframes are made of them. */
  readonly minutesOfDay: readonly MinuteBar[]
}

/** The presets that a new series starts with. */
export type PresetsByTimeframe = Readonly<Record<Timeframe, readonly TrackedPreset[]>>

/** One symbol on one venue: its minutes, the longer bars made of them, and a series per timeframe. */
export class Market {
  readonly gate: MinuteGate
  readonly #trackers: Readonly<Record<Timeframe, SeriesTracker>>
  readonly #open = new Map<Timeframe, CombinedBar>()

  constructor(presets: PresetsByTimeframe, { trackers, minutesOfDay }: MarketState = fresh) {
    const track = (timeframe: Timeframe): SeriesTracker => {
      const state = trackers[timeframe]
      return state === undefined
        ? new SeriesTracker(timeframe, presets[timeframe])
        : SeriesTracker.from(timeframe, state)
    }
    this.#trackers = {
      '1m': track('1m'),
      '5m': track('5m'),
      '15m': track('15m'),
      '1h': track('1h'),
      '4h': track('4h'),
      '1d': track('1d'),
    }
    const { cursorMs, reading } = this.#trackers['1m']
    this.gate = new MinuteGate(cursorMs, reading?.close ?? null)
    if (cursorMs === null) return
    for (const bar of minutesOfDay)
      for (const timeframe of longer)
        // A bar whose last minute was decided is closed already.
        if (bucketOf(timeframe, bar.openMs) === bucketOf(timeframe, cursorMs + minuteMs))
          this.#extend(timeframe, bar)
  }

  tracker(timeframe: Timeframe): SeriesTracker {
    return this.#trackers[timeframe]
  }

  /** Processes the offered minutes as far as possible, before `beforeMs`. `nowMs` is from a monotonic clock. */
  drain(nowMs: number, patience: Patience, beforeMs = Number.POSITIVE_INFINITY): Step {
    const step = openStep()
    for (const decided of this.gate.drain(nowMs, patience, beforeMs)) this.#take(step, decided)
    return step
  }

  /** Takes the venue's own bars of a longer timeframe, from before the first minute. */
  takeOwn(timeframe: Timeframe, bars: readonly MinuteBar[]): Step {
    const step = openStep()
    const parts = intervalMs[timeframe] / minuteMs
    for (const bar of bars) {
      const { cursorMs } = this.#trackers[timeframe]
      if (cursorMs === null || bar.openMs > cursorMs) this.#accept(step, { ...bar, timeframe, parts })
    }
    return step
  }

  #take(step: Opened, decided: Decided): void {
    if (decided.kind === 'absent') {
      const { fromMs, toMs, reason } = decided
      step.absences.push({ fromMs, toMs, reason })
      for (let openMs = fromMs; openMs < toMs; openMs += minuteMs) {
        this.#trackers['1m'].passOver(openMs)
        this.#closeLonger(step, openMs)
      }
      step.touched.add('1m')
      return
    }
    const { bar } = decided
    this.#accept(step, { ...bar, timeframe: '1m', parts: 1 })
    for (const timeframe of longer) this.#extend(timeframe, bar)
    this.#closeLonger(step, bar.openMs)
  }

  /** Closes the bars of which this is the last minute. */
  #closeLonger(step: Opened, openMs: number): void {
    const endMs = openMs + minuteMs
    for (const timeframe of longer) {
      if (endMs % intervalMs[timeframe] !== 0) continue
      const bar = this.#open.get(timeframe)
      this.#open.delete(timeframe)
      if (bar !== undefined) this.#accept(step, { ...bar, origin: 'aggregated', filled: false, timeframe })
      else {
        this.#trackers[timeframe].passOver(endMs - intervalMs[timeframe])
        step.touched.add(timeframe)
      }
    }
  }

  #extend(timeframe: Timeframe, bar: MinuteBar): void {
    const { openMs, open, high, low, close, volume, quoteVolume, trades } = bar
    const part = { openMs, open, high, low, close, volume, quoteVolume, trades }
    const whole = this.#open.get(timeframe)
    const bucketMs = bucketOf(timeframe, openMs)
    if (whole === undefined) this.#open.set(timeframe, combineBars(bucketMs, [part]))
    // Added one by one, so that the sums are bit for bit those of all parts at once.
    else this.#open.set(timeframe, { ...combineBars(bucketMs, [whole, part]), parts: whole.parts + 1 })
  }

  #accept(step: Opened, bar: AcceptedBar): void {
    const { timeframe, openMs } = bar
    const tracker = this.#trackers[timeframe]
    const before = tracker.reading
    const transitions = tracker.push(bar)
    step.bars.push(bar)
    step.touched.add(timeframe)
    const { reading, isReset, lastZ, driven } = tracker
    if (reading === null) throw new Error('A series has a bar and says nothing of it')
    const { garmanKlass } = tracker.estimators
    step.moves.push({ timeframe, reading, garmanKlass, isReset, lastZ, driven, transitions })
    if (isCheckpoint(before?.openMs ?? null, openMs))
      step.checkpoints.push({ timeframe, openMs, state: tracker.state() })
  }
}

const fresh: MarketState = { trackers: {}, minutesOfDay: [] }

function openStep(): Opened {
  return { bars: [], absences: [], moves: [], checkpoints: [], touched: new Set() }
}
