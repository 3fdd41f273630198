import type { FactorChange } from '../contract/jobs.ts'
import type { Language } from '../domain/language.ts'
import { greet } from './greet.ts'
import type { MailWords } from '../../mail/index.ts'

export type FactorChangeFacts = {
  readonly name: string | null
  readonly change: FactorChange
  readonly ip: string
  readonly at: string
  readonly url: string
}

const changes: Readonly<Record<Language, Readonly<Record<FactorChange, string>>>> = {
  en: {
    totp_added: 'an authenticator app was added to your account',
    passkey_added: 'a passkey was added to your account',
    factor_removed: 'a second factor was removed from your account',
    recovery_codes_renewed: 'the recovery codes of your account were replaced',
    recovery_code_used: 'someone logged in to your account with a recovery code',
  },
  ja: {
    totp_added: 'アカウントに認証アプリが追加されました',
    passkey_added: 'アカウントにパスキーが追加されました',
    factor_removed: 'アカウントから二要素認証の要素が削除されました',
    recovery_codes_renewed: 'アカウントのリカバリーコードが再発行されました',
    recovery_code_used: 'リカバリーコードでアカウントにログインがありました',
  },
}

export function factorChangeWords(language: Language, facts: FactorChangeFacts): MailWords {
  const { name, change, ip, at, url } = facts
  const what = changes[language][change]
  switch (language) {
    case 'en':
      return {
        subject: 'The second factors of your account',
        paragraphs: [greet('en', name), `${what}, from ${ip} at ${at}.`],
        action: { label: 'Look at your account', url },
        closing: 'If it was not you, change your password at once and look at your second factors.',
      }
    case 'ja':
      return {
        subject: '二要素認証に関するお知らせ',
        paragraphs: [greet('ja', name), `${at} に ${ip} から、${what}。`],
        action: { label: 'アカウントを確認する', url },
        closing: '心当たりがない場合は、すぐにパスワードを変更し、二要素認証の設定を確認してください。',
      }
  }
}

export type SudoCodeFacts = { readonly name: string | null; readonly code: string; readonly minutes: number }

export function sudoCodeWords(language: Language, { name, code, minutes }: SudoCodeFacts): MailWords {
  switch (language) {
    case 'en':
      return {
        subject: 'Your confirmation code',
        paragraphs: [greet('en', name), `your code is ${code}.`],
        closing: `It works once, for ${minutes} minutes, where you asked for it. If you did not, end your sessions and change your password.`,
      }
    case 'ja':
      return {
        subject: '確認コード',
        paragraphs: [greet('ja', name), `確認コードは ${code} です。`],
        closing: `このコードは、操作中の画面で一度だけ、${minutes} 分間有効です。心当たりがない場合は、すべてのセッションを終了し、パスワードを変更してください。`,
      }
  }
}
