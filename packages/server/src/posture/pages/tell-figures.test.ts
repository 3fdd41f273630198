import { expect, it } from 'vitest'
import { figureNames } from '../figure-names.ts'
import { tellFigures } from './tell-figures.ts'

it('figures-of-probes-are-said-in-words: each has a name in both languages, and its unit', () => {
  const japanese = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u
  const units: readonly (readonly [ending: RegExp, unit: string])[] = [
    [/Ms$/, 'ms'],
    [/Seconds$/, 'seconds'],
    [/(?:^h|H)ours$/, 'hours'],
    [/Days$/, 'days'],
    [/(?:^b|B)ytes(?:Max)?$/, 'bytes'],
    [/^bits(?:Min)?$/, 'bits'],
  ]
  for (const [name, text] of Object.entries(figureNames)) {
    expect(text.en).toMatch(/^[A-Z][^_]+$/)
    expect(text.ja).toMatch(japanese)
    const unit = units.find(([ending]) => ending.test(name))?.[1]
    expect({ name, unit: 'unit' in text ? text.unit : undefined }).toEqual({ name, unit })
    const [en, ja] = (['en', 'ja'] as const).map((language) => tellFigures({ [name]: 1_200 }, language))
    expect(en).toEqual([expect.stringContaining(`${text.en} 1,200`)])
    expect(ja).toEqual([expect.stringContaining(`${text.ja} 1,200`)])
  }
  const seen = { refusedAfterMs: 51, isCurrent: true, protocol: 'TLSv1.3' }
  expect(tellFigures(seen, 'en')).toEqual([
    'Refused after 51 ms',
    'Current version acknowledged yes',
    'Protocol TLSv1.3',
  ])
  expect(tellFigures(seen, 'ja')).toEqual([
    '拒否されるまで 51 ミリ秒',
    '現行版を確認済み はい',
    'プロトコル TLSv1.3',
  ])
})

it('figures of an operator’s own claims keep the names that the operator gave them', () => {
  expect(tellFigures({ tookMs: 3, constructor: 1 }, 'ja')).toEqual(['tookMs 3', 'constructor 1'])
})
