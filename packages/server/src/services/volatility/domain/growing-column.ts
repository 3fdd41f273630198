const capacityLeast = 1_024

/**
 * An append-only column in memory that threads share. A view that was handed out never changes, because later values
 * lie beyond its end.
 */
export class GrowingColumn {
  #values = allocate(0)
  #count = 0

  push(value: number): void {
    if (this.#count === this.#values.length) this.#grow(Math.max(capacityLeast, Math.ceil(this.#count * 1.5)))
    this.#values[this.#count] = value
    this.#count += 1
  }

  /** Reserves capacity for a total number of values, so that none has to be moved. */
  reserve(count: number): void {
    if (count > this.#values.length) this.#grow(count)
  }

  view(): Float64Array {
    return this.#values.subarray(0, this.#count)
  }

  #grow(count: number): void {
    const grown = allocate(count)
    grown.set(this.#values)
    this.#values = grown
  }
}

function allocate(values: number): Float64Array<SharedArrayBuffer> {
  return new Float64Array(new SharedArrayBuffer(8 * values))
}
