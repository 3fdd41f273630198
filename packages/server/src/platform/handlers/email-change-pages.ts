import type { RawReply } from '@gatehouse/kernel/endpoint'
import { type LinkView, type LinkWords, renderLinkPage } from '../../service/render-link-page.ts'
import type { Language } from '../domain/language.ts'

type EmailChangePage = 'email_change' | 'email_undo'

const words: Readonly<Record<EmailChangePage, Readonly<Record<Language, LinkWords>>>> = {
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

export function renderEmailChangePage(page: EmailChangePage, view: LinkView, language: Language): RawReply {
  return renderLinkPage(words[page][language], view, language)
}
