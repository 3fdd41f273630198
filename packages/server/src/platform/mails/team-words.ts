import type { Language } from '../domain/language.ts'
import type { MailWords } from '../../mail/index.ts'

export type TeamDeletionFacts = { readonly org: string; readonly at: string; readonly url: string }

export function teamDeletionWords(language: Language, { org, at, url }: TeamDeletionFacts): MailWords {
  switch (language) {
    case 'en':
      return {
        subject: `${org} will be deleted`,
        paragraphs: [
          `An owner asked to delete ${org}. At ${at} everything that Gatehouse holds of it will be erased for good.`,
        ],
        action: { label: 'Keep the organisation', url },
        closing:
          'Until then everything goes on, and any owner can change their mind or take an export. If no owner of yours asked, look at your members and sessions.',
      }
    case 'ja':
      return {
        subject: `${org} の削除予定`,
        paragraphs: [
          `オーナーが ${org} の削除を申し込みました。${at} に、Gatehouse が保持するこの組織のすべてのデータは完全に消去されます。`,
        ],
        action: { label: '組織を残す', url },
        closing:
          'それまでの間は通常どおり利用でき、オーナーは取り消しやデータの書き出しができます。オーナーに心当たりがない場合は、メンバーとセッションを確認してください。',
      }
  }
}
