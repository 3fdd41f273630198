import type { RangedHistory, SeriesHistory, TradedHistory } from './classified-series.ts'
import { GrowingColumn } from './growing-column.ts'
import { garmanKlassVariance } from './har-windows.ts'
import type { OhlcColumns } from './ohlc.ts'
import { GarmanKlass } from './range-estimators.ts'
import type { BarColumns } from './replay.ts'
import type { Timeframe } from './timeframe.ts'
import { VolatilitySeries } from './volatility-series.ts'

/** A series to which bars are appended. Data of earlier bars does not change. */
export type Growing<Bars, View> = {
  readonly bars: number
  /** Open time of the newest bar; null if there is none. */
  readonly lastOpenMs: number | null
  /** Reserves capacity for a total number of bars. */
  readonly reserve: (bars: number) => void
  /** Appends bar number `bar` of the given ones. */
  readonly push: (bars: Bars, bar: number) => void
  readonly view: () => View
}

/** A history computed from closes alone. */
export class GrowingHistory implements Growing<BarColumns, SeriesHistory> {
  readonly timeframe: Timeframe
  readonly #series: VolatilitySeries
  readonly #resets: number[] = []
  readonly #openMs = new GrowingColumn()
  readonly #closes = new GrowingColumn()
  readonly #rv = new GrowingColumn()
  readonly #baseline = new GrowingColumn()
  readonly #z = new GrowingColumn()
  bars = 0

  constructor(timeframe: Timeframe) {
    this.timeframe = timeframe
    this.#series = new VolatilitySeries(timeframe)
  }

  get lastOpenMs(): number | null {
    return this.#series.lastOpenMs
  }

  /** Whether the newest bar came after a gap that is too long. */
  get isReset(): boolean {
    return this.#series.isReset
  }

  reserve(bars: number): void {
    for (const column of [this.#openMs, this.#closes, this.#rv, this.#baseline, this.#z]) column.reserve(bars)
  }

  push({ openMs, closes }: BarColumns, bar: number): void {
    const [openedMs, close] = [openMs[bar] ?? 0, closes[bar] ?? 0]
    const series = this.#series
    series.push(openedMs, close)
    if (series.isReset) this.#resets.push(this.bars)
    this.#openMs.push(openedMs)
    this.#closes.push(close)
    this.#rv.push(series.rvOrNaN)
    this.#baseline.push(series.baselineOrNaN)
    this.#z.push(series.zOrNaN)
    this.bars += 1
  }

  view(): SeriesHistory {
    return {
      timeframe: this.timeframe,
      openMs: this.#openMs.view(),
      closes: this.#closes.view(),
      rv: this.#rv.view(),
      baseline: this.#baseline.view(),
      z: this.#z.view(),
      resets: [...this.#resets],
    }
  }
}

/** The same with the open prices at which a backtest trades. */
export class GrowingFills implements Growing<Fills, TradedHistory> {
  readonly #history: GrowingHistory
  readonly #opens = new GrowingColumn()

  constructor(timeframe: Timeframe) {
    this.#history = new GrowingHistory(timeframe)
  }

  get bars(): number {
    return this.#history.bars
  }

  get lastOpenMs(): number | null {
    return this.#history.lastOpenMs
  }

  reserve(bars: number): void {
    this.#history.reserve(bars)
    this.#opens.reserve(bars)
  }

  push(bars: Fills, bar: number): void {
    this.#history.push(bars, bar)
    this.#opens.push(bars.opens[bar] ?? 0)
  }

  view(): TradedHistory {
    return { ...this.#history.view(), opens: this.#opens.view() }
  }
}

type Fills = BarColumns & Pick<OhlcColumns, 'opens'>

/** The same with the estimate by which day tables distinguish bars. */
export class GrowingRanges implements Growing<Ranges, RangedHistory> {
  readonly #history: GrowingHistory
  readonly #ranges: GarmanKlass
  readonly #garmanKlass = new GrowingColumn()

  constructor(timeframe: Timeframe) {
    this.#history = new GrowingHistory(timeframe)
    this.#ranges = new GarmanKlass(timeframe)
  }

  get bars(): number {
    return this.#history.bars
  }

  get lastOpenMs(): number | null {
    return this.#history.lastOpenMs
  }

  reserve(bars: number): void {
    this.#history.reserve(bars)
    this.#garmanKlass.reserve(bars)
  }

  push(bars: Ranges, bar: number): void {
    this.#history.push(bars, bar)
    if (this.#history.isReset) this.#ranges.clear()
    const { opens, highs, lows, closes } = bars
    this.#ranges.push({
      open: opens[bar] ?? 0,
      high: highs[bar] ?? 0,
      low: lows[bar] ?? 0,
      close: closes[bar] ?? 0,
    })
    this.#garmanKlass.push(this.#ranges.value ?? Number.NaN)
  }

  view(): RangedHistory {
    return { ...this.#history.view(), garmanKlass: this.#garmanKlass.view() }
  }
}

type Ranges = Omit<OhlcColumns, 'volumes'>

/** All of these together, and the variance of each bar, from which a forecast is made. */
export class GrowingWhole implements Growing<Ranges, TradedHistory & RangedHistory> {
  readonly #history: GrowingRanges
  readonly #opens = new GrowingColumn()
  readonly #variances = new GrowingColumn()

  constructor(timeframe: Timeframe) {
    this.#history = new GrowingRanges(timeframe)
  }

  get bars(): number {
    return this.#history.bars
  }

  get lastOpenMs(): number | null {
    return this.#history.lastOpenMs
  }

  reserve(bars: number): void {
    this.#history.reserve(bars)
    this.#opens.reserve(bars)
    this.#variances.reserve(bars)
  }

  push(bars: Ranges, bar: number): void {
    this.#history.push(bars, bar)
    const [open, close] = [bars.opens[bar] ?? 0, bars.closes[bar] ?? 0]
    this.#opens.push(open)
    this.#variances.push(garmanKlassVariance(open, bars.highs[bar] ?? 0, bars.lows[bar] ?? 0, close))
  }

  view(): TradedHistory & RangedHistory {
    return { ...this.#history.view(), opens: this.#opens.view(), variances: this.#variances.view() }
  }
}
