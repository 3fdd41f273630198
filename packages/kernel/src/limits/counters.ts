import { bucketsCounted } from './window.ts'

const ageMax = bucketsCounted - 1

/**
 * A fixed number of sliding-window counters in typed arrays, addressed by slot. Each is a ring of buckets that ends at
 * its newest one. Between calls, the oldest bucket that a counter remembers holds a charge, or the counter is empty and
 * its oldest bucket is its newest: so moving on costs as many steps as buckets passed, at most once per bucket.
 */
export class Counters {
  readonly #counts: Uint32Array
  readonly #totals: Uint32Array
  readonly #newestBuckets: Float64Array
  readonly #newestPlaces: Uint8Array
  /** How many buckets the oldest charged one lies before the newest. */
  readonly #oldestAges: Uint8Array

  constructor(slots: number) {
    this.#counts = new Uint32Array(slots * bucketsCounted)
    this.#totals = new Uint32Array(slots)
    this.#newestBuckets = new Float64Array(slots)
    this.#newestPlaces = new Uint8Array(slots)
    this.#oldestAges = new Uint8Array(slots)
  }

  /** Empties the slot and lets it begin at `bucket`. */
  begin(slot: number, bucket: number): void {
    this.#empty(slot)
    this.#newestBuckets[slot] = bucket
  }

  /** Moves on to `bucket`, never back, and drops what no trailing window reaches any more. */
  advance(slot: number, bucket: number): void {
    const passed = bucket - at(this.#newestBuckets, slot)
    if (!(passed > 0)) return
    this.#newestBuckets[slot] = bucket
    if (at(this.#totals, slot) === 0) return
    if (passed > ageMax) return this.#empty(slot)
    this.#newestPlaces[slot] = (at(this.#newestPlaces, slot) + passed) % bucketsCounted
    this.#dropFrom(slot, at(this.#oldestAges, slot) + passed)
  }

  total(slot: number): number {
    return at(this.#totals, slot)
  }

  newestBucket(slot: number): number {
    return at(this.#newestBuckets, slot)
  }

  /** Charges the newest bucket. */
  charge(slot: number, cost: number): void {
    const cell = this.#cell(slot, 0)
    this.#counts[cell] = at(this.#counts, cell) + cost
    this.#totals[slot] = at(this.#totals, slot) + cost
  }

  /** Takes a charge back out of the bucket it was made in, unless that bucket has been dropped. */
  giveBack(slot: number, bucket: number, cost: number): void {
    const age = at(this.#newestBuckets, slot) - bucket
    if (age > ageMax) return
    const cell = this.#cell(slot, age)
    this.#counts[cell] = at(this.#counts, cell) - cost
    this.#totals[slot] = at(this.#totals, slot) - cost
    this.#dropFrom(slot, at(this.#oldestAges, slot))
  }

  /** The bucket with whose leaving at least `wanted` charges, of no more than the total, have left. */
  bucketThatFrees(slot: number, wanted: number): number {
    let age = at(this.#oldestAges, slot)
    let freed = at(this.#counts, this.#cell(slot, age))
    while (freed < wanted) freed += at(this.#counts, this.#cell(slot, --age))
    return at(this.#newestBuckets, slot) - age
  }

  /** Forgets the buckets beyond the window, beginning `age` before the newest, then steps over the empty ones. */
  #dropFrom(slot: number, age: number): void {
    let total = at(this.#totals, slot)
    let oldestAge = age
    while (oldestAge > 0 && total > 0) {
      const cell = this.#cell(slot, oldestAge)
      const count = at(this.#counts, cell)
      if (oldestAge <= ageMax && count > 0) break
      total -= count
      this.#counts[cell] = 0
      oldestAge--
    }
    this.#totals[slot] = total
    this.#oldestAges[slot] = total === 0 ? 0 : oldestAge
  }

  #empty(slot: number): void {
    this.#counts.fill(0, slot * bucketsCounted, (slot + 1) * bucketsCounted)
    this.#totals[slot] = 0
    this.#oldestAges[slot] = 0
  }

  #cell(slot: number, age: number): number {
    let place = at(this.#newestPlaces, slot) - age
    while (place < 0) place += bucketsCounted
    return slot * bucketsCounted + place
  }
}

function at(array: Uint8Array | Uint32Array | Float64Array, index: number): number {
  // Safe: every caller's index is a slot below the fixed number of slots, or a cell of one.
  return array[index] as number
}
