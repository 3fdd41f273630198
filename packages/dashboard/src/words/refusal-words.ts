import type { GatehouseProblem } from '@gatehouse/sdk'
import { language, type Language, type Said } from '../language.ts'
import { toSpan } from '../to-ago.ts'
import { toFieldFaults } from '../to-field-faults.ts'
import { toFaultSentence } from './field-fault-words.ts'
import { problemsJa } from './problem-ja-words.ts'
import { translations as spans } from './span-words.ts'

/** Texts for error codes; for other codes the server's message is shown. */
const en = {
  EMAIL_NOT_CONFIGURED:
    'This server sends no mail, so nothing was sent. An owner of your organisation, or whoever runs the server, can make a link for you.',
  RATE_LIMITED: (span: string) => `Too many attempts. Try again in ${span}.`,
  FORBIDDEN: 'Your role does not allow this. Ask an owner of the organisation.',
  SUDO_LOCKED: 'Too many proofs failed. Wait 15 minutes, then try again.',
  SUDO_REQUIRED: 'Nothing was done, since you did not prove that it is you. Try again and confirm.',
  PROOF_REFUSED: 'That does not prove who you are. Check it and try again.',
  MAX_TEAMS_REACHED: 'You belong to 20 organisations, the most that one person may. Leave one first.',
  EMAIL_VERIFIED: 'Your address is verified already.',
  SINGLE_SIGN_ON_REQUIRED:
    'Your organisation lets you in through its own sign-in server. Choose “Sign in with your organisation”.',
  ISSUER_UNAVAILABLE:
    'The sign-in server of your organisation does not answer as it should. Try again in a while.',
  BREAK_GLASS_OWNER:
    'This owner may still use a password where single sign-on is required. Name another one under Single sign-on first.',
  ALREADY_CONNECTED:
    'Somebody else at your organisation’s sign-in server is connected with this account. An owner can remove that member first.',
  UNAVAILABLE: 'The server cannot do this at the moment. Try again in a minute.',
} as const

const ja: Said<typeof en> = {
  EMAIL_NOT_CONFIGURED:
    'このサーバーはメールを送信できないため、何も送信していません。組織のオーナーかサーバーの管理者に、リンクの作成をご依頼ください。',
  RATE_LIMITED: (span) => `試行回数が多すぎます。${span} 後にもう一度お試しください。`,
  FORBIDDEN: '現在の権限ではこの操作はできません。組織のオーナーにご相談ください。',
  SUDO_LOCKED: '本人確認に何度も失敗しました。15 分待ってからもう一度お試しください。',
  SUDO_REQUIRED: '本人確認が済んでいないため、何も行っていません。もう一度操作し、確認してください。',
  PROOF_REFUSED: '本人であることを確認できません。入力を確かめて、もう一度お試しください。',
  MAX_TEAMS_REACHED: '所属できる組織は 20 までです。先にいずれかの組織から退出してください。',
  EMAIL_VERIFIED: 'アドレスはすでに確認済みです。',
  SINGLE_SIGN_ON_REQUIRED:
    'この組織には、組織のサインインサーバーからのみログインできます。「組織のアカウントでログイン」を選んでください。',
  ISSUER_UNAVAILABLE: '組織のサインインサーバーが正しく応答しません。しばらくしてからお試しください。',
  BREAK_GLASS_OWNER:
    'このオーナーは、シングルサインオン必須の間もパスワードを使える人です。先に別のオーナーを指定してください。',
  ALREADY_CONNECTED:
    'このアカウントは、組織のサインインサーバーの別の人物と連携されています。先にオーナーがそのメンバーを外してください。',
  UNAVAILABLE: '現在サーバーはこの操作を行えません。1 分ほど待ってからもう一度お試しください。',
}

export const translations = { en, ja }

type Sentences = Readonly<Record<string, string | ((span: string) => string)>>

/** The window of rate limits, used if a reply does not say how long to wait. */
const windowSeconds = 60

/** A refusal in words; what has none of its own here is said as the server says it, or by its code in Japanese. */
export function toRefusal(
  { code, message, retryAfterSeconds }: GatehouseProblem,
  spoken: Language = language,
): string {
  // Services spell codes as their clients know them, and report a role that is too low as a missing scope.
  const common = code.toUpperCase().replace('FORBIDDEN_SCOPE', 'FORBIDDEN')
  const own: Sentences = translations[spoken]
  const sentence = own[common] ?? (spoken === 'ja' ? toJapanese(common, message) : undefined) ?? message
  if (typeof sentence === 'string') return sentence
  return sentence(toSpan((retryAfterSeconds ?? windowSeconds) * 1_000, spans[spoken]))
}

/** The faults of fields that are shown nowhere else follow; those without a translation are left out. */
function toJapanese(code: string, message: string): string | undefined {
  const whole = problemsJa[code]
  if (whole === undefined) return undefined
  const faults = [...(toFieldFaults(message)?.values() ?? [])].map((fault) => toFaultSentence(fault, 'ja'))
  return [whole, ...faults.filter((fault) => /[\u3040-\u30ff\u4e00-\u9fff]/.test(fault))].join('')
}
