import type { Language } from '../domain/language.ts'
import { greet } from './greet.ts'
import type { MailWords } from '../../mail/index.ts'

export type GuessingFacts = { readonly name: string | null; readonly at: string; readonly url: string }

export function guessingWords(language: Language, { name, at, url }: GuessingFacts): MailWords {
  switch (language) {
    case 'en':
      return {
        subject: 'Someone keeps trying to get into your account',
        paragraphs: [
          greet('en', name),
          `at ${at} many wrong passwords or codes had been tried for your account. Nobody got in by them. ` +
            'Further tries wait, up to five minutes each; a device that you have signed in from before does not.',
        ],
        action: { label: 'Look at your account', url },
        closing: 'A second factor makes a guessed password worthless. If it was you, there is nothing to do.',
      }
    case 'ja':
      return {
        subject: 'アカウントへのログインが何度も試みられています',
        paragraphs: [
          greet('ja', name),
          `${at} までに、あなたのアカウントに対して誤ったパスワードやコードが何度も入力されました。ログインには至っていません。` +
            '以後の試行には最長 5 分の待ち時間が入りますが、以前ログインしたことのある端末には影響しません。',
        ],
        action: { label: 'アカウントを確認する', url },
        closing:
          '二要素認証を設定すると、パスワードが推測されてもログインできません。ご本人による操作であれば、対応は不要です。',
      }
  }
}
