import { expect, it } from 'vitest'
import { isEchoed } from './challenge.ts'

it.each([
  ['abc', true],
  [' abc\n', true],
  ['{"challenge":"abc"}', true],
  ['{"challenge":"abc","more":1}', true],
  ['', false],
  ['abcd', false],
  ['"abc"', false],
  ['{"type":"subscription.verify"}', false],
  ['["abc"]', false],
  ['null', false],
  ['<html>abc</html>', false],
])('%j returns the challenge: %j', (answer, verdict) => {
  expect(isEchoed(answer, 'abc')).toBe(verdict)
})
