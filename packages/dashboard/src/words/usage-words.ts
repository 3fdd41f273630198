import { inLanguage, type Said } from '../language.ts'

const en = {
  title: 'Usage',
  text: 'What programs call with the keys of this organisation; the dashboard itself is not counted. Days are those of UTC.',
  span: 'Span',
  spans: { week: 'Last 7 days', month: 'Last 30 days', quarter: 'Last 90 days' },
  calls: 'Calls',
  succeeded: 'Succeeded',
  refused: 'Refused (4xx)',
  failed: 'Failed (5xx)',
  perDay: 'Calls per day',
  day: 'Day',
  total: 'Total',
  routes: 'By route',
  route: 'Route',
  share: 'Share',
  empty: 'No calls in this span',
  emptyText: 'Create an API key and make the first request: calls show up here within a second.',
  toKeys: 'Create an API key',
  classes: {
    '1xx': '1xx',
    '2xx': '2xx success',
    '3xx': '3xx redirect',
    '4xx': '4xx refused',
    '5xx': '5xx failed',
  },
} as const

const ja: Said<typeof en> = {
  title: '利用状況',
  text: 'この組織のキーを使ったプログラムからの呼び出しです。ダッシュボード自身の呼び出しは含みません。日付は UTC です。',
  span: '期間',
  spans: { week: '過去 7 日', month: '過去 30 日', quarter: '過去 90 日' },
  calls: '呼び出し',
  succeeded: '成功',
  refused: '拒否（4xx）',
  failed: '失敗（5xx）',
  perDay: '1 日あたりの呼び出し',
  day: '日',
  total: '合計',
  routes: 'ルート別',
  route: 'ルート',
  share: '割合',
  empty: 'この期間の呼び出しはありません',
  emptyText: 'API キーを作成してリクエストを送ると、1 秒以内にここに表示されます。',
  toKeys: 'API キーを作成',
  classes: {
    '1xx': '1xx',
    '2xx': '2xx 成功',
    '3xx': '3xx 転送',
    '4xx': '4xx 拒否',
    '5xx': '5xx 失敗',
  },
}

export const translations = { en, ja }
export const usageWords = inLanguage(translations)
