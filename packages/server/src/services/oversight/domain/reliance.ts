import type { Sums } from './counters.ts'
import { hitAndFalseAlarm } from './dimensions.ts'
import { clipLimits, type IntervalMethod, jackknife, type Limits, roundLimits, wilson } from './intervals.ts'
import { countCells } from './joint-cells.ts'
import { lossOf } from './loss.ts'
import { normalDensity, normalQuantile, z95 } from './normal.ts'
import { roundTo } from './rounding.ts'
import { type TeamGain, teamGain } from './team-gain.ts'

export const relianceMetrics = [
  'rair',
  'rsr',
  'over_reliance',
  'under_reliance',
  'd_prime',
  'criterion_c',
  'weight_of_advice',
  'team_gain',
  'total_loss',
  'mis_reliance_loss',
  'discrimination_loss',
] as const

export type RelianceMetric = (typeof relianceMetrics)[number]

/** A figure with its uncertainty, at 4 decimals; null below the minimum of trials, with the actual n. */
export type Metric = {
  readonly value: number | null
  readonly n: number
  readonly low: number | null
  readonly high: number | null
  readonly method: IntervalMethod | null
}

/** The accuracies that a team gain compares, at 4 decimals. */
export type TeamAccuracy = Pick<
  TeamGain,
  'basis' | 'against' | 'ownAccuracy' | 'aiAccuracy' | 'finalAccuracy'
>

export type Reliance = Readonly<Record<RelianceMetric, Metric>> & {
  /** Null if there is no team gain. */
  readonly team: TeamAccuracy | null
}

type Estimate = {
  readonly value: number
  readonly n: number
  readonly limits: Limits | null
  readonly method: IntervalMethod
}

type Estimates = Readonly<Record<RelianceMetric, { readonly n: number; readonly of: Estimate | null }>>

const rangeOf: Readonly<Record<RelianceMetric, readonly [number, number]>> = {
  rair: [0, 1],
  rsr: [0, 1],
  over_reliance: [0, 1],
  under_reliance: [0, 1],
  d_prime: [-Infinity, Infinity],
  criterion_c: [-Infinity, Infinity],
  weight_of_advice: [0, 1],
  team_gain: [-1, 1],
  total_loss: [-1, 1],
  mis_reliance_loss: [0, 1],
  discrimination_loss: [-1, 1],
}

/** The reliance profile of plain counts, treating trials as independent (specification 5). */
export function reliance(sums: Sums, trialsMin: number): Reliance {
  const estimates = estimate(sums, trialsMin)
  const metrics = eachMetric((name) => {
    const { n, of } = estimates[name]
    return of === null ? withheld(n) : toMetric(of, of.limits)
  })
  return { ...metrics, team: toTeamAccuracy(sums, trialsMin) }
}

/**
 * An organisation's reliance profile: pooled counts with a cluster interval over operators, because one operator's
 * decisions are not independent (specification 5.3).
 */
export function clusteredReliance(perOperator: readonly Sums[], trialsMin: number): Reliance {
  const pooled = addUp(perOperator)
  const whole = estimate(pooled, trialsMin)
  const withoutOne = perOperator.map((one) => estimate(subtract(pooled, one), 1))
  const metrics = eachMetric((name) => {
    const { n, of } = whole[name]
    if (of === null) return withheld(n)
    const values = withoutOne.flatMap((estimates) => estimates[name].of?.value ?? [])
    const limits = values.length < perOperator.length ? null : jackknife(of.value, values)
    return toMetric({ ...of, method: 'jackknife' }, limits && clipLimits(limits, ...rangeOf[name]))
  })
  return { ...metrics, team: toTeamAccuracy(pooled, trialsMin) }
}

function eachMetric(metricOf: (name: RelianceMetric) => Metric): Omit<Reliance, 'team'> {
  // Safe: one entry for each of `relianceMetrics`.
  return Object.fromEntries(relianceMetrics.map((name) => [name, metricOf(name)])) as Omit<Reliance, 'team'>
}

function toTeamAccuracy(sums: Sums, trialsMin: number): TeamAccuracy | null {
  const gain = teamGain(sums, trialsMin)
  if (gain === null) return null
  const { basis, against, ownAccuracy, aiAccuracy, finalAccuracy } = gain
  return {
    basis,
    against,
    ownAccuracy: roundTo(ownAccuracy, 4),
    aiAccuracy: aiAccuracy === null ? null : roundTo(aiAccuracy, 4),
    finalAccuracy: roundTo(finalAccuracy, 4),
  }
}

function withheld(n: number): Metric {
  return { value: null, n, low: null, high: null, method: null }
}

function toMetric({ value, n, method }: Estimate, limits: Limits | null): Metric {
  const shown = limits === null ? null : roundLimits(limits)
  return {
    value: roundTo(value, 4),
    n,
    low: shown?.low ?? null,
    high: shown?.high ?? null,
    method: shown === null ? null : method,
  }
}

function estimate(sums: Sums, trialsMin: number): Estimates {
  const { r00, r01, r10, r11 } = sums
  const isRairCase = ({ ownRight, aiRight }: { ownRight: boolean; aiRight: boolean }): boolean =>
    !ownRight && aiRight
  const isRsrCase = ({ ownRight, aiRight }: { ownRight: boolean; aiRight: boolean }): boolean =>
    ownRight && !aiRight
  const proportion = (successes: number, n: number): { n: number; of: Estimate | null } => ({
    n,
    of:
      n < trialsMin || n === 0
        ? null
        : { value: successes / n, n, limits: wilson(successes, n), method: 'wilson' },
  })
  const gain = teamGain(sums, trialsMin)
  const loss = lossOf(sums, trialsMin)
  const disagreements = countCells(sums, ({ agrees }) => !agrees)
  const pairedTrials = countCells(sums, () => true)
  const lossPart = (
    of: { value: number; limits: Limits } | undefined,
  ): { n: number; of: Estimate | null } => ({
    n: disagreements,
    of: of === undefined ? null : { ...of, n: disagreements, method: 'adjusted_paired' },
  })
  return {
    rair: proportion(
      countCells(sums, (cell) => isRairCase(cell) && cell.finalRight),
      countCells(sums, isRairCase),
    ),
    rsr: proportion(
      countCells(sums, (cell) => isRsrCase(cell) && cell.finalRight),
      countCells(sums, isRsrCase),
    ),
    over_reliance: proportion(r11, r10 + r11),
    under_reliance: proportion(r00, r00 + r01),
    ...signalDetection(sums, trialsMin),
    weight_of_advice: weightOfAdvice(sums, trialsMin),
    team_gain: {
      n: gain?.n ?? pairedTrials,
      of:
        gain === null
          ? null
          : {
              value: gain.value,
              n: gain.n,
              limits: gain.limits,
              method: gain.basis === 'unaided' ? 'newcombe' : 'adjusted_paired',
            },
    },
    total_loss: {
      n: disagreements,
      of:
        loss === null
          ? null
          : { value: loss.total, n: disagreements, limits: null, method: 'adjusted_paired' },
    },
    mis_reliance_loss: lossPart(loss?.misReliance),
    discrimination_loss: lossPart(loss?.discrimination),
  }
}

/** d′ and criterion c with intervals by the delta method. */
function signalDetection(
  { r00, r01, r10, r11 }: Sums,
  trialsMin: number,
): Pick<Estimates, 'd_prime' | 'criterion_c'> {
  const [n1, n0] = [r10 + r11, r00 + r01]
  const n = n1 + n0
  const rates = hitAndFalseAlarm({ n1, a1: r10, n0, a0: r00 })
  if (rates === null || n1 < trialsMin || n0 < trialsMin)
    return { d_prime: { n, of: null }, criterion_c: { n, of: null } }
  const { hit, falseAlarm } = rates
  const [zHit, zFalseAlarm] = [normalQuantile(hit), normalQuantile(falseAlarm)]
  const variance = varianceOf(hit, n1, n, zHit) + varianceOf(falseAlarm, n0, n, zFalseAlarm)
  const half = z95 * Math.sqrt(variance)
  const dPrime = zHit - zFalseAlarm
  const criterion = -(zHit + zFalseAlarm) / 2
  return {
    d_prime: {
      n,
      of: { value: dPrime, n, limits: { low: dPrime - half, high: dPrime + half }, method: 'delta' },
    },
    criterion_c: {
      n,
      of: {
        value: criterion,
        n,
        limits: { low: criterion - half / 2, high: criterion + half / 2 },
        method: 'delta',
      },
    },
  }
}

function varianceOf(rate: number, trials: number, n: number, z: number): number {
  return (rate * (1 - rate)) / ((trials + (2 * trials) / n) * normalDensity(z) ** 2)
}

function weightOfAdvice(
  { woa: n, woa_s: sum, woa_s2: squares }: Sums,
  trialsMin: number,
): { n: number; of: Estimate | null } {
  if (n < trialsMin || n < 2) return { n, of: null }
  const mean = sum / n
  const variance = Math.max(0, (squares - n * mean * mean) / (n - 1))
  const half = z95 * Math.sqrt(variance / n)
  const limits = clipLimits({ low: mean - half, high: mean + half }, 0, 1)
  return { n, of: { value: mean, n, limits, method: 'normal' } }
}

export function addUp(all: readonly Sums[]): Sums {
  return all.reduce((total, one) => combine(total, one, 1))
}

function subtract(a: Sums, b: Sums): Sums {
  return combine(a, b, -1)
}

function combine(a: Sums, b: Sums, sign: 1 | -1): Sums {
  // Safe: the same members, each a number.
  return Object.fromEntries(
    Object.entries(a).map(([name, value]) => [name, value + sign * (b[name as keyof Sums] ?? 0)]),
  ) as Sums
}
