import type { RawReply } from '@gatehouse/kernel/endpoint'
import { type LinkView, renderLinkPage } from '../../../service/render-link-page.ts'

const words = {
  en: {
    ask: 'Should this address get notices about monitors?',
    button: 'Yes, send them here',
    done: 'Thank you. Notices come to this address from now on.',
    expired: 'This link was used, has expired or never existed. A new one can be asked for in the dashboard.',
  },
  ja: {
    ask: 'このメールアドレスで監視の通知を受け取りますか?',
    button: 'はい、受け取ります',
    done: 'ありがとうございます。今後、このアドレスに通知をお送りします。',
    expired: 'このリンクは使用済みか、期限切れか、存在しません。ダッシュボードから再送信できます。',
  },
} as const

/** The page behind the link of a verification mail. */
export function renderVerificationPage(view: LinkView, acceptLanguage: string | undefined): RawReply {
  const language = /^\s*ja\b/i.test(acceptLanguage ?? '') ? 'ja' : 'en'
  return renderLinkPage(words[language], view, language)
}
