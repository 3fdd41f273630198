import { inLanguage, type Said } from '../language.ts'

const en = {
  open: 'Calls that no decision followed',
  text: 'The AI calls of the last 90 days that were reported, and the share that a decision followed within a day. The others are in no score.',
  group: 'By',
  groups: { day: 'Day', source: 'Source', provider: 'Provider', model: 'Model' },
  whole: 'All calls',
  unnamed: 'Not named',
  none: 'No call was reported.',
  unobserved: (count: string) => `${count} decisions name a call that was never reported.`,
  unmatched: (count: string) => `Newest calls without a decision (${count})`,
} as const

const ja: Said<typeof en> = {
  open: '判断のなかった呼び出し',
  text: '直近 90 日に報告された AI 呼び出しと、1 日以内に判断があった割合です。それ以外はどの点数にも含まれません。',
  group: '区分',
  groups: { day: '日', source: '送信元', provider: '提供者', model: 'モデル' },
  whole: 'すべての呼び出し',
  unnamed: '名前なし',
  none: '呼び出しは報告されていません。',
  unobserved: (count) => `報告のない呼び出しを挙げた判断が ${count} 件あります。`,
  unmatched: (count) => `判断のない最近の呼び出し（${count} 件）`,
}

export const translations = { en, ja }
export const coverageWords = inLanguage(translations)
