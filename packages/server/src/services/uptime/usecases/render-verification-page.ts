import { html, RawReply } from '@gatehouse/kernel/endpoint'

export type VerificationView = 'ask' | 'done' | 'expired'

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

const statuses: Readonly<Record<VerificationView, number>> = { ask: 200, done: 200, expired: 400 }

/** The page behind the link of a verification mail: no script, no style, nothing of a third party. */
export function renderVerificationPage(view: VerificationView, acceptLanguage: string | undefined): RawReply {
  const language = /^\s*ja\b/i.test(acceptLanguage ?? '') ? 'ja' : 'en'
  const said = words[language]
  const page = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Gatehouse</title>
      </head>
      <body>
        <main>
          <p>${said[view]}</p>
          ${view === 'ask' && html`<form method="post"><button>${said.button}</button></form>`}
        </main>
      </body>
    </html>`
  const headers = {
    'content-security-policy':
      "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    'cache-control': 'no-store',
    vary: 'accept-language',
  }
  return new RawReply(page.markup, headers, statuses[view])
}
