import type { MailWords } from '../../mail/index.ts'
import type { Language } from '../domain/language.ts'
import type { Severity } from '../domain/security-incident.ts'

export type IncidentReminderFacts = {
  readonly title: string
  readonly severity: Severity
  /** The hours since it was opened; 0 for the mail that reports its opening. */
  readonly hours: number
  readonly tellHours: number
  /** The time of the deadline, as text. */
  readonly due: string
  readonly url: string
}

export function incidentReminderWords(language: Language, facts: IncidentReminderFacts): MailWords {
  const { title, severity, hours, tellHours, due, url } = facts
  const isLate = hours >= tellHours
  switch (language) {
    case 'en':
      return {
        subject:
          hours === 0
            ? `Security incident opened: ${title}`
            : isLate
              ? `OVERDUE: customers were not told within ${tellHours} hours: ${title}`
              : `${tellHours - hours} hours left to tell customers: ${title}`,
        paragraphs: [
          `${title} (severity: ${severity})`,
          isLate
            ? `Affected customers had to be told by ${due}, and not all of them have been.`
            : `Say whom it touches, contain it, and tell affected customers by ${due}.`,
        ],
        action: { label: 'Open the incident', url },
        closing: 'You get this mail because you administer this Gatehouse.',
      }
    case 'ja':
      return {
        subject:
          hours === 0
            ? `セキュリティインシデントが登録されました: ${title}`
            : isLate
              ? `期限超過: ${tellHours} 時間以内に顧客への通知が完了していません: ${title}`
              : `顧客への通知期限まで残り ${tellHours - hours} 時間: ${title}`,
        paragraphs: [
          `${title} (重大度: ${severity})`,
          isLate
            ? `影響を受ける顧客への通知期限は ${due} でしたが、まだ完了していません。`
            : `影響範囲を確定し、封じ込めを行い、${due} までに影響を受ける顧客へ通知してください。`,
        ],
        action: { label: 'インシデントを開く', url },
        closing: 'この Gatehouse の管理者にお送りしています。',
      }
  }
}

export type SecurityNoticeFacts = {
  readonly org: string
  readonly title: string
  readonly message: string
  readonly url: string
}

export function securityNoticeWords(language: Language, facts: SecurityNoticeFacts): MailWords {
  const { org, title, message, url } = facts
  const said = message.split(/\n{2,}/).filter((paragraph) => paragraph.trim() !== '')
  switch (language) {
    case 'en':
      return {
        subject: `[${org}] Security incident: ${title}`,
        paragraphs: [`A security incident of this Gatehouse touches ${org}.`, ...said],
        action: { label: 'Read it in the dashboard', url },
        closing: 'You get this mail because you own the organisation.',
      }
    case 'ja':
      return {
        subject: `[${org}] セキュリティインシデントのお知らせ: ${title}`,
        paragraphs: [`この Gatehouse のセキュリティインシデントが ${org} に影響しています。`, ...said],
        action: { label: 'ダッシュボードで確認する', url },
        closing: '組織のオーナーの方にお送りしています。',
      }
  }
}
