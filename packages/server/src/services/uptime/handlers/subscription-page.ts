import type { RawReply } from '@gatehouse/kernel/endpoint'
import { type LinkView, renderLinkPage } from '../../../service/render-link-page.ts'
import type { PageLanguage } from '../pages/page-words.ts'

const words = {
  confirm: {
    en: {
      ask: 'Should this address be told what happens at this status page?',
      button: 'Yes, tell me',
      done: 'Thank you. Mails come to this address from now on; each has links that end them and that change what they are about.',
      expired:
        'This link was used, has expired or never existed. You can subscribe again on the status page.',
    },
    ja: {
      ask: 'このメールアドレスで、ステータスページのお知らせを受け取りますか?',
      button: 'はい、受け取ります',
      done: 'ありがとうございます。今後、このアドレスにお知らせをお送りします。どのメールからでも、対象の変更と停止ができます。',
      expired:
        'このリンクは使用済みか、期限切れか、存在しません。ステータスページからもう一度お申し込みください。',
    },
  },
  full: {
    en: 'This page takes no more subscribers at the moment. You can follow its feeds.',
    ja: 'このページは、これ以上の購読を受け付けていません。フィードをご利用ください。',
  },
  end: {
    en: {
      ask: 'Should the mails about this status page end?',
      button: 'Yes, unsubscribe',
      done: 'You are unsubscribed. Nothing more is sent, and the address is deleted.',
      expired: 'This subscription has ended already. Nothing more is sent.',
    },
    ja: {
      ask: 'このステータスページのお知らせを停止しますか?',
      button: 'はい、停止します',
      done: '購読を停止しました。今後お知らせは送信されず、アドレスは削除されました。',
      expired: 'この購読はすでに停止されています。お知らせは送信されません。',
    },
  },
} as const

/** The page behind a link of a mail to subscribers. */
export function renderSubscriptionPage(
  about: 'confirm' | 'end',
  view: LinkView | 'full',
  language: PageLanguage,
): RawReply {
  const said = words[about][language]
  return view === 'full'
    ? renderLinkPage({ ...said, expired: words.full[language] }, 'expired', language)
    : renderLinkPage(said, view, language)
}
