import type { SeriesHistory } from './classified-series.ts'
import type { Timeframe } from './timeframe.ts'
import { GarmanKlass } from './range-estimators.ts'
import { VolatilitySeries } from './volatility-series.ts'

type Column = Float64Array<SharedArrayBuffer>

const capacityLeast = 1_024

/**
 * A series that bars are added to at its end. What it said of earlier bars stands, so a view that was handed out never
 * changes; its columns lie in memory that threads share.
 */
export class GrowingHistory {
  readonly timeframe: Timeframe
  readonly #series: VolatilitySeries
  readonly #ranges: GarmanKlass
  readonly #resets: number[] = []
  #capacity = 0
  #bars = 0
  #columns = allocate(0)

  constructor(timeframe: Timeframe) {
    this.timeframe = timeframe
    this.#series = new VolatilitySeries(timeframe)
    this.#ranges = new GarmanKlass(timeframe)
  }

  get bars(): number {
    return this.#bars
  }

  /** The open time of the newest bar; null without one. */
  get lastOpenMs(): number | null {
    return this.#series.lastOpenMs
  }

  /** A bar without its range is one that stayed between its open and its close. */
  push(
    openMs: number,
    open: number,
    close: number,
    { high, low } = { high: Math.max(open, close), low: Math.min(open, close) },
  ): void {
    if (this.#bars === this.#capacity) this.#grow()
    const series = this.#series
    series.push(openMs, close)
    if (series.isReset) this.#ranges.clear()
    this.#ranges.push({ open, high, low, close })
    const bar = this.#bars
    const { openMs: times, opens, closes, garmanKlass, rv, baseline, sigma, z } = this.#columns
    times[bar] = openMs
    opens[bar] = open
    closes[bar] = close
    garmanKlass[bar] = this.#ranges.value ?? Number.NaN
    rv[bar] = series.rv ?? Number.NaN
    baseline[bar] = series.baseline ?? Number.NaN
    sigma[bar] = series.sigma ?? Number.NaN
    z[bar] = series.z ?? Number.NaN
    if (series.isReset) this.#resets.push(bar)
    this.#bars = bar + 1
  }

  view(): SeriesHistory {
    const cut = (column: Column): Float64Array => column.subarray(0, this.#bars)
    const { openMs, opens, closes, garmanKlass, rv, baseline, sigma, z } = this.#columns
    return {
      timeframe: this.timeframe,
      openMs: cut(openMs),
      opens: cut(opens),
      closes: cut(closes),
      garmanKlass: cut(garmanKlass),
      rv: cut(rv),
      baseline: cut(baseline),
      sigma: cut(sigma),
      z: cut(z),
      resets: [...this.#resets],
    }
  }

  #grow(): void {
    this.#capacity = Math.max(capacityLeast, Math.ceil(this.#capacity * 1.5))
    const grown = allocate(this.#capacity)
    for (const name of columnNames) grown[name].set(this.#columns[name])
    this.#columns = grown
  }
}

const columnNames = ['openMs', 'opens', 'closes', 'garmanKlass', 'rv', 'baseline', 'sigma', 'z'] as const
type Columns = { readonly [Name in (typeof columnNames)[number]]: Column }

function allocate(bars: number): Columns {
  const column = (): Column => new Float64Array(new SharedArrayBuffer(8 * bars))
  return {
    openMs: column(),
    opens: column(),
    closes: column(),
    garmanKlass: column(),
    rv: column(),
    baseline: column(),
    sigma: column(),
    z: column(),
  }
}
