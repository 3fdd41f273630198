import { expect, it } from 'vitest'
import { currentModel } from '../params-hash.ts'
import { judgeClause, type ClauseStatus, type ShownDimensions } from './clauses.ts'

const { parameters } = currentModel
const enough = parameters.shrink_k
const operator = (shown: number | null, evidence: readonly number[] = enough): ShownDimensions => ({
  dimensions: Array.from({ length: 7 }, () => shown),
  evidence,
})
const people = (meeting: number, of: number) => [
  ...Array.from({ length: meeting }, () => operator(60)),
  ...Array.from({ length: of - meeting }, () => operator(59.9)),
]
const told = { isEverybodyTold: true, hasStopped: true }

it.each<[promise: string, meeting: number, of: number, status: ClauseStatus]>([
  ['nine of ten are enough', 9, 10, 'evidence_met'],
  ['eight of ten are a part', 8, 10, 'evidence_partial'],
  ['half of them are a part', 5, 10, 'evidence_partial'],
  ['fewer are missing', 4, 10, 'evidence_missing'],
])('%s', (_promise, meeting, of, status) => {
  expect(judgeClause('14(4)(a)', people(meeting, of), told, parameters)).toBe(status)
})

it('a dimension on too little evidence, or on none, meets nothing', () => {
  const thin = enough.map((k, at) => (at === 1 ? k - 0.1 : k))
  expect(judgeClause('14(4)(a)', [operator(100, thin)], told, parameters)).toBe('evidence_missing')
  expect(judgeClause('14(4)(d)', [operator(100, thin)], told, parameters)).toBe('evidence_met')
  expect(judgeClause('14(4)(d)', [operator(null)], told, parameters)).toBe('evidence_missing')
})

it('awareness cannot be met while somebody was not told, nor stopping without a stop', () => {
  const all = people(10, 10)
  expect(judgeClause('14(4)(b)', all, { ...told, isEverybodyTold: false }, parameters)).toBe(
    'evidence_partial',
  )
  expect(judgeClause('14(4)(e)', all, { ...told, hasStopped: false }, parameters)).toBe('evidence_partial')
  expect(judgeClause('14(4)(a)', all, { isEverybodyTold: false, hasStopped: false }, parameters)).toBe(
    'evidence_met',
  )
  expect(judgeClause('14(4)(b)', all, told, parameters)).toBe('evidence_met')
})
