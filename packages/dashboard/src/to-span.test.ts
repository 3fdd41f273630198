import { expect, it } from 'vitest'
import { toSpan } from './to-ago.ts'
import { translations } from './words/span-words.ts'

it.each([
  [0, '0 s', '0 秒'],
  [59_400, '59 s', '59 秒'],
  [60_000, '1 min', '1 分'],
  [310_000, '5 min 10 s', '5 分 10 秒'],
  [3_600_000, '1 h 0 min', '1 時間 0 分'],
  [86_399_000, '23 h 59 min', '23 時間 59 分'],
  [97_200_000, '1 d 3 h', '1 日 3 時間'],
])('spans-are-said-in-both-languages: %i ms', (ms, en, ja) => {
  expect([toSpan(ms, translations.en), toSpan(ms, translations.ja)]).toEqual([en, ja])
})
