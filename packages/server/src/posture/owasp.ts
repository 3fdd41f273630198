import type { Language } from './sentence.ts'

/** The OWASP API Security Top 10 of 2023, by the short ids that claims use. */
export const owaspRisks = {
  API1: 'Broken Object Level Authorization',
  API2: 'Broken Authentication',
  API3: 'Broken Object Property Level Authorization',
  API4: 'Unrestricted Resource Consumption',
  API5: 'Broken Function Level Authorization',
  API6: 'Unrestricted Access to Sensitive Business Flows',
  API7: 'Server Side Request Forgery',
  API8: 'Security Misconfiguration',
  API9: 'Improper Inventory Management',
  API10: 'Unsafe Consumption of APIs',
} as const

export type OwaspRisk = keyof typeof owaspRisks

export function isOwaspRisk(text: string): text is OwaspRisk {
  return Object.hasOwn(owaspRisks, text)
}

const japanese: Readonly<Record<OwaspRisk, string>> = {
  API1: 'オブジェクトレベルの認可の不備',
  API2: '認証の不備',
  API3: 'オブジェクトプロパティレベルの認可の不備',
  API4: '制限のないリソース消費',
  API5: '機能レベルの認可の不備',
  API6: '機密性の高い業務フローへの無制限のアクセス',
  API7: 'サーバーサイドリクエストフォージェリ',
  API8: 'セキュリティの設定ミス',
  API9: '不適切なインベントリ管理',
  API10: 'APIの安全でない利用',
}

export const owaspRisksIn: Readonly<Record<Language, Readonly<Record<OwaspRisk, string>>>> = {
  en: owaspRisks,
  ja: japanese,
}
