import type { MailWords } from '../../mail/index.ts'
import type { CaseClock } from '../domain/disclosure-case.ts'
import type { Language } from '../domain/language.ts'

export type ReportArrivedFacts = {
  readonly reference: string
  readonly acknowledgeBy: string
  readonly fixBy: string
  readonly url: string
}

/** The text contains nothing of the report, because the mail may be sent unencrypted. */
export function reportArrivedWords(language: Language, facts: ReportArrivedFacts): MailWords {
  const { reference, acknowledgeBy, fixBy, url } = facts
  switch (language) {
    case 'en':
      return {
        subject: `A weakness was reported: ${reference}`,
        paragraphs: [
          `Somebody reported a weakness of this Gatehouse (${reference}). What they wrote is sealed, and is read in the dashboard.`,
          `Acknowledge it by ${acknowledgeBy}. If it is critical, it has to be fixed by ${fixBy}.`,
        ],
        action: { label: 'Read the report', url },
        closing: 'You get this mail because you administer this Gatehouse.',
      }
    case 'ja':
      return {
        subject: `脆弱性の報告が届きました: ${reference}`,
        paragraphs: [
          `この Gatehouse の脆弱性が報告されました (${reference})。内容は封印されており、ダッシュボードで確認できます。`,
          `${acknowledgeBy} までに受領を確認してください。緊急の場合は ${fixBy} までに修正が必要です。`,
        ],
        action: { label: '報告を読む', url },
        closing: 'この Gatehouse の管理者にお送りしています。',
      }
  }
}

export type CaseReminderFacts = {
  readonly reference: string
  readonly clock: CaseClock
  readonly hours: number
  readonly deadlineHours: number
  readonly due: string
  readonly url: string
}

const clockNames: Readonly<Record<Language, Readonly<Record<CaseClock, string>>>> = {
  en: { acknowledge: 'acknowledge the report', fix: 'fix the reported weakness' },
  ja: { acknowledge: '報告の受領確認', fix: '報告された脆弱性の修正' },
}

export function caseReminderWords(language: Language, facts: CaseReminderFacts): MailWords {
  const { reference, clock, hours, deadlineHours, due, url } = facts
  const what = clockNames[language][clock]
  const left = deadlineHours - hours
  switch (language) {
    case 'en':
      return {
        subject: left <= 0 ? `OVERDUE: ${what}, ${reference}` : `${left} hours left to ${what}, ${reference}`,
        paragraphs: [
          left <= 0
            ? `The time to ${what} (${reference}) ended at ${due}.`
            : `The time to ${what} (${reference}) ends at ${due}.`,
        ],
        action: { label: 'Open the case', url },
        closing: 'You get this mail because you administer this Gatehouse.',
      }
    case 'ja':
      return {
        subject:
          left <= 0
            ? `期限超過: ${what} (${reference})`
            : `${what}の期限まで残り ${left} 時間 (${reference})`,
        paragraphs: [
          left <= 0
            ? `${what} (${reference}) の期限は ${due} でした。`
            : `${what} (${reference}) の期限は ${due} です。`,
        ],
        action: { label: '案件を開く', url },
        closing: 'この Gatehouse の管理者にお送りしています。',
      }
  }
}

export function caseStepWords(
  language: Language,
  {
    reference,
    step,
    url,
  }: { readonly reference: string; readonly step: 'acknowledged' | 'fixed'; readonly url: string },
): MailWords {
  const isFixed = step === 'fixed'
  switch (language) {
    case 'en':
      return {
        subject: isFixed ? `Fixed: your report ${reference}` : `We have read your report ${reference}`,
        paragraphs: [
          isFixed
            ? 'The weakness that you reported is fixed on this server. Thank you for the time that you gave us.'
            : 'A person has read your report and is working on it. Please keep it to yourself until the fix is out.',
        ],
        action: { label: 'See how far it is, with your code', url },
        closing: 'You get this mail because this address was left with a report.',
      }
    case 'ja':
      return {
        subject: isFixed ? `修正完了: 報告 ${reference}` : `報告 ${reference} を確認しました`,
        paragraphs: [
          isFixed
            ? 'ご報告いただいた脆弱性を、このサーバーで修正しました。お時間をいただき、ありがとうございました。'
            : '担当者がご報告を確認し、対応を進めています。修正が公開されるまで、他言しないようお願いします。',
        ],
        action: { label: '確認コードで進み具合を見る', url },
        closing: '報告に記載された連絡先にお送りしています。',
      }
  }
}
