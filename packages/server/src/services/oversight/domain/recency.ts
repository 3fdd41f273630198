import { counterNames, type CounterVector } from './counters.ts'

/** Number of days after which a day's weight is 0. */
export const daysOfMemory = 628

const halfLifeDays = 30

/** W[d] for d = 0 … 627, in millionths: `floor(10⁶ · 2^(−d/30) + 0.5)` (specification 4.4). */
export const recencyWeights: readonly bigint[] = Array.from({ length: daysOfMemory }, (_, days) =>
  BigInt(Math.floor(1_000_000 * 2 ** (-days / halfLifeDays) + 0.5)),
)

/** The counters of one UTC day, numbered from 1970-01-01. */
export type DayCounters = { readonly day: number; readonly counters: CounterVector }

export const noSums: readonly bigint[] = counterNames.map(() => 0n)

/** Σ over days of W[asOfDay − day] · counter. A future day has the weight of today. */
export function foldDays(days: readonly DayCounters[], asOfDay: number): readonly bigint[] {
  const sums = [...noSums]
  for (const { day, counters } of days) addWeighted(sums, counters, weightAt(day, asOfDay))
  return sums
}

/** The sums after `change` on one day's counters; equal to a fold of the changed days. */
export function addToSums(
  sums: readonly bigint[],
  change: CounterVector,
  day: number,
  asOfDay: number,
): readonly bigint[] {
  const changed = [...sums]
  addWeighted(changed, change, weightAt(day, asOfDay))
  return changed
}

function weightAt(day: number, asOfDay: number): bigint {
  return recencyWeights[Math.max(0, asOfDay - day)] ?? 0n
}

function addWeighted(sums: bigint[], counters: CounterVector, weight: bigint): void {
  if (weight === 0n) return
  for (const [position, count] of counters.entries())
    if (count !== 0) sums[position] = (sums[position] ?? 0n) + weight * BigInt(count)
}
