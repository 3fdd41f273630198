type Said = Readonly<Record<'en' | 'ja', string>>

// What came of an attempt to deliver, as the log of deliveries stores it. The dashboard says the same; a test holds it
// against this.
const answers: Readonly<Record<string, Said>> = {
  'answered 3xx: redirects are not followed': {
    en: 'Answered 3xx; redirects are not followed',
    ja: '応答 3xx (リダイレクトは追跡しません)',
  },
  'answered 2xx, but not as expected': {
    en: 'Answered 2xx, but not as expected',
    ja: '応答 2xx (内容が想定と異なります)',
  },
  'refused by the mail server': { en: 'Refused by the mail server', ja: 'メールサーバーに拒否されました' },
  target_forbidden: { en: 'The address may not be sent to', ja: '送信が許可されていないアドレスです' },
  dns_not_found: { en: 'The name does not exist', ja: '名前が存在しません' },
  dns_failed: { en: 'The name servers answered with an error', ja: 'ネームサーバーがエラーを返しました' },
  connect_refused: { en: 'The connection was refused', ja: '接続が拒否されました' },
  connection_reset: { en: 'The connection was closed', ja: '接続が切断されました' },
  network_unreachable: { en: 'There is no route to it', ja: '経路がありません' },
  connect_timeout: { en: 'No connection in time', ja: '時間内に接続できませんでした' },
  tls_timeout: { en: 'No TLS handshake in time', ja: '時間内に TLS ハンドシェイクが完了しませんでした' },
  response_timeout: { en: 'No answer in time', ja: '時間内に応答がありませんでした' },
  tls_expired: { en: 'Its certificate has expired', ja: '証明書の有効期限が切れています' },
  tls_name_mismatch: { en: 'Its certificate is for another name', ja: '証明書の名前が一致しません' },
  tls_untrusted: { en: 'Its certificate is not trusted', ja: '証明書を信頼できません' },
  tls_protocol: { en: 'The TLS handshake failed', ja: 'TLS ハンドシェイクに失敗しました' },
  invalid_http: { en: 'The answer is not valid HTTP', ja: '応答が正しい HTTP ではありません' },
  headers_too_large: { en: 'The headers of the answer are too large', ja: '応答のヘッダーが大きすぎます' },
  body_too_large: { en: 'The answer is too large', ja: '応答が大きすぎます' },
  mail_relay_unavailable: {
    en: 'The mail server did not take it',
    ja: 'メールサーバーが受け付けませんでした',
  },
  internal_error: {
    en: 'An error of our own, which is in the log of the server',
    ja: '内部エラーです (サーバーのログに記録されています)',
  },
  type_unknown: {
    en: 'This version does not know destinations of this kind',
    ja: 'このバージョンはこの種類の通知先に対応していません',
  },
  config_unreadable: {
    en: 'The settings of the destination cannot be read; save them again',
    ja: '通知先の設定を読み取れません。保存し直してください',
  },
  secret_unreadable: {
    en: 'The credentials of the destination cannot be opened; save them again',
    ja: '通知先の認証情報を開けません。保存し直してください',
  },
  channel_deleted: { en: 'The destination was deleted', ja: '通知先が削除されました' },
  endpoint_deleted: { en: 'The webhook was deleted', ja: 'Webhook が削除されました' },
  expired: { en: 'It waited for too long', ja: '待ち時間が長すぎました' },
}

/** What came of a delivery, in words; what this version does not know is shown as it is. */
export function writeAnswer(result: string, language: 'en' | 'ja'): string {
  const kind = /^answered (\dxx)$/.exec(result)?.[1]
  if (kind !== undefined) return language === 'ja' ? `応答 ${kind}` : `Answered ${kind}`
  const said = Object.hasOwn(answers, result) ? answers[result] : undefined
  return said?.[language] ?? result
}
