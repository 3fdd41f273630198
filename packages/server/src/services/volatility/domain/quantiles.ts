/** The quantile `p` of values that are sorted ascending, with linear interpolation (type 7 of Hyndman and Fan 1996); NaN of none. */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  const { length } = sorted
  if (length === 0) return Number.NaN
  const place = (length - 1) * p
  const below = Math.floor(place)
  const low = sorted[below] ?? Number.NaN
  const high = sorted[Math.min(below + 1, length - 1)] ?? Number.NaN
  return low + (place - below) * (high - low)
}

/** The newest `size` values in sorted order, for quantiles of a moving window. */
export class SortedWindow {
  readonly #size: number
  readonly #inOrderOfTime: Float64Array
  readonly #sorted: Float64Array
  #count = 0

  constructor(size: number) {
    this.#size = size
    this.#inOrderOfTime = new Float64Array(size)
    this.#sorted = new Float64Array(size)
  }

  /** The number of values, at most `size`. */
  get length(): number {
    return Math.min(this.#count, this.#size)
  }

  push(value: number): void {
    const place = this.#count % this.#size
    let end = this.length
    if (end === this.#size) {
      const oldest = this.#inOrderOfTime[place] ?? 0
      const at = this.#firstNotBelow(oldest, end)
      this.#sorted.copyWithin(at, at + 1, end)
      end -= 1
    }
    const at = this.#firstNotBelow(value, end)
    this.#sorted.copyWithin(at + 1, at, end)
    this.#sorted[at] = value
    this.#inOrderOfTime[place] = value
    this.#count += 1
  }

  quantile(p: number): number {
    return quantileOfSorted(this.#sorted.subarray(0, this.length), p)
  }

  /** The median absolute deviation; 0 without values. */
  medianDeviation(): number {
    const { length } = this
    if (length === 0) return 0
    const middle = this.quantile(0.5)
    // Distances increase to both sides of the median, so both sides are merged in order.
    let right = this.#firstNotBelow(middle, length)
    let left = right - 1
    let [before, last] = [0, 0]
    for (let taken = 0; taken <= Math.floor(length / 2); taken += 1) {
      const up = right < length ? (this.#sorted[right] ?? 0) - middle : Number.POSITIVE_INFINITY
      const down = left >= 0 ? middle - (this.#sorted[left] ?? 0) : Number.POSITIVE_INFINITY
      before = last
      if (up <= down) {
        last = up
        right += 1
      } else {
        last = down
        left -= 1
      }
    }
    return length % 2 === 1 ? last : (before + last) / 2
  }

  /** The number of values at or below `value`. */
  countUpTo(value: number): number {
    let [low, high] = [0, this.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#sorted[middle] ?? 0) <= value) low = middle + 1
      else high = middle
    }
    return low
  }

  #firstNotBelow(value: number, end: number): number {
    let [low, high] = [0, end]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#sorted[middle] ?? 0) < value) low = middle + 1
      else high = middle
    }
    return low
  }
}
