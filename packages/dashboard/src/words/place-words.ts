import { inLanguage, type Said } from '../language.ts'

/** Names of a service's pages, for use before its own texts are loaded. */
const en = {
  organisation: 'Organisation',
  operators: 'Operators',
  decisions: 'Decisions',
  reports: 'Reports',
  imports: 'Imports',
  oversightAlerts: 'Oversight alerts',
  board: 'Board',
  symbol: 'Symbol',
  transitions: 'Transitions',
  presets: 'Presets',
  quality: 'Quality',
  plan: 'Plan',
  alerts: 'Alerts',
  rules: 'Rules',
  securityIncidents: 'Security incidents',
  reportedWeaknesses: 'Reported weaknesses',
  refusedCalls: 'Refused calls',
  overview: 'Overview',
  posture: 'Posture',
  maintenance: 'Maintenance',
} as const

const ja: Said<typeof en> = {
  organisation: '組織',
  operators: 'オペレーター',
  decisions: '判断',
  reports: 'レポート',
  imports: '取り込み',
  oversightAlerts: '監督アラート',
  board: 'ボード',
  symbol: 'シンボル',
  transitions: '遷移',
  presets: 'プリセット',
  quality: '品質',
  plan: 'プラン',
  alerts: '通知',
  rules: 'ルール',
  securityIncidents: 'セキュリティインシデント',
  reportedWeaknesses: '報告された脆弱性',
  refusedCalls: '拒否された呼び出し',
  overview: '概要',
  posture: 'セキュリティ態勢',
  maintenance: 'メンテナンス',
}

export const translations = { en, ja }
export const placeWords = inLanguage(translations)
