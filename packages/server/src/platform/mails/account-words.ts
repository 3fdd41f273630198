import type { Language } from '../domain/language.ts'
import { greet } from './greet.ts'
import type { MailWords } from '../../mail/index.ts'

type Linked = { readonly name: string | null; readonly url: string }

export function passwordResetWords(
  language: Language,
  { name, url, minutes }: Linked & { readonly minutes: number },
): MailWords {
  switch (language) {
    case 'en':
      return {
        subject: 'Set a new password',
        paragraphs: [
          greet('en', name),
          'someone, probably you, asked to set a new password for your account.',
        ],
        action: { label: 'Set a new password', url },
        closing: `The link works once, for ${minutes} minutes. If you did not ask, ignore this mail: nothing has changed.`,
      }
    case 'ja':
      return {
        subject: 'パスワードの再設定',
        paragraphs: [greet('ja', name), 'あなたのアカウントのパスワード再設定が申し込まれました。'],
        action: { label: 'パスワードを再設定する', url },
        closing: `このリンクは一度だけ、${minutes} 分間有効です。心当たりがない場合は、このメールを無視してください。何も変更されていません。`,
      }
  }
}

export function passwordChangedWords(
  language: Language,
  { name, url, ip, at }: Linked & { readonly ip: string; readonly at: string },
): MailWords {
  switch (language) {
    case 'en':
      return {
        subject: 'Your password was changed',
        paragraphs: [
          greet('en', name),
          `the password of your account was changed at ${at} from ${ip}. All your sessions have ended.`,
        ],
        action: { label: 'It was not me: set a new password', url },
        closing: 'If it was you, there is nothing to do.',
      }
    case 'ja':
      return {
        subject: 'パスワードが変更されました',
        paragraphs: [
          greet('ja', name),
          `${at} に ${ip} からアカウントのパスワードが変更されました。すべてのセッションは終了しました。`,
        ],
        action: { label: '心当たりがない場合はパスワードを再設定する', url },
        closing: 'ご本人による変更であれば、対応は不要です。',
      }
  }
}

export function addressProofWords(
  language: Language,
  { name, url, hours }: Linked & { readonly hours: number },
): MailWords {
  switch (language) {
    case 'en':
      return {
        subject: 'Confirm your e-mail address',
        paragraphs: [greet('en', name), 'confirm that this is the address of your Gatehouse account.'],
        action: { label: 'Confirm the address', url },
        closing: `The link works once, for ${hours} hours. If you did not ask for it, ignore this mail.`,
      }
    case 'ja':
      return {
        subject: 'メールアドレスの確認',
        paragraphs: [
          greet('ja', name),
          'このアドレスが Gatehouse アカウントのものであることを確認してください。',
        ],
        action: { label: 'アドレスを確認する', url },
        closing: `このリンクは一度だけ、${hours} 時間有効です。心当たりがない場合は、このメールを無視してください。`,
      }
  }
}

export function emailChangeWords(
  language: Language,
  { name, url, hours }: Linked & { readonly hours: number },
): MailWords {
  switch (language) {
    case 'en':
      return {
        subject: 'Confirm your new e-mail address',
        paragraphs: [greet('en', name), 'you asked to make this the address of your Gatehouse account.'],
        action: { label: 'Use this address', url },
        closing: `The link works once, for ${hours} hours. If you did not ask for it, ignore this mail.`,
      }
    case 'ja':
      return {
        subject: '新しいメールアドレスの確認',
        paragraphs: [
          greet('ja', name),
          'Gatehouse アカウントのメールアドレスを、このアドレスに変更する申し込みがありました。',
        ],
        action: { label: 'このアドレスを使う', url },
        closing: `このリンクは一度だけ、${hours} 時間有効です。心当たりがない場合は、このメールを無視してください。`,
      }
  }
}

export function addressTakenWords(language: Language, { name, url }: Linked): MailWords {
  switch (language) {
    case 'en':
      return {
        subject: 'This address has an account',
        paragraphs: [
          greet('en', name),
          'someone asked to move another Gatehouse account to this address, which has one of its own.',
        ],
        action: { label: 'Log in', url },
        closing: 'Nothing has changed. If it was you, delete this account first, or keep using it.',
      }
    case 'ja':
      return {
        subject: 'このアドレスは登録済みです',
        paragraphs: [
          greet('ja', name),
          '別の Gatehouse アカウントをこのアドレスに変更する申し込みがありましたが、すでにアカウントがあります。',
        ],
        action: { label: 'ログイン', url },
        closing:
          '何も変更されていません。ご本人の申し込みであれば、先にこのアカウントを削除するか、そのままお使いください。',
      }
  }
}

export function emailChangedWords(
  language: Language,
  { name, url, email, days }: Linked & { readonly email: string; readonly days: number },
): MailWords {
  switch (language) {
    case 'en':
      return {
        subject: 'Your e-mail address was changed',
        paragraphs: [
          greet('en', name),
          `the address of your Gatehouse account is now ${email}. This one no longer belongs to it.`,
        ],
        action: { label: 'It was not me: take it back', url },
        closing: `The link works once, for ${days} days. If it was you, there is nothing to do.`,
      }
    case 'ja':
      return {
        subject: 'メールアドレスが変更されました',
        paragraphs: [
          greet('ja', name),
          `Gatehouse アカウントのメールアドレスが ${email} に変更されました。このアドレスは使われなくなりました。`,
        ],
        action: { label: '心当たりがない場合は変更を取り消す', url },
        closing: `このリンクは一度だけ、${days} 日間有効です。ご本人による変更であれば、対応は不要です。`,
      }
  }
}

export function deletionCodeWords(
  language: Language,
  facts: { readonly name: string | null; readonly code: string; readonly minutes: number },
): MailWords {
  const { name, code, minutes } = facts
  switch (language) {
    case 'en':
      return {
        subject: 'Your code for deleting the account',
        paragraphs: [greet('en', name), 'with this code your Gatehouse account can be deleted:', code],
        closing: `It works once, for ${minutes} minutes. If you did not ask for it, change your password.`,
      }
    case 'ja':
      return {
        subject: 'アカウント削除のための確認コード',
        paragraphs: [greet('ja', name), '次のコードで Gatehouse アカウントを削除できます。', code],
        closing: `このコードは一度だけ、${minutes} 分間有効です。心当たりがない場合は、パスワードを変更してください。`,
      }
  }
}

export function deletionScheduledWords(
  language: Language,
  { name, url, at }: Linked & { readonly at: string },
): MailWords {
  switch (language) {
    case 'en':
      return {
        subject: 'Your account will be deleted',
        paragraphs: [greet('en', name), `your Gatehouse account will be deleted at ${at}.`],
        action: { label: 'Keep the account', url },
        closing:
          'Until then you can log in and change your mind. If it was not you, change your password, too.',
      }
    case 'ja':
      return {
        subject: 'アカウントの削除予定',
        paragraphs: [greet('ja', name), `Gatehouse アカウントは ${at} に削除されます。`],
        action: { label: 'アカウントを残す', url },
        closing:
          'それまでの間は、ログインして取り消すことができます。心当たりがない場合は、パスワードも変更してください。',
      }
  }
}

export function deletionBlockedWords(
  language: Language,
  { name, url, orgs }: Linked & { readonly orgs: string },
): MailWords {
  switch (language) {
    case 'en':
      return {
        subject: 'Your account was not deleted',
        paragraphs: [
          greet('en', name),
          `you have become the last owner of ${orgs}, so your Gatehouse account was kept.`,
        ],
        action: { label: 'Name another owner', url },
        closing: 'Hand the organisation over, then delete your account again.',
      }
    case 'ja':
      return {
        subject: 'アカウントは削除されませんでした',
        paragraphs: [
          greet('ja', name),
          `${orgs} の最後のオーナーになったため、Gatehouse アカウントは削除されませんでした。`,
        ],
        action: { label: '別のオーナーを指定する', url },
        closing: '組織を引き継いでから、もう一度アカウントを削除してください。',
      }
  }
}
