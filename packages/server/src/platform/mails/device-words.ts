import type { Language } from '../domain/language.ts'
import { greet } from './greet.ts'
import type { MailWords } from '../../mail/index.ts'

export type NewDeviceFacts = {
  readonly name: string | null
  readonly browser: string
  readonly system: string
  readonly ip: string
  readonly at: string
  readonly url: string
}

export function newDeviceWords(language: Language, facts: NewDeviceFacts): MailWords {
  const { name, browser, system, ip, at, url } = facts
  switch (language) {
    case 'en':
      return {
        subject: 'A log-in from a new device',
        paragraphs: [
          greet('en', name),
          `someone logged in to your account with ${browser} on ${system}, from ${ip} at ${at}. ` +
            'We had not seen that device there before.',
        ],
        action: { label: 'Look at your sessions', url },
        closing:
          'If it was you, there is nothing to do. If not, change your password at once: that ends every session.',
      }
    case 'ja':
      return {
        subject: '新しい端末からのログイン',
        paragraphs: [
          greet('ja', name),
          `${at} に ${ip} から、${system} の ${browser} でアカウントにログインがありました。` +
            'この端末と場所からのログインは初めてです。',
        ],
        action: { label: 'セッションを確認する', url },
        closing:
          'ご本人によるログインであれば、対応は不要です。心当たりがない場合は、すぐにパスワードを変更してください。すべてのセッションが終了します。',
      }
  }
}
