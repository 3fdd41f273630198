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

/** A closed bar of any timeframe as it is stored; `parts` counts the minutes that were there. */
export type AcceptedBar = Omit<MinuteBar, 'origin'> &
  Pick<MinuteBar, 'origin'> & { readonly timeframe: Timeframe; readonly parts: number }

/** What a bar did to a series. */
export type Move = {
  readonly timeframe: Timeframe
  readonly reading: Reading
  /** Garman-Klass volatility after the bar, as a fraction a year. */
  readonly garmanKlass: number | null
  readonly isReset: boolean
  /** Of the newest bar that had one, up to this. */
  readonly lastZ: number | null
  /** By each calibrated method that the series is followed by. */
  readonly driven: ReadonlyMap<string, Driven>
  readonly transitions: readonly TrackedTransition[]
}

/** What became of some minutes, in the order in which it did. */
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

/** What a market is rebuilt from. */
export type MarketState = {
  readonly trackers: Partial<Readonly<Record<Timeframe, TrackerState>>>
  /** Minutes of the running day, oldest first: of them the open bars of longer timeframes are made. */
  readonly minutesOfDay: readonly MinuteBar[]
}

/** What follows a series that begins. */
export type PresetsByTimeframe = Readonly<Record<Timeframe, readonly TrackedPreset[]>>

/** One symbol on one venue: its minutes, the longer bars made of them, and the series of each timeframe. */
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

  /** Goes on as far as the minutes that were offered allow, and before `beforeMs`. `nowMs`: of a clock that never steps. */
  drain(nowMs: number, patience: Patience, beforeMs = Number.POSITIVE_INFINITY): Step {
    const step = openStep()
    for (const decided of this.gate.drain(nowMs, patience, beforeMs)) this.#take(step, decided)
    return step
  }

  /** Takes a bar that the venue itself made of a longer timeframe, from before the first minute. */
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

  /** Closes the bars whose last minute this is. */
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
    // Folded one by one, so that the sums are those of all parts at once, to the last bit.
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
