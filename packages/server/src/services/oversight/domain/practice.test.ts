import { expect, it } from 'vitest'
import { recommendPractice } from './practice.ts'

it.each<[promise: string, jis: number, shown: (number | null)[], expected: object]>([
  [
    'an adequate score works on errors first, whatever is lowest',
    60,
    [70, 65, 30, 80, 80, 80, 80],
    {
      target: 'error_detection',
      type: 'calibration_injection',
      difficulty: 'moderate',
      frequencyRatio: 0.06,
    },
  ],
  [
    'below it the lowest two',
    56.8,
    [47.5, 51.2, 68.7, 52.8, 54, 64.4, 69.4],
    {
      target: 'deferral_resistance',
      also: 'error_detection',
      type: 'recommendation_withholding',
      difficulty: 'low_moderate',
      frequencyRatio: 0.07,
    },
  ],
  [
    'an impaired score gets one exercise among the first three dimensions',
    39.9,
    [30, 25, 40, 5, null, 20, 10],
    { target: 'error_detection', also: null, type: 'targeted_exercise', suggest: null },
  ],
  [
    'below 20 a second reviewer is suggested',
    19.9,
    [10, 25, 40, 5, null, 20, 10],
    { target: 'deferral_resistance', suggest: 'second_reviewer', frequencyRatio: 0.08 },
  ],
  [
    'ties go by the order of the dimensions',
    90,
    [95, 90, 90, 90, 95, 95, 95],
    { target: 'error_detection', difficulty: 'high', frequencyRatio: 0.025 },
  ],
])('%s', (_promise, jis, shown, expected) => {
  expect(recommendPractice(jis, shown)).toMatchObject(expected)
})

it('recommends nothing where no dimension is known', () => {
  expect(recommendPractice(70, [null, null, null, null, null, null, null])).toBeNull()
})
