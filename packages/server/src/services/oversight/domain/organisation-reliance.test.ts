import { describe, expect, it } from 'vitest'
import { isPublicTableThere, readPublicTable } from '../fixtures/public-table.ts'
import type { CountingRule } from './count-interaction.ts'
import { toSums } from './counters.ts'
import { toDecayShares } from './decay.ts'
import { foldHistory } from './fold-history.ts'
import { parameters } from './parameters.ts'
import { addUp, clusteredReliance, reliance } from './reliance.ts'

const rule: CountingRule = {
  parameters,
  norm: { tMinMs: 5_681, tRefMs: 11_362 },
  taskType: 'open',
  stampMs: 1_500,
}

describe.skipIf(!isPublicTableThere)('organisation-intervals-are-clustered-by-operator', () => {
  it('the public table pools to R2 and its intervals are wider than those of independent trials', () => {
    const rows = readPublicTable()
    expect(rows).toHaveLength(2_021)
    const people = [...Map.groupBy(rows, ({ person }) => person).values()]
    expect(people).toHaveLength(118)
    const perPerson = people.map((own) =>
      toSums(
        foldHistory(
          own.map(({ interaction }) => ({ day: 0, interaction })),
          rule,
        ).counts,
      ),
    )
    const pooled = addUp(perPerson)
    expect(pooled).toMatchObject({
      j0: 127,
      j1: 10,
      j2: 118,
      j4: 258,
      j7: 346,
      j8: 6,
      j9: 129,
      j10: 76,
      j16: 3,
      j17: 4,
      j18: 203,
      j28: 9,
      j31: 732,
      r00: 267,
      r01: 1_078,
      r10: 279,
      r11: 397,
      woa: 1_674,
    })
    expect(pooled.woa_s).toBeCloseTo(637.99, 9)
    expect(pooled.woa_s2).toBeCloseTo(524.861172, 9)
    expect(reliance(pooled, 10).rair).toEqual({
      value: 0.5728,
      n: 604,
      low: 0.5331,
      high: 0.6117,
      method: 'wilson',
    })
    expect(clusteredReliance(perPerson, 10)).toMatchObject({
      rair: { value: 0.5728, low: 0.5002, high: 0.6455, method: 'jackknife' },
      rsr: { value: 0.6114, low: 0.5331, high: 0.6896 },
      over_reliance: { value: 0.5873, low: 0.5388, high: 0.6358 },
      under_reliance: { value: 0.1985, low: 0.1569, high: 0.2401 },
      d_prime: { value: 0.6255, low: 0.4929, high: 0.7582 },
      criterion_c: { value: 0.5331, low: 0.4124, high: 0.6538 },
      weight_of_advice: { value: 0.3811, low: 0.3283, high: 0.4339 },
      team_gain: { value: -0.0614, low: -0.0902, high: -0.0325 },
      total_loss: { value: 0.3084, low: 0.2699, high: 0.3469 },
      mis_reliance_loss: { value: 0.0598, low: 0, high: 0.1268 },
      discrimination_loss: { value: 0.2486, low: 0.204, high: 0.2932 },
    })
    // Nobody looked at anything that was measured, so nobody can be said to have stamped.
    expect(toDecayShares(pooled)).toEqual({ stamps: 0, practice: 1 })
  })
})

it('organisation-intervals-are-clustered-by-operator: ten who differ are ten, however often each decided', () => {
  const nobody = toSums(foldHistory([], rule).counts)
  const people = Array.from({ length: 10 }, (_, at) => ({
    ...nobody,
    r10: at < 5 ? 40 : 0,
    r11: at < 5 ? 0 : 40,
  }))
  const { over_reliance: apart } = clusteredReliance(people, 10)
  const { over_reliance: asTrials } = reliance(addUp(people), 10)
  expect([apart.value, apart.n, asTrials.value]).toEqual([0.5, 400, 0.5])
  // 0.5 ± t(9)·√(9/10 · Σ(1/18)²), against ± 0.049 of 400 trials.
  expect(apart).toMatchObject({ low: 0.123, high: 0.877, method: 'jackknife' })
  expect(asTrials.low).toBeGreaterThan(0.44)
})

it('one person has no interval of an organisation', () => {
  const nobody = toSums(foldHistory([], rule).counts)
  expect(clusteredReliance([{ ...nobody, r10: 12, r11: 12 }], 10).over_reliance).toEqual({
    value: 0.5,
    n: 24,
    low: null,
    high: null,
    method: null,
  })
})
