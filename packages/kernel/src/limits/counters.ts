import { Recency } from './recency.ts'
import { bucketsCounted } from './window.ts'

const ageMax = bucketsCounted - 1

// A counter is one piece of memory because, with many subjects, the cost of a decision is that of its cache misses:
// with 100,000 subjects, one array per field halved the decisions per second. For the same reason the links of the
// recency list are part of it, and its length keeps the first eight words, which every decision reads, in one cache
// line. These are offsets in 32-bit words; the newest bucket, a 64-bit float, takes the first two.
const totalWord = 2
const lifeWord = 3
const newestPlaceWord = 4
const oldestAgeWord = 5
const recencyWord = 6
const ringWord = 8
const wordsPerSlot = 72

/**
 * A fixed number of sliding-window counters in one typed array, addressed by slot. Each counter is a ring of buckets
 * that ends at its newest one. Invariant between calls: the oldest bucket of a counter holds a charge, or the counter
 * is empty and its oldest bucket is its newest. So advancing costs one step per bucket that leaves the window.
 */
export class Counters {
  /** The order of the slots by last use, which the caller maintains. */
  readonly recency: Recency
  readonly #words: Uint32Array
  readonly #newestBuckets: Float64Array
  #livesBegun = 0

  constructor(slots: number) {
    this.#words = new Uint32Array((slots + 1) * wordsPerSlot)
    this.#newestBuckets = new Float64Array(this.#words.buffer)
    this.recency = new Recency(this.#words, wordsPerSlot, recencyWord)
  }

  /** Empties the slot and starts a new life of its counter at `bucket`. */
  begin(slot: number, bucket: number): void {
    this.#empty(slot)
    this.#setNewestBucket(slot, bucket)
    this.#set(slot, lifeWord, ++this.#livesBegun)
  }

  /** Advances to `bucket`, never backwards, and drops the buckets that no trailing window contains any more. */
  advance(slot: number, bucket: number): void {
    const passed = bucket - this.newestBucket(slot)
    if (!(passed > 0)) return
    this.#setNewestBucket(slot, bucket)
    if (this.total(slot) === 0) return
    if (passed > ageMax) return this.#empty(slot)
    this.#set(slot, newestPlaceWord, (this.#get(slot, newestPlaceWord) + passed) % bucketsCounted)
    this.#dropFrom(slot, this.#get(slot, oldestAgeWord) + passed)
  }

  /** Charges the newest bucket. */
  charge(slot: number, cost: number): void {
    const cell = this.#cell(slot, 0)
    this.#set(slot, cell, this.#get(slot, cell) + cost)
    this.#set(slot, totalWord, this.total(slot) + cost)
  }

  /** Removes a charge from the bucket that it was added to, unless that bucket has been dropped. */
  giveBack(slot: number, bucket: number, cost: number): void {
    const age = this.newestBucket(slot) - bucket
    if (age > ageMax) return
    const cell = this.#cell(slot, age)
    this.#set(slot, cell, this.#get(slot, cell) - cost)
    this.#set(slot, totalWord, this.total(slot) - cost)
    this.#dropFrom(slot, this.#get(slot, oldestAgeWord))
  }

  /** The bucket after whose departure at least `wanted` charges are gone; `wanted` must not exceed the total. */
  bucketThatFrees(slot: number, wanted: number): number {
    let age = this.#get(slot, oldestAgeWord)
    // The oldest bucket holds a charge, so the most common case needs no look into the ring.
    if (wanted === 1) return this.newestBucket(slot) - age
    let freed = this.#get(slot, this.#cell(slot, age))
    while (freed < wanted) freed += this.#get(slot, this.#cell(slot, --age))
    return this.newestBucket(slot) - age
  }

  total(slot: number): number {
    return this.#get(slot, totalWord)
  }

  /** A number that distinguishes the present life of the slot from its other ones. */
  life(slot: number): number {
    return this.#get(slot, lifeWord)
  }

  newestBucket(slot: number): number {
    // Safe: a slot is below the fixed number of slots.
    return this.#newestBuckets[(slot * wordsPerSlot) / 2] as number
  }

  #setNewestBucket(slot: number, bucket: number): void {
    this.#newestBuckets[(slot * wordsPerSlot) / 2] = bucket
  }

  /**
   * Drops the buckets outside the window, starting at age `age` before the newest, and skips the empty ones after them.
   */
  #dropFrom(slot: number, age: number): void {
    let total = this.total(slot)
    let oldestAge = age
    while (oldestAge > 0 && total > 0) {
      const cell = this.#cell(slot, oldestAge)
      const count = this.#get(slot, cell)
      if (oldestAge <= ageMax && count > 0) break
      total -= count
      this.#set(slot, cell, 0)
      oldestAge--
    }
    this.#set(slot, totalWord, total)
    this.#set(slot, oldestAgeWord, total === 0 ? 0 : oldestAge)
  }

  #empty(slot: number): void {
    this.#set(slot, totalWord, 0)
    this.#set(slot, oldestAgeWord, 0)
    const ring = slot * wordsPerSlot + ringWord
    this.#words.fill(0, ring, ring + bucketsCounted)
  }

  #cell(slot: number, age: number): number {
    let place = this.#get(slot, newestPlaceWord) - age
    while (place < 0) place += bucketsCounted
    return ringWord + place
  }

  #get(slot: number, word: number): number {
    // Safe: a slot is below the fixed number of slots, and a word below the words of one.
    return this.#words[slot * wordsPerSlot + word] as number
  }

  #set(slot: number, word: number, value: number): void {
    this.#words[slot * wordsPerSlot + word] = value
  }
}
