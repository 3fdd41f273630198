import { GatehouseProblem } from '@gatehouse/sdk'
import { expect, it } from 'vitest'
import { toRefusal } from './refusal-words.ts'

it.each([
  [
    'a limit says how long to wait',
    new GatehouseProblem('RATE_LIMITED', 429, 'Too many requests', 40),
    '40 s',
  ],
  [
    'an hour is said as one',
    new GatehouseProblem('RATE_LIMITED', 429, 'Too many requests', 3_600),
    '1 h 0 min',
  ],
  ['a minute when nothing is said', new GatehouseProblem('RATE_LIMITED', 429, 'Too many requests'), '1 min'],
])('%s', (_promise, problem, span) =>
  expect(toRefusal(problem)).toBe(`Too many attempts. Try again in ${span}.`),
)

it('what is not known here is said as the server says it', () => {
  const problem = new GatehouseProblem('VALIDATION_ERROR', 400, 'password: is too common')
  expect(toRefusal(problem)).toBe('password: is too common')
})
