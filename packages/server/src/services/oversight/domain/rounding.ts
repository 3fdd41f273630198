/** Tolerance for decimals that are a half, whose binary form can be slightly below it. */
const halfTolerance = 1e-9

/** Converts `v` in [0, 1] to whole thousandths: `floor(1000 v + 0.5 + 1e-9)` (specification 4.1). */
export function permille(v: number): number {
  return Math.floor(1_000 * v + 0.5 + halfTolerance)
}

/** Rounds half away from zero to `decimals` places; never gives −0 (specification 4.1). */
export function roundTo(v: number, decimals: number): number {
  const scale = 10 ** decimals
  const rounded = (Math.sign(v) * Math.floor(Math.abs(v) * scale + 0.5 + halfTolerance)) / scale
  return rounded === 0 ? 0 : rounded
}

export function clip(v: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, v))
}
