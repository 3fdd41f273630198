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

it('a refusal in Japanese says what is wrong with a field that is not on the screen, and no word of English', () => {
  const problem = new GatehouseProblem('VALIDATION_ERROR', 400, 'password: must be 8 to 128 characters long')
  expect(toRefusal(problem, 'ja')).toBe('入力内容をご確認ください。8 ～ 128 文字で入力してください。')
  const unknown = new GatehouseProblem('VALIDATION_ERROR', 400, 'password: is too common')
  expect(toRefusal(unknown, 'ja')).toBe('入力内容をご確認ください。')
  const busy = new GatehouseProblem('RATE_LIMITED', 429, 'Too many requests', 70)
  expect(toRefusal(busy, 'ja')).toContain('1 分 10 秒')
})
