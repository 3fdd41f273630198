import { html, RawReply } from '@gatehouse/kernel/endpoint'
import type { Language } from '../domain/language.ts'

export type LinkPage = 'email_change' | 'email_undo'
export type LinkView = 'ask' | 'done' | 'expired'

type Words = Readonly<Record<LinkView | 'button', string>>

const words: Readonly<Record<LinkPage, Readonly<Record<Language, Words>>>> = {
  email_change: {
    en: {
      ask: 'Should this become the e-mail address of your Gatehouse account? All your sessions will end.',
      button: 'Yes, use this address',
      done: 'Done. Log in with the new address from now on.',
      expired: 'This link was used, has expired or never existed. Ask for the change again in the dashboard.',
    },
    ja: {
      ask: 'このアドレスを Gatehouse アカウントのメールアドレスにしますか?すべてのセッションが終了します。',
      button: 'はい、このアドレスを使います',
      done: '変更しました。今後は新しいアドレスでログインしてください。',
      expired:
        'このリンクは使用済みか、期限切れか、存在しません。ダッシュボードからもう一度お申し込みください。',
    },
  },
  email_undo: {
    en: {
      ask: 'Should your Gatehouse account get its old address back? All sessions will end, and you set a new password.',
      button: 'Yes, take the change back',
      done: 'Done. A mail with a link that sets a new password is on its way to the old address.',
      expired: 'This link was used, has expired or never existed.',
    },
    ja: {
      ask: 'Gatehouse アカウントのメールアドレスを元に戻しますか?すべてのセッションが終了し、パスワードを再設定していただきます。',
      button: 'はい、元に戻します',
      done: '元に戻しました。パスワード再設定用のリンクを、元のアドレスにお送りします。',
      expired: 'このリンクは使用済みか、期限切れか、存在しません。',
    },
  },
}

const statuses: Readonly<Record<LinkView, number>> = { ask: 200, done: 200, expired: 400 }

/** The page behind a link of a mail: no script, no style, nothing of a third party, and a button that does it. */
export function renderLinkPage(page: LinkPage, view: LinkView, language: Language): RawReply {
  const said = words[page][language]
  const markup = html`<!doctype html>
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
  return new RawReply(markup.markup, headers, statuses[view])
}
