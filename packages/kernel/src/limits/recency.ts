/**
 * Keeps a fixed number of slots in order of last use: a linked ring, without allocation. The two links of a slot, to
 * the next more recently used one and the next less recently used one, are two words of the slot's own piece of memory;
 * the head of the ring has the piece after the last slot.
 */
export class Recency {
  readonly #words: Uint32Array
  readonly #wordsPerSlot: number
  readonly #newerWord: number
  readonly #olderWord: number
  readonly #ring: number

  constructor(words: Uint32Array, wordsPerSlot: number, firstWord: number) {
    this.#words = words
    this.#wordsPerSlot = wordsPerSlot
    this.#newerWord = firstWord
    this.#olderWord = firstWord + 1
    this.#ring = words.length / wordsPerSlot - 1
    this.#join(this.#ring, this.#ring)
  }

  /** The least recently used slot, or undefined when none is listed. */
  idlest(): number | undefined {
    const slot = this.#newerThan(this.#ring)
    return slot === this.#ring ? undefined : slot
  }

  /** Adds a slot that is not listed yet, as the most recently used. */
  add(slot: number): void {
    this.#join(this.#olderThan(this.#ring), slot)
    this.#join(slot, this.#ring)
  }

  /** Makes a listed slot the most recently used. */
  touch(slot: number): void {
    if (this.#olderThan(this.#ring) === slot) return
    this.remove(slot)
    this.add(slot)
  }

  remove(slot: number): void {
    this.#join(this.#olderThan(slot), this.#newerThan(slot))
  }

  #join(older: number, newer: number): void {
    this.#words[older * this.#wordsPerSlot + this.#newerWord] = newer
    this.#words[newer * this.#wordsPerSlot + this.#olderWord] = older
  }

  #newerThan(slot: number): number {
    // Safe: a slot is below the fixed number of slots, or the ring's own.
    return this.#words[slot * this.#wordsPerSlot + this.#newerWord] as number
  }

  #olderThan(slot: number): number {
    // Safe: as above.
    return this.#words[slot * this.#wordsPerSlot + this.#olderWord] as number
  }
}
