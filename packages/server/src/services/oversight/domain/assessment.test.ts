import { expect, it } from 'vitest'
import { type AssessedOperator, assessOrganization } from './assessment.ts'

const people = (count: number, jis: number, roleClass: AssessedOperator['roleClass'] = 'high_risk') =>
  Array.from({ length: count }, (): AssessedOperator => ({ jis, roleClass }))

it.each<
  [
    promise: string,
    operators: AssessedOperator[],
    active: number,
    teamGainHigh: number | null,
    expected: string,
  ]
>([
  ['4 of 50 under 60, none critical', [...people(46, 75), ...people(4, 50)], 50, null, 'compliant'],
  ['exactly a tenth of those at high risk', [...people(45, 75), ...people(5, 59.9)], 50, null, 'compliant'],
  ['one more than a tenth of them', [...people(44, 75), ...people(6, 59.9)], 50, null, 'non_compliant'],
  ['the same among standard roles', [...people(44, 75), ...people(6, 50, 'standard')], 50, null, 'at_risk'],
  [
    'one critical operator just under 60',
    [...people(20, 75), ...people(1, 59.9, 'critical')],
    21,
    null,
    'at_risk',
  ],
  [
    'one critical operator just under 40',
    [...people(20, 75), ...people(1, 39.9, 'critical')],
    21,
    null,
    'non_compliant',
  ],
  ['a team that is surely worse than its better half', people(20, 75), 20, -0.001, 'at_risk'],
  ['a team that may be as good', people(20, 75), 20, 0, 'compliant'],
  ['most of the active have too few decisions', people(9, 75), 19, null, 'insufficient_data'],
  ['four people, whatever they did', people(4, 10, 'critical'), 4, -1, 'insufficient_data'],
])('%s', (_promise, operators, active, teamGainHigh, expected) => {
  expect(assessOrganization(operators, active, teamGainHigh)).toBe(expected)
})
