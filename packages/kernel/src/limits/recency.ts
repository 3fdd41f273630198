/** Keeps a fixed number of slots in order of last use: a ring of links in one typed array, with no allocation. */
export class Recency {
  /** Two links a slot: towards the more recently used, then towards the less. The ring's own slot comes last. */
  readonly #links: Uint32Array
  readonly #ring: number

  constructor(slots: number) {
    this.#links = new Uint32Array((slots + 1) * 2)
    this.#ring = slots
    this.#join(slots, slots)
  }

  /** The least recently used slot, or undefined when none is listed. */
  idlest(): number | undefined {
    const slot = this.#newerThan(this.#ring)
    return slot === this.#ring ? undefined : slot
  }

  /** Lists a slot that is not listed, as the most recently used. */
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
    this.#links[older * 2] = newer
    this.#links[newer * 2 + 1] = older
  }

  #newerThan(slot: number): number {
    // Safe: a slot is below the fixed number of slots, or the ring's own.
    return this.#links[slot * 2] as number
  }

  #olderThan(slot: number): number {
    // Safe: as above.
    return this.#links[slot * 2 + 1] as number
  }
}
