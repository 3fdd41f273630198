/**
 * The state from which a window is rebuilt: the number of values since it was cleared, and the newest ones, oldest
 * first.
 */
export type WindowState = { readonly count: number; readonly values: Float64Array }

/**
 * Mean and variance of the last `size` values, by blocks of `size` values (van Herk): Welford's method within a
 * block, suffixes computed once it is full, and Chan's merge of one block's suffix with the next block's prefix
 * (specification 5.3). Nothing is ever subtracted, so a spike leaves no residue, and a window of equal values has an
 * `m2` of exactly 0. The grouping depends only on the count, so a rebuilt window gives the same bits.
 */
export class RollingMoments {
  readonly size: number
  mean = 0
  /** Sum of the squared deviations from the mean. */
  m2 = 0
  /** Number of values since the window was cleared. */
  count = 0

  // Values by position in the block; those of the previous block stay until they are overwritten.
  readonly #values: Float64Array
  // Moments of the last n values of the last full block, at index n.
  readonly #suffixMeans: Float64Array
  readonly #suffixM2s: Float64Array
  #place = 0
  #prefixMean = 0
  #prefixM2 = 0

  constructor(size: number) {
    this.size = size
    this.#values = new Float64Array(size)
    this.#suffixMeans = new Float64Array(size)
    this.#suffixM2s = new Float64Array(size)
  }

  /** Takes a value; returns true once `mean` and `m2` cover a full window. */
  push(value: number): boolean {
    const { size } = this
    this.#values[this.#place] = value
    const k = (this.#place += 1)
    this.count += 1
    const d = value - this.#prefixMean
    this.#prefixMean += d / k
    this.#prefixM2 += d * (value - this.#prefixMean)
    if (k === size) {
      this.mean = this.#prefixMean
      this.m2 = this.#prefixM2
      this.#closeBlock()
      return true
    }
    if (this.count < size) return false
    const rest = size - k
    const restMean = this.#suffixMeans[rest] ?? 0
    const delta = this.#prefixMean - restMean
    this.mean = restMean + (delta * k) / size
    this.m2 = (this.#suffixM2s[rest] ?? 0) + this.#prefixM2 + (delta * delta * k * rest) / size
    return true
  }

  clear(): void {
    this.count = 0
    this.#place = 0
    this.#prefixMean = 0
    this.#prefixM2 = 0
  }

  state(): WindowState {
    const values = new Float64Array(Math.min(this.count, this.size))
    const earlier = values.length - this.#place
    values.set(this.#values.subarray(this.size - earlier))
    values.set(this.#values.subarray(0, this.#place), earlier)
    return { count: this.count, values }
  }

  /** Restores a window exactly as it was when `state` was taken. */
  static from(size: number, { count, values }: WindowState): RollingMoments {
    const window = new RollingMoments(size)
    const place = count % size
    const kept = values.length
    // Values of the previous full block come first; suffixes are computed at its end.
    const ofLastBlock = kept - place
    for (let index = 0; index < ofLastBlock; index += 1)
      window.#values[size - ofLastBlock + index] = values[index] ?? 0
    if (count >= size) {
      if (place === 0) {
        for (const value of values) window.push(value)
      } else window.#closeBlock()
    }
    for (let index = ofLastBlock; place !== 0 && index < kept; index += 1) {
      window.count = count - kept + index
      window.push(values[index] ?? 0)
    }
    window.count = count
    return window
  }

  #closeBlock(): void {
    let mean = 0
    let m2 = 0
    for (let n = 1; n < this.size; n += 1) {
      const value = this.#values[this.size - n] ?? 0
      const d = value - mean
      mean += d / n
      m2 += d * (value - mean)
      this.#suffixMeans[n] = mean
      this.#suffixM2s[n] = m2
    }
    this.#place = 0
    this.#prefixMean = 0
    this.#prefixM2 = 0
  }
}
