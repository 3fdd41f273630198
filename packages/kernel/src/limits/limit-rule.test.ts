import { expect, it } from 'vitest'
import { assertLimitRule, type LimitRule } from './limit-rule.ts'

const rule: LimitRule = { name: 'before-proof', limit: 60, windowSeconds: 60, whenStoreFails: 'refuse' }

it.each<Partial<LimitRule>>([
  {},
  { limit: 1 },
  { limit: 1_000_000_000 },
  { windowSeconds: 1 },
  { windowSeconds: 3_600 },
  { name: 'x'.repeat(64) },
])('a rule can be kept: %j', (change) => {
  expect(() => assertLimitRule({ ...rule, ...change })).not.toThrow()
})

it.each<[Partial<LimitRule>, field: string]>([
  [{ limit: 0 }, 'limit'],
  [{ limit: 1.5 }, 'limit'],
  [{ limit: 1_000_000_001 }, 'limit'],
  [{ limit: Number.NaN }, 'limit'],
  [{ windowSeconds: 0 }, 'windowSeconds'],
  [{ windowSeconds: 3_601 }, 'windowSeconds'],
  [{ name: '' }, 'name'],
  [{ name: 'a b' }, 'name'],
  [{ name: 'a"' }, 'name'],
  [{ name: 'x'.repeat(65) }, 'name'],
])('a rule cannot be kept, and the field is named: %j', (change, field) => {
  expect(() => assertLimitRule({ ...rule, ...change })).toThrow(`${field} must be`)
})
