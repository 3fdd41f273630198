import type { Role } from '@gatehouse/kernel/principal'
import type { Language } from '../domain/language.ts'

/** What one mail says: paragraphs, and at most one link to follow. */
export type MailWords = {
  readonly subject: string
  readonly paragraphs: readonly string[]
  readonly action?: { readonly label: string; readonly url: string }
  readonly closing: string
}

const roleNames: Readonly<Record<Language, Readonly<Record<Role, string>>>> = {
  en: { owner: 'an owner', member: 'a member', viewer: 'a viewer' },
  ja: { owner: 'オーナー', member: 'メンバー', viewer: '閲覧者' },
}

export type InvitationFacts = {
  readonly inviter: string
  readonly org: string
  readonly role: Role
  readonly url: string
  readonly days: number
}

export function invitationWords(language: Language, facts: InvitationFacts): MailWords {
  const { inviter, org, role, url, days } = facts
  const roleName = roleNames[language][role]
  switch (language) {
    case 'en':
      return {
        subject: `${inviter} invites you to ${org}`,
        paragraphs: [`${inviter} invites you to join ${org} on Gatehouse as ${roleName}.`],
        action: { label: 'Accept the invitation', url },
        closing: `The link works once, for ${days} days. If you did not expect it, ignore this mail.`,
      }
    case 'ja':
      return {
        subject: `${inviter} さんから ${org} への招待`,
        paragraphs: [`${inviter} さんが、Gatehouse の ${org} に${roleName}としてあなたを招待しています。`],
        action: { label: '招待を受ける', url },
        closing: `このリンクは一度だけ、${days} 日間有効です。心当たりがない場合は、このメールを無視してください。`,
      }
  }
}

export type VerificationFacts = { readonly name: string; readonly url: string; readonly hours: number }

export function verificationWords(language: Language, { name, url, hours }: VerificationFacts): MailWords {
  switch (language) {
    case 'en':
      return {
        subject: 'Confirm your e-mail address',
        paragraphs: [`Hello ${name},`, 'confirm this address to create your Gatehouse account.'],
        action: { label: 'Confirm the address', url },
        closing: `The link works once, for ${hours} hours. If you did not ask for an account, ignore this mail.`,
      }
    case 'ja':
      return {
        subject: 'メールアドレスの確認',
        paragraphs: [`${name} 様`, 'Gatehouse のアカウントを作成するには、このアドレスを確認してください。'],
        action: { label: 'アドレスを確認する', url },
        closing: `このリンクは一度だけ、${hours} 時間有効です。心当たりがない場合は、このメールを無視してください。`,
      }
  }
}

export function accountExistsWords(
  language: Language,
  facts: { readonly name: string; readonly url: string },
): MailWords {
  const { name, url } = facts
  switch (language) {
    case 'en':
      return {
        subject: 'You already have an account',
        paragraphs: [
          `Hello ${name},`,
          'someone asked for a new Gatehouse account with this address, which has one.',
        ],
        action: { label: 'Log in', url },
        closing: 'If it was not you, there is nothing to do: nothing has changed.',
      }
    case 'ja':
      return {
        subject: 'アカウントは登録済みです',
        paragraphs: [
          `${name} 様`,
          'このアドレスで Gatehouse の新規登録が申し込まれましたが、すでにアカウントがあります。',
        ],
        action: { label: 'ログイン', url },
        closing: '心当たりがない場合も、何も変更されていませんので、対応は不要です。',
      }
  }
}

export type SessionReuseFacts = {
  readonly name: string
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
          `Hello ${name},`,
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
          `${name} 様`,
          `使用済みのログイントークンが ${at} に ${ip} から再び送信されました。` +
            '複製されたおそれがあるため、該当するセッションを終了しました。',
        ],
        action: { label: 'ログインしてセッションを確認する', url },
        closing: 'このアドレスに心当たりがない場合は、パスワードを変更してください。',
      }
  }
}
