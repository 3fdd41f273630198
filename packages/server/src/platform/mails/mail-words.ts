import type { Role } from '@gatehouse/kernel/principal'
import type { MailWords } from '../../mail/index.ts'
import type { Language } from '../domain/language.ts'
import { greet } from './greet.ts'

const roleNames: Readonly<Record<Language, Readonly<Record<Role, string>>>> = {
  en: { owner: 'an owner', member: 'a member', viewer: 'a viewer' },
  ja: { owner: 'オーナー', member: 'メンバー', viewer: '閲覧者' },
}

export type InvitationFacts = {
  readonly role: Role
  readonly url: string
  readonly days: number
}

export function invitationWords(language: Language, facts: InvitationFacts): MailWords {
  const { role, url, days } = facts
  const roleName = roleNames[language][role]
  switch (language) {
    case 'en':
      return {
        subject: 'An invitation to an organisation',
        paragraphs: [`You are invited to join an organisation on Gatehouse as ${roleName}.`],
        action: { label: 'Accept the invitation', url },
        closing: `The link works once, for ${days} days. If you did not expect it, ignore this mail.`,
      }
    case 'ja':
      return {
        subject: '組織への招待',
        paragraphs: [`Gatehouse の組織に${roleName}として招待されています。`],
        action: { label: '招待を受ける', url },
        closing: `このリンクは一度だけ、${days} 日間有効です。心当たりがない場合は、このメールを無視してください。`,
      }
  }
}

export type VerificationFacts = { readonly url: string; readonly hours: number }

export function verificationWords(language: Language, { url, hours }: VerificationFacts): MailWords {
  switch (language) {
    case 'en':
      return {
        subject: 'Confirm your e-mail address',
        paragraphs: [greet('en', null), 'confirm this address to create your Gatehouse account.'],
        action: { label: 'Confirm the address', url },
        closing: `The link works once, for ${hours} hours. If you did not ask for an account, ignore this mail.`,
      }
    case 'ja':
      return {
        subject: 'メールアドレスの確認',
        paragraphs: [
          greet('ja', null),
          'Gatehouse のアカウントを作成するには、このアドレスを確認してください。',
        ],
        action: { label: 'アドレスを確認する', url },
        closing: `このリンクは一度だけ、${hours} 時間有効です。心当たりがない場合は、このメールを無視してください。`,
      }
  }
}

export function accountExistsWords(
  language: Language,
  facts: { readonly name: string | null; readonly url: string },
): MailWords {
  const { name, url } = facts
  switch (language) {
    case 'en':
      return {
        subject: 'You already have an account',
        paragraphs: [
          greet('en', name),
          'someone asked for a new Gatehouse account with this address, which has one.',
        ],
        action: { label: 'Log in', url },
        closing: 'If it was not you, there is nothing to do: nothing has changed.',
      }
    case 'ja':
      return {
        subject: 'アカウントは登録済みです',
        paragraphs: [
          greet('ja', name),
          'このアドレスで Gatehouse の新規登録が申し込まれましたが、すでにアカウントがあります。',
        ],
        action: { label: 'ログイン', url },
        closing: '心当たりがない場合も、何も変更されていませんので、対応は不要です。',
      }
  }
}

export type SessionReuseFacts = {
  readonly name: string | null
  readonly ip: string
  readonly at: string
  readonly url: string
}

export function sessionReuseWords(language: Language, { name, ip, at, url }: SessionReuseFacts): MailWords {
  switch (language) {
    case 'en':
      return {
        subject: 'We ended one of your sessions',
        paragraphs: [
          greet('en', name),
          `a log-in token of yours that had been used before was sent again from ${ip} at ${at}. ` +
            'It may have been copied, so the session it belongs to has ended.',
        ],
        action: { label: 'Log in and look at your sessions', url },
        closing: 'If you do not know this address, change your password.',
      }
    case 'ja':
      return {
        subject: 'セッションを終了しました',
        paragraphs: [
          greet('ja', name),
          `使用済みのログイントークンが ${at} に ${ip} から再び送信されました。` +
            '複製されたおそれがあるため、該当するセッションを終了しました。',
        ],
        action: { label: 'ログインしてセッションを確認する', url },
        closing: 'このアドレスに心当たりがない場合は、パスワードを変更してください。',
      }
  }
}
