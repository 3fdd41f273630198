import type { Norm } from './norm.ts'
import { clip, roundTo } from './rounding.ts'

/** Nearest-rank percentiles of the decision times of the reliance trials behind a norm. */
export type TimeRanks = { readonly p5Ms: number; readonly p75Ms: number }

export type NormRule = {
  readonly tMinMsLeast: number
  readonly tRefMsLeast: number
  readonly operatorsForPrior: number
  readonly priorLeast: number
  readonly priorMost: number
}

/** The neutral prior for a dimension with too few people, where a mean would reveal individuals. */
const unknownPrior = 50

/**
 * A domain's times and priors from measurements in it (specification 4.7). `raw` holds D1 to D7 of each operator with
 * minimum data, null where undefined.
 */
export function issueNorm(
  id: string,
  { p5Ms, p75Ms }: TimeRanks,
  raw: readonly (readonly (number | null)[])[],
  rule: NormRule,
): Norm {
  const tMinMs = Math.max(rule.tMinMsLeast, p5Ms)
  return {
    id,
    tMinMs,
    tRefMs: Math.max(rule.tRefMsLeast, p75Ms, 2 * tMinMs),
    prior: Array.from({ length: 7 }, (_, at) => priorOf(raw, at, rule)),
  }
}

function priorOf(raw: readonly (readonly (number | null)[])[], at: number, rule: NormRule): number {
  const values = raw.flatMap((dimensions) => dimensions[at] ?? [])
  if (values.length < rule.operatorsForPrior) return unknownPrior
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return roundTo(clip(mean, rule.priorLeast, rule.priorMost), 1)
}
