/** Pseudo-random draws as functions of a seed and a position, so that each can be computed alone. */

/** Thirty-two well mixed bits (the finaliser of MurmurHash3, A. Appleby, public domain). */
export function bits(seed: number, at: number): number {
  let h = Math.imul(at, 0x9e3779b1) + seed
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** A uniform number in [0, 1). */
export function draw(seed: number, at: number): number {
  return bits(seed, at) / 2 ** 32
}

/** An approximately standard normal number: the sum of four uniform draws, scaled. */
export function gauss(seed: number, at: number): number {
  const sum = draw(seed, 4 * at) + draw(seed, 4 * at + 1) + draw(seed, 4 * at + 2) + draw(seed, 4 * at + 3)
  return (sum - 2) * Math.sqrt(3)
}

const cells = 4_096
const quantiles = toQuantiles()

/** Student's t with five degrees of freedom, scaled to a variance of one. */
export function studentT(seed: number, at: number): number {
  return quantiles[bits(seed, at) >>> 20] ?? 0
}

/** The distribution function of t(5) in closed form, with t = √5 tan θ (Abramowitz and Stegun 26.7.3), inverted by bisection. */
function toQuantiles(): Float64Array {
  const table = Float64Array.from({ length: cells }, (_, index) => {
    const wanted = (index + 0.5) / cells
    let [low, high] = [-Math.PI / 2, Math.PI / 2]
    for (let round = 0; round < 50; round += 1) {
      const angle = (low + high) / 2
      const cos = Math.cos(angle)
      const share = 0.5 + (angle + (cos + (2 / 3) * cos ** 3) * Math.sin(angle)) / Math.PI
      if (share < wanted) low = angle
      else high = angle
    }
    return Math.sqrt(5) * Math.tan((low + high) / 2)
  })
  const variance = table.reduce((sum, value) => sum + value * value, 0) / cells
  return table.map((value) => value / Math.sqrt(variance))
}
