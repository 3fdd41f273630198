import { inLanguage, type Said } from '../language.ts'

const en = {
  title: 'Response times',
  text: 'Of the checks that were answered, by what the time was spent on.',
  label: (name: string, span: string) => `Response times of ${name}, ${span}`,
  span: 'Period',
  spans: { day: '24 h', week: '7 d', month: '30 d', quarter: '90 d' },
  figure: 'Figure',
  figures: { mean: 'Mean', p95: '95%' },
  p95Text: '95 of 100 checks took no longer in this phase.',
  every: (span: string) => `One point for each ${span}.`,
  phases: {
    dns: 'DNS',
    connect: 'Connect',
    tls: 'TLS',
    ttfb: 'Wait',
    download: 'Transfer',
    total: 'Total',
  },
  answered: 'Answered',
  failed: 'Failed',
  bands: { down: 'Down', degraded: 'Degraded', maintenance: 'Maintenance' },
  none: 'No check was answered in this period.',
} as const

const ja: Said<typeof en> = {
  title: '応答時間',
  text: '応答のあったチェックの所要時間を、段階別に示します。',
  label: (name, span) => `${name} の応答時間、${span}`,
  span: '期間',
  spans: { day: '24 時間', week: '7 日', month: '30 日', quarter: '90 日' },
  figure: '値',
  figures: { mean: '平均', p95: '95%' },
  p95Text: '100 回中 95 回のチェックは、その段階がこの時間以内に終わりました。',
  every: (span) => `1 点は ${span} ごとの値です。`,
  phases: {
    dns: 'DNS',
    connect: '接続',
    tls: 'TLS',
    ttfb: '待ち',
    download: '転送',
    total: '合計',
  },
  answered: '応答あり',
  failed: '失敗',
  bands: { down: '停止', degraded: '低下', maintenance: 'メンテナンス' },
  none: 'この期間に応答のあったチェックはありません。',
}

export const translations = { en, ja }
export const responseWords = inLanguage(translations)
