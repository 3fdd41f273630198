import type { FaultOf, Sentence } from './sentence.ts'

type None = Readonly<Record<never, never>>

const resolverUnavailable: Sentence<None> = {
  en: () => 'We could not check: our own name servers do not answer.',
  ja: () => '確認できませんでした: 監視側のネームサーバーが応答しません。',
}
const nodeOverloaded: Sentence<None> = {
  en: () => 'We could not check: our own server was too busy.',
  ja: () => '確認できませんでした: 監視側のサーバーが混雑していました。',
}
const internalError: Sentence<None> = {
  en: () => 'We could not check: an error of our own, which is in the log of the server.',
  ja: () => '確認できませんでした: 監視側の内部エラーです (サーバーのログに記録されています)。',
}
const typeUnknown: Sentence<{ readonly type: string }> = {
  en: ({ type }) => `We could not check: this version knows no monitor of the type “${type}”.`,
  ja: ({ type }) => `確認できませんでした: このバージョンは「${type}」という種類の監視に対応していません。`,
}
const configUnreadable: Sentence<{ readonly field: string }> = {
  en: ({ field }) =>
    `We could not check: the stored settings cannot be read (${toField(field)}). Save them again.`,
  ja: ({ field }) =>
    `確認できませんでした: 保存された設定を読み取れません (${toField(field)})。設定を保存し直してください。`,
}
const secretUnreadable: Sentence<None> = {
  en: () => 'We could not check: the stored credentials cannot be opened. Save them again.',
  ja: () => '確認できませんでした: 保存された認証情報を開けません。認証情報を保存し直してください。',
}

/** The sentences for failures of our own, which say nothing about the target. */
export const ownSentences = {
  resolver_unavailable: resolverUnavailable,
  node_overloaded: nodeOverloaded,
  internal_error: internalError,
  type_unknown: typeUnknown,
  config_unreadable: configUnreadable,
  secret_unreadable: secretUnreadable,
}

export type OwnFault = FaultOf<typeof ownSentences>

function toField(field: string): string {
  return field === '' ? 'config' : `config.${field}`
}
