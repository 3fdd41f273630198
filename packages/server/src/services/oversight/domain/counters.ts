const jointCells = Array.from({ length: 32 }, (_, cell) => cell)

/**
 * Each counter with its scale, the number of units per one. Permille weights multiply, so some counters count in
 * millionths.
 */
const plainUnits = {
  all: 1,
  practice: 1,
  rel: 1,
  a: 1_000,
  q: 1_000,
  q2: 1_000_000,
  n1: 1_000,
  a1: 1_000_000,
  nd1: 1_000,
  ad1: 1_000_000,
  n0: 1,
  a0: 1_000,
  nd0: 1,
  ad0: 1_000,
  own: 1,
  own_ok: 1,
  ind: 1,
  ind_ok: 1,
  fin: 1,
  fin_ok: 1,
  ov: 1_000,
  ov_ok: 1_000,
  disc: 1,
  post: 1,
  post_q: 1_000,
  post_n1: 1_000,
  post_a1: 1_000_000,
  post_n0: 1,
  post_a0: 1_000,
  conf: 1,
  brier: 1_000_000,
  acc: 1,
  stamp: 1,
  woa: 1,
  woa_s: 1_000,
  woa_s2: 1_000_000,
  r00: 1,
  r01: 1,
  r10: 1,
  r11: 1,
} as const

export type PlainCounter = keyof typeof plainUnits

/** Index of a joint counter: 16·agrees + 8·own right + 4·AI right + 2·followed + final right. */
export type JointCounter = `j${number}`

export type CounterName = PlainCounter | JointCounter

/** The 72 counters in storage order (specification 4.3). */
export const counterNames: readonly CounterName[] = [
  // Safe: the literal's own keys.
  ...(Object.keys(plainUnits) as PlainCounter[]),
  ...jointCells.map((cell): JointCounter => `j${cell}`),
]

const units: readonly number[] = [...Object.values(plainUnits), ...jointCells.map(() => 1)]

export const positionOf: ReadonlyMap<CounterName, number> = new Map(
  counterNames.map((name, position) => [name, position]),
)

/** One integer per counter, in the order of `counterNames`. */
export type CounterVector = readonly number[]

/** Sums in natural units, by counter name. */
export type Sums = Readonly<Record<PlainCounter, number>> & Readonly<Record<JointCounter, number>>

export const zeroVector: CounterVector = counterNames.map(() => 0)

export function addVectors(a: CounterVector, b: CounterVector): CounterVector {
  return a.map((value, position) => value + (b[position] ?? 0))
}

export function subtractVectors(a: CounterVector, b: CounterVector): CounterVector {
  return a.map((value, position) => value - (b[position] ?? 0))
}

/** Converts a vector of plain counts to natural units. */
export function toSums(vector: CounterVector): Sums {
  return toNamed(vector.map((value, position) => value / (units[position] ?? 1)))
}

/**
 * Converts recency-weighted sums, in millionths of a counter's unit, to natural units. Each is converted to a double
 * only once.
 */
export function toNaturalUnits(weighted: readonly bigint[]): Sums {
  return toNamed(weighted.map((value, position) => Number(value) / (1_000_000 * (units[position] ?? 1))))
}

/** Sums in which all counters not given are zero. */
export function sumsOf(given: Partial<Record<CounterName, number>>): Sums {
  return toNamed(counterNames.map((name) => given[name] ?? 0))
}

const noSums = Object.fromEntries(counterNames.map((name) => [name, 0]))

/** Copying the object and changing members is four times as fast as building it from entries; each score needs two. */
function toNamed(values: readonly number[]): Sums {
  const sums = { ...noSums }
  for (const [position, name] of counterNames.entries()) sums[name] = values[position] ?? 0
  // Safe: one value for each of `counterNames`, which are the members of `Sums`.
  return sums as Sums
}
