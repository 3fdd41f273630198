/**
 * A deterministic generator of numbers in [0, 1): `mulberry32` (T. Ettinger), as in specification 17 of oversight.
 * For reproducible resampling; not cryptographically secure.
 */
export function mulberry32(seed: number): () => number {
  let a = seed | 0
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
