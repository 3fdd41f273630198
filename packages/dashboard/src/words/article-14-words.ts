import { inLanguage, type Said } from '../language.ts'

const en = {
  title: 'Article 14, the last 90 days',
  text: 'How much evidence there is for each clause, from people with enough decisions. A report holds the figures behind it.',
  cites: {
    '14(4)(a)': 'Article 14(4)(a)',
    '14(4)(b)': 'Article 14(4)(b)',
    '14(4)(c)': 'Article 14(4)(c)',
    '14(4)(d)': 'Article 14(4)(d)',
    '14(4)(e)': 'Article 14(4)(e)',
  },
  clauses: {
    '14(4)(a)': 'People know what the system can and cannot do, and notice when it goes wrong',
    '14(4)(b)': 'They stay aware of the pull to rely on it',
    '14(4)(c)': 'They read its output rightly',
    '14(4)(d)': 'They decide not to use it, disregard or reverse it',
    '14(4)(e)': 'They step in, or stop it',
  },
  statuses: {
    evidence_met: 'Evidence is there',
    evidence_partial: 'Some evidence',
    evidence_missing: 'Evidence is missing',
    insufficient_data: 'Too little is known',
  },
} as const

const ja: Said<typeof en> = {
  title: '第 14 条（直近 90 日）',
  text: '十分な判断のある人から見た、条項ごとの証拠の程度です。根拠となる数値はレポートにあります。',
  cites: {
    '14(4)(a)': '第 14 条 4 項 (a)',
    '14(4)(b)': '第 14 条 4 項 (b)',
    '14(4)(c)': '第 14 条 4 項 (c)',
    '14(4)(d)': '第 14 条 4 項 (d)',
    '14(4)(e)': '第 14 条 4 項 (e)',
  },
  clauses: {
    '14(4)(a)': 'システムの能力と限界を知り、誤りに気付く',
    '14(4)(b)': 'システムに頼りがちになることを意識し続ける',
    '14(4)(c)': '出力を正しく読み取る',
    '14(4)(d)': '使わない、無視する、または覆すと判断する',
    '14(4)(e)': '介入する、または停止する',
  },
  statuses: {
    evidence_met: '証拠あり',
    evidence_partial: '一部に証拠あり',
    evidence_missing: '証拠なし',
    insufficient_data: 'データ不足',
  },
}

export const translations = { en, ja }
export const article14Words = inLanguage(translations)
