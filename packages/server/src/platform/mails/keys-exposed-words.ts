import type { MailWords } from '../../mail/index.ts'
import type { Language } from '../domain/language.ts'

export type KeysExposedFacts = {
  readonly org: string
  readonly keys: number
  readonly at: string
  readonly revokedAfterHours: number | null
  readonly rotateUrl: string
  readonly url: string
}

export function keysExposedWords(language: Language, facts: KeysExposedFacts): MailWords {
  const { org, keys, at, revokedAfterHours, rotateUrl, url } = facts
  switch (language) {
    case 'en':
      return {
        subject: `Replace the API keys of ${org}`,
        paragraphs: [
          `Digests of API keys may have been read by somebody who should not have (${at}). The keys themselves are not stored, ` +
            'and cannot be computed from a digest; replace them all the same.',
          `${org} has ${keys} ${keys === 1 ? 'key' : 'keys'} from before. A key replaces itself: send POST ${rotateUrl} with it, and use the one that comes back. ` +
            'The old one is refused at once. In the dashboard, Rotate beside the key does the same.',
          ...(revokedAfterHours === null
            ? []
            : [`Keys that are not replaced within ${revokedAfterHours} hours are revoked.`]),
        ],
        action: { label: 'Look at your keys', url },
        closing: 'The audit log of your organisation holds every use that was refused.',
      }
    case 'ja':
      return {
        subject: `${org} の API キーを交換してください`,
        paragraphs: [
          `API キーのダイジェストが、権限のない第三者に読み取られた可能性があります(${at})。キーそのものは保存しておらず、` +
            'ダイジェストから計算することもできませんが、念のため交換してください。',
          `${org} には以前からのキーが ${keys} 個あります。キーは自分自身を交換できます。そのキーで POST ${rotateUrl} を送信し、返されたキーをお使いください。` +
            '古いキーは直ちに拒否されます。ダッシュボードでは、キーの横の「更新」で同じことができます。',
          ...(revokedAfterHours === null
            ? []
            : [`${revokedAfterHours} 時間以内に交換されないキーは失効します。`]),
        ],
        action: { label: 'キーを確認する', url },
        closing: '拒否された利用は、組織の監査ログにすべて記録されています。',
      }
  }
}
