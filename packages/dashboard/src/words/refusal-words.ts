import type { GatehouseProblem } from '@gatehouse/sdk'
import { inLanguage, type Said } from '../language.ts'
import { toSpan } from '../to-ago.ts'

/** What a refusal means to a person, by its code; what is not here is said by the server. */
const en = {
  EMAIL_NOT_CONFIGURED:
    'This server sends no mail, so nothing was sent. Ask who runs it to set SMTP_URL, or for a link by another way.',
  RATE_LIMITED: (span: string) => `Too many attempts. Try again in ${span}.`,
  FORBIDDEN: 'Your role does not allow this. Ask an owner of the organisation.',
  SUDO_LOCKED: 'Too many proofs failed. Wait 15 minutes, then try again.',
  SUDO_REQUIRED: 'Nothing was done, since you did not prove that it is you. Try again and confirm.',
  PROOF_REFUSED: 'That does not prove who you are. Check it and try again.',
  MAX_TEAMS_REACHED: 'You belong to 20 organisations, the most that one person may. Leave one first.',
  EMAIL_VERIFIED: 'Your address is verified already.',
  UNAVAILABLE: 'The server cannot do this at the moment. Try again in a minute.',
} as const

const ja: Said<typeof en> = {
  EMAIL_NOT_CONFIGURED:
    'このサーバーはメールを送信できないため、何も送信していません。管理者に SMTP_URL の設定か、別の方法でのリンクを依頼してください。',
  RATE_LIMITED: (span) => `試行回数が多すぎます。${span} 後にもう一度お試しください。`,
  FORBIDDEN: '現在の権限ではこの操作はできません。組織のオーナーにご相談ください。',
  SUDO_LOCKED: '本人確認に何度も失敗しました。15 分待ってからもう一度お試しください。',
  SUDO_REQUIRED: '本人確認が済んでいないため、何も行っていません。もう一度操作し、確認してください。',
  PROOF_REFUSED: '本人であることを確認できません。入力を確かめて、もう一度お試しください。',
  MAX_TEAMS_REACHED: '所属できる組織は 20 までです。先にいずれかの組織から退出してください。',
  EMAIL_VERIFIED: 'アドレスはすでに確認済みです。',
  UNAVAILABLE: '現在サーバーはこの操作を行えません。1 分ほど待ってからもう一度お試しください。',
}

export const translations = { en, ja }

const sentences: Readonly<Record<string, string | ((span: string) => string)>> = inLanguage(translations)
/** What limits count by, for an answer that does not say how long to wait. */
const windowSeconds = 60

export function toRefusal({ code, message, retryAfterSeconds }: GatehouseProblem): string {
  const sentence = sentences[code] ?? message
  if (typeof sentence === 'string') return sentence
  return sentence(toSpan((retryAfterSeconds ?? windowSeconds) * 1_000))
}
