import { inLanguage, type Said } from '../language.ts'

const en = {
  monitors: 'Monitors',
  placeholder: 'Part of a name or address',
  shown: (count: string) => (count === '1' ? '1 monitor' : `${count} monitors`),
  shownOf: (count: string, total: string) => `${count} of ${total} monitors. Type more to find the others.`,
  nothing: 'No monitor of that name or address',
  failed: 'The monitors cannot be read. Try again.',
  picked: (label: string) => `${label}: chosen`,
  takeOut: (name: string) => `Take out ${name}`,
  hint: (max: string) => `Up to ${max}. Arrow keys choose, Enter adds.`,
} as const

const ja: Said<typeof en> = {
  monitors: 'モニター',
  placeholder: '名前またはアドレスの一部',
  shown: (count) => `${count} 件のモニター`,
  shownOf: (count, total) => `${total} 件中 ${count} 件のモニター。続けて入力すると絞り込めます。`,
  nothing: 'その名前またはアドレスのモニターはありません',
  failed: 'モニターを読み込めません。もう一度お試しください。',
  picked: (label) => `選択した${label}`,
  takeOut: (name) => `${name} を外す`,
  hint: (max) => `${max} 件まで。矢印キーで選び、Enter で追加します。`,
}

export const translations = { en, ja }
export const pickerWords = inLanguage(translations)
