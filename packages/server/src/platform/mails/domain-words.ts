import type { Language } from '../domain/language.ts'
import type { MailWords } from '../../mail/index.ts'

export type DomainMissingFacts = {
  readonly org: string
  readonly domain: string
  readonly record: { readonly name: string; readonly value: string }
  readonly url: string
}

export function domainMissingWords(language: Language, facts: DomainMissingFacts): MailWords {
  const { org, domain, record, url } = facts
  switch (language) {
    case 'en':
      return {
        subject: `[${org}] The DNS record that proves ${domain} is gone`,
        paragraphs: [
          `Single sign-on of ${org} rests on a DNS record of ${domain}, and it is not there any more. Until it is back, nobody new comes in by an address of ${domain}. Members sign in as before.`,
          `Set this TXT record again: ${record.name} with the value ${record.value}`,
        ],
        action: { label: 'Look at single sign-on', url },
        closing:
          'If the domain is no longer yours, take it off the list. Somebody else who sets a record of their own for it can have it.',
      }
    case 'ja':
      return {
        subject: `[${org}] ${domain} を証明する DNS レコードが見つかりません`,
        paragraphs: [
          `${org} のシングルサインオンに必要な ${domain} の DNS レコードが見つからなくなりました。レコードが戻るまで、${domain} のアドレスで新しい人が参加することはできません。既存のメンバーは通常どおりサインインできます。`,
          `次の TXT レコードをもう一度設定してください: ${record.name} 値 ${record.value}`,
        ],
        action: { label: 'シングルサインオンの設定を確認する', url },
        closing:
          'このドメインをもう所有していない場合は、一覧から削除してください。別の組織が自分のレコードを設定すると、そのドメインはその組織のものになります。',
      }
  }
}
