import type { MessageValues } from './domain/assess.ts'

type Writer = (values: MessageValues) => string
type Message = { readonly en: Writer; readonly ja: Writer }

/** What a person reads for each code of the error taxonomy (4.6). */
const messages: Readonly<Record<string, Message>> = {
  dns_not_found: {
    en: ({ host }) => `The name ${host} does not exist.`,
    ja: ({ host }) => `${host} という名前は存在しません。`,
  },
  dns_failed: {
    en: ({ host, rcode }) => `The name servers of ${host} answered with an error (${rcode}).`,
    ja: ({ host, rcode }) => `${host} のネームサーバーがエラー (${rcode}) を返しました。`,
  },
  connect_refused: {
    en: ({ ip, port }) => `${ip}:${port} refused the connection.`,
    ja: ({ ip, port }) => `${ip}:${port} が接続を拒否しました。`,
  },
  connection_reset: {
    en: () => 'The connection was closed before an answer.',
    ja: () => '応答の前に接続が切断されました。',
  },
  network_unreachable: {
    en: ({ ip }) => `No route to ${ip}.`,
    ja: ({ ip }) => `${ip} への経路がありません。`,
  },
  connect_timeout: {
    en: ({ seconds }) => `No connection within ${seconds} s.`,
    ja: ({ seconds }) => `${seconds}秒以内に接続できませんでした。`,
  },
  tls_timeout: {
    en: ({ seconds }) => `No TLS handshake within ${seconds} s.`,
    ja: ({ seconds }) => `${seconds}秒以内にTLSハンドシェイクが完了しませんでした。`,
  },
  response_timeout: {
    en: ({ seconds }) => `No answer within ${seconds} s.`,
    ja: ({ seconds }) => `${seconds}秒以内に応答がありませんでした。`,
  },
  target_forbidden: {
    en: () => 'The name now points to an address that may not be monitored.',
    ja: () => 'この名前は、監視が許可されていないアドレスを指しています。',
  },
  tls_expired: {
    en: ({ date }) => `The certificate expired on ${date}.`,
    ja: ({ date }) => `証明書の有効期限が切れています (${date})。`,
  },
  tls_name_mismatch: {
    en: ({ host }) => `The certificate is not valid for ${host}.`,
    ja: ({ host }) => `証明書は ${host} に対して有効ではありません。`,
  },
  tls_untrusted: {
    en: ({ reason }) => `The certificate is not trusted: ${reason}.`,
    ja: ({ reason }) => `証明書を信頼できません: ${reason}`,
  },
  tls_protocol: {
    en: () => 'No common TLS version.',
    ja: () => '共通のTLSバージョンがありません。',
  },
  unexpected_status: {
    en: ({ expected, status, location }) =>
      `Expected status ${expected}, got ${status}.${
        location === undefined ? '' : ` Redirects are not followed. Monitor ${location} instead, or expect ${status}.`
      }`,
    ja: ({ expected, status, location }) =>
      `ステータス ${expected} を期待しましたが、${status} でした。${
        location === undefined ? '' : `リダイレクトは追跡しません。${location} を監視するか、${status} を期待値にしてください。`
      }`,
  },
  invalid_http: {
    en: () => 'The answer is not valid HTTP.',
    ja: () => '応答が正しいHTTPではありません。',
  },
  headers_too_large: {
    en: () => 'Headers over 32 KiB.',
    ja: () => 'ヘッダーが32 KiBを超えています。',
  },
  body_too_large: {
    en: () => 'The answer is larger than may be read.',
    ja: () => '応答が読み取れる大きさを超えています。',
  },
  keyword_missing: {
    en: ({ keyword, bytes, truncated }) =>
      `The text “${keyword}” was not found in the first ${bytes} bytes.${truncated === undefined ? '' : ' The answer goes on beyond what is read.'}`,
    ja: ({ keyword, bytes }) => `先頭${bytes}バイトに「${keyword}」が見つかりませんでした。`,
  },
  keyword_present: {
    en: ({ keyword }) => `The text “${keyword}” was found.`,
    ja: ({ keyword }) => `「${keyword}」が見つかりました。`,
  },
  json_mismatch: {
    en: ({ path, value }) => `${path} was ${value}.`,
    ja: ({ path, value }) => `${path} は ${value} でした。`,
  },
  heartbeat_missed: {
    en: ({ last, due }) => `No ping since ${last}; it was due by ${due}.`,
    ja: ({ last, due }) => `${last} 以降pingがありません (期限 ${due})。`,
  },
  heartbeat_failed: {
    en: ({ exit }) => `The job reported failure${exit === undefined ? '' : ` (exit ${exit})`}.`,
    ja: ({ exit }) => `ジョブが失敗を報告しました${exit === undefined ? '' : ` (終了コード ${exit})`}。`,
  },
  slow: {
    en: ({ ms, limit }) => `${ms} ms, limit ${limit} ms.`,
    ja: ({ ms, limit }) => `${ms}ミリ秒 (上限 ${limit}ミリ秒)。`,
  },
  probe_offline: {
    en: () => 'We could not check: our own uplink does not answer.',
    ja: () => '確認できませんでした: 監視側の回線が応答しません。',
  },
  resolver_unavailable: {
    en: () => 'We could not check: our own name servers do not answer.',
    ja: () => '確認できませんでした: 監視側のネームサーバーが応答しません。',
  },
  node_overloaded: {
    en: () => 'We could not check: our own server was too busy.',
    ja: () => '確認できませんでした: 監視側のサーバーが混雑していました。',
  },
}

/** The sentence for a code; a code of a later version shows itself. */
export function writeMessage(code: string, values: MessageValues, language: 'en' | 'ja'): string {
  return messages[code]?.[language](values) ?? code
}
