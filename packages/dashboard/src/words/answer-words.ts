import { inLanguage, type Said } from '../language.ts'

/** What came of an attempt to deliver a message, and why one was not delivered. */
const en = {
  accepted: 'Accepted',
  answered: (kind: string) => `Answered ${kind}`,
  phrases: {
    'answered 3xx: redirects are not followed': 'Answered 3xx; redirects are not followed',
    'answered 2xx, but not as expected': 'Answered 2xx, but not as expected',
    'refused by the mail server': 'Refused by the mail server',
  },
  codes: {
    target_forbidden: 'The address may not be sent to',
    dns_not_found: 'The name does not exist',
    dns_failed: 'The name servers answered with an error',
    connect_refused: 'The connection was refused',
    connection_reset: 'The connection was closed',
    network_unreachable: 'There is no route to it',
    connect_timeout: 'No connection in time',
    tls_timeout: 'No TLS handshake in time',
    response_timeout: 'No answer in time',
    tls_expired: 'Its certificate has expired',
    tls_name_mismatch: 'Its certificate is for another name',
    tls_untrusted: 'Its certificate is not trusted',
    tls_protocol: 'The TLS handshake failed',
    invalid_http: 'The answer is not valid HTTP',
    headers_too_large: 'The headers of the answer are too large',
    body_too_large: 'The answer is too large',
    mail_relay_unavailable: 'The mail server did not take it',
    internal_error: 'An error of our own, which is in the log of the server',
    type_unknown: 'This version does not know destinations of this kind',
    config_unreadable: 'The settings of the destination cannot be read; save them again',
    secret_unreadable: 'The credentials of the destination cannot be opened; save them again',
    channel_deleted: 'The destination was deleted',
    endpoint_deleted: 'The webhook was deleted',
    expired: 'It waited for too long',
  },
} as const

const ja: Said<typeof en> = {
  accepted: '受信されました',
  answered: (kind) => `応答 ${kind}`,
  phrases: {
    'answered 3xx: redirects are not followed': '応答 3xx (リダイレクトは追跡しません)',
    'answered 2xx, but not as expected': '応答 2xx (内容が想定と異なります)',
    'refused by the mail server': 'メールサーバーに拒否されました',
  },
  codes: {
    target_forbidden: '送信が許可されていないアドレスです',
    dns_not_found: '名前が存在しません',
    dns_failed: 'ネームサーバーがエラーを返しました',
    connect_refused: '接続が拒否されました',
    connection_reset: '接続が切断されました',
    network_unreachable: '経路がありません',
    connect_timeout: '時間内に接続できませんでした',
    tls_timeout: '時間内に TLS ハンドシェイクが完了しませんでした',
    response_timeout: '時間内に応答がありませんでした',
    tls_expired: '証明書の有効期限が切れています',
    tls_name_mismatch: '証明書の名前が一致しません',
    tls_untrusted: '証明書を信頼できません',
    tls_protocol: 'TLS ハンドシェイクに失敗しました',
    invalid_http: '応答が正しい HTTP ではありません',
    headers_too_large: '応答のヘッダーが大きすぎます',
    body_too_large: '応答が大きすぎます',
    mail_relay_unavailable: 'メールサーバーが受け付けませんでした',
    internal_error: '内部エラーです (サーバーのログに記録されています)',
    type_unknown: 'このバージョンはこの種類の通知先に対応していません',
    config_unreadable: '通知先の設定を読み取れません。保存し直してください',
    secret_unreadable: '通知先の認証情報を開けません。保存し直してください',
    channel_deleted: '通知先が削除されました',
    endpoint_deleted: 'Webhook が削除されました',
    expired: '待ち時間が長すぎました',
  },
}

export const translations = { en, ja }
export type AnswerWords = Said<typeof en>
export const answerWords = inLanguage(translations)
