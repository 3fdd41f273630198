import { describe, expect, it } from 'vitest'
import { currentModel } from '../params-hash.ts'
import { type AlertVerdict, judgeOperatorAlerts } from './alerts.ts'
import type { RoleClass } from './settings.ts'
import type { Figures, Standing } from './standing.ts'

const { parameters } = currentModel

const figures: Figures = {
  jis: 70,
  interval: [60, 80],
  band: 'adequate',
  dimensions: [70, 70, 70, 70, 70, 70, 70],
  lambda: 0,
  trend: 'stable',
  drift: null,
  practice: null,
  breachedFloors: [],
}

const noStamps = { value: 0, n: 100 }

function judge(
  jis: number | null,
  {
    before = 70,
    lambda = 0,
    stamps = noStamps,
    role = 'high_risk',
  }: {
    readonly before?: number | null
    readonly lambda?: number
    readonly stamps?: Standing['stampShare']
    readonly role?: RoleClass
  } = {},
): Readonly<Record<string, string>> {
  const published = jis === null ? null : { ...figures, jis, lambda }
  const verdicts = judgeOperatorAlerts(before, { published, stampShare: stamps }, role, parameters)
  return Object.fromEntries(verdicts.map((verdict) => [verdict.kind, tell(verdict)]))
}

function tell(verdict: AlertVerdict): string {
  return verdict.turn === 'open' ? verdict.severity : verdict.turn
}

describe('an alert below the threshold', () => {
  it.each<[promise: string, before: number | null, jis: number, told: string]>([
    ['opens one tenth below', 60, 59.9, 'medium'],
    ['does not open at the threshold', 60, 60, 'stay'],
    ['opens for a first number below', null, 59.9, 'medium'],
    ['does not open again for somebody who was below', 59.9, 59.8, 'stay'],
    ['stays open up to 62.9', 59.9, 62.9, 'stay'],
    ['closes at 63', 59.9, 63, 'close'],
  ])('%s', (_promise, before, jis, told) => {
    expect(judge(jis, { before })['below_threshold']).toBe(told)
  })

  it('is of high severity for a critical role below 40, and for nobody else', () => {
    expect(judge(39.9, { role: 'critical' })['below_threshold']).toBe('high')
    expect(judge(40, { role: 'critical' })['below_threshold']).toBe('medium')
    expect(judge(39.9, { role: 'high_risk' })['below_threshold']).toBe('medium')
  })
})

describe('an alert about rubber stamps', () => {
  it.each<[promise: string, value: number, n: number, told: string]>([
    ['opens at three in ten', 0.3, 20, 'medium'],
    ['does not open below', 0.2999, 20, 'stay'],
    ['does not open on less than twenty acceptances', 1, 19.9, 'stay'],
    ['is of high severity at six in ten', 0.6, 20, 'high'],
    ['stays at two in ten', 0.2, 20, 'stay'],
    ['closes below', 0.1999, 20, 'close'],
  ])('%s', (_promise, value, n, told) => {
    expect(judge(70, { stamps: { value, n } })['rubber_stamping']).toBe(told)
  })
})

describe('an alert about decay', () => {
  // 30 + 40 · exp(−λ · days/30) reaches 60 after −30 · ln(0.75) / λ days.
  const lambdaFor = (days: number): number => (-30 * Math.log(0.75)) / (days - 0.5)

  it.each<[promise: string, lambda: number, told: string]>([
    ['opens thirty days before', lambdaFor(30), 'low'],
    ['does not open a day earlier', lambdaFor(31), 'stay'],
    ['stays up to forty-five', lambdaFor(45), 'stay'],
    ['closes beyond', lambdaFor(46), 'close'],
    ['closes where the threshold is never reached', 0, 'close'],
  ])('%s', (_promise, lambda, told) => {
    expect(judge(70, { lambda })['decay_forecast']).toBe(told)
  })
})

it('nothing opens below the minimum of data, and what was open rests on nothing', () => {
  expect(judge(null, { stamps: { value: 1, n: 100 } })).toEqual({
    below_threshold: 'close',
    rubber_stamping: 'close',
    decay_forecast: 'close',
  })
})
