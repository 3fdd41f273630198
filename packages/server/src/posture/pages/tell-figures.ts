import { figureNames } from '../figure-names.ts'
import type { Figures } from '../finding.ts'
import type { Language, Sentence } from '../sentence.ts'

const names: Readonly<Record<string, Sentence & { readonly unit?: keyof typeof units }>> = figureNames

const units = {
  ms: { en: ' ms', ja: ' ミリ秒' },
  seconds: { en: ' s', ja: ' 秒' },
  hours: { en: ' h', ja: ' 時間' },
  days: { en: ' days', ja: ' 日' },
  bytes: { en: ' bytes', ja: ' バイト' },
  bits: { en: ' bits', ja: ' ビット' },
} as const

const yesOrNo = { en: ['no', 'yes'], ja: ['いいえ', 'はい'] } as const
const numbers = { en: new Intl.NumberFormat('en'), ja: new Intl.NumberFormat('ja') }

/** What a probe saw, in words with units: `Refused after 51 ms`. Figures of an operator's own claims keep their names. */
export function tellFigures(figures: Figures, language: Language): readonly string[] {
  return Object.entries(figures).map(([name, value]) => {
    const known = Object.hasOwn(names, name) ? names[name] : undefined
    const unit = known?.unit === undefined || typeof value !== 'number' ? '' : units[known.unit][language]
    return `${known?.[language] ?? name} ${tell(value, language)}${unit}`
  })
}

function tell(value: Figures[string], language: Language): string {
  if (typeof value === 'boolean') return yesOrNo[language][value ? 1 : 0]
  return typeof value === 'number' ? numbers[language].format(value) : value
}
