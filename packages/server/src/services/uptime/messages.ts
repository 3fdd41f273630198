import type { CheckCode, CheckValues, MessageValues } from './domain/check-message.ts'

type Language = 'en' | 'ja'
type Message<Values> = Readonly<Record<Language, (values: Values) => string>>

/** What a person reads for each code of the error taxonomy (4.6). */
const messages: { readonly [Code in CheckCode]: Message<CheckValues[Code]> } = {
  dns_not_found: {
    en: ({ host }) => `The name ${host} does not exist.`,
    ja: ({ host }) => `${host} という名前は存在しません。`,
  },
  dns_failed: {
    en: ({ host, rcode }) => `The name servers of ${host} answered with an error (${rcode}).`,
    ja: ({ host, rcode }) => `${host} のネームサーバーがエラー (${rcode}) を返しました。`,
  },
  connect_refused: {
    en: ({ ip, port }) => `${toHostPort(ip, port)} refused the connection.`,
    ja: ({ ip, port }) => `${toHostPort(ip, port)} が接続を拒否しました。`,
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
        location === undefined
          ? ''
          : ` Redirects are not followed. Monitor ${location} instead, or expect ${status}.`
      }`,
    ja: ({ expected, status, location }) =>
      `ステータス ${expected} を期待しましたが、${status} でした。${
        location === undefined
          ? ''
          : `リダイレクトは追跡しません。${location} を監視するか、${status} を期待値にしてください。`
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
      `The text “${keyword}” was not found in the first ${bytes} bytes.${
        truncated === undefined ? '' : ' The answer goes on beyond what is read.'
      }`,
    ja: ({ keyword, bytes, truncated }) =>
      `先頭${bytes}バイトに「${keyword}」が見つかりませんでした。${
        truncated === undefined ? '' : '応答の続きは読み取りません。'
      }`,
  },
  keyword_present: {
    en: ({ keyword }) => `The text “${keyword}” was found.`,
    ja: ({ keyword }) => `「${keyword}」が見つかりました。`,
  },
  json_mismatch: {
    en: (values) =>
      'value' in values
        ? `${values.path} was ${values.value}.`
        : `${values.path} ${jsonProblems[values.problem].en}`,
    ja: (values) =>
      'value' in values
        ? `${values.path} は ${values.value} でした。`
        : `${values.path} ${jsonProblems[values.problem].ja}`,
  },
  dns_mismatch: {
    en: ({ type, list }) => `${type} records were ${list}.`,
    ja: ({ type, list }) => `${type}レコードは ${list} でした。`,
  },
  page_unreadable: {
    en: ({ why }) => `The page could not be read: ${why}.`,
    ja: ({ why }) => `ページを読み取れませんでした: ${why}`,
  },
  selector_empty: {
    en: ({ selector }) => `Nothing matches ${selector}.`,
    ja: ({ selector }) => `${selector} に一致する要素がありません。`,
  },
  page_changed: {
    en: ({ diff }) => `The page changed: ${diff}`,
    ja: ({ diff }) => `ページが変更されました: ${diff}`,
  },
  heartbeat_missed: {
    en: ({ lastMs, dueMs }) => `No ping since ${toTime(lastMs)}; it was due by ${toTime(dueMs)}.`,
    ja: ({ lastMs, dueMs }) => `${toTime(lastMs)} 以降pingがありません (期限 ${toTime(dueMs)})。`,
  },
  heartbeat_failed: {
    en: ({ exit }) => `The job reported failure${exit === undefined ? '' : ` (exit ${exit})`}.`,
    ja: ({ exit }) => `ジョブが失敗を報告しました${exit === undefined ? '' : ` (終了コード ${exit})`}。`,
  },
  agent_silent: {
    en: ({ lastMs }) => `No metrics since ${toTime(lastMs)}.`,
    ja: ({ lastMs }) => `${toTime(lastMs)} 以降メトリクスがありません。`,
  },
  domain_expired: {
    en: ({ domain, date }) => `${domain} expired on ${date}.`,
    ja: ({ domain, date }) => `${domain} の有効期限が切れています (${date})。`,
  },
  domain_unregistered: {
    en: ({ domain }) => `The registry no longer knows ${domain}.`,
    ja: ({ domain }) => `${domain} はレジストリに登録されていません。`,
  },
  expires_soon: {
    en: ({ days, date }) => `${days} days left (until ${date}).`,
    ja: ({ days, date }) => `残り${days}日 (${date} まで)。`,
  },
  slow: {
    en: ({ ms, limit }) => `${ms} ms, limit ${limit} ms.`,
    ja: ({ ms, limit }) => `${ms}ミリ秒 (上限 ${limit}ミリ秒)。`,
  },
  host_threshold: {
    en: ({ what, percent, limit }) => `${what} ${percent} %, limit ${limit} %.`,
    ja: ({ what, percent, limit }) => `${what} ${percent} % (上限 ${limit} %)。`,
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
  browser_failed: {
    en: () => 'We could not check: our own browser did not start, or crashed.',
    ja: () => '確認できませんでした: 監視側のブラウザーが起動しないか、異常終了しました。',
  },
  registry_unavailable: {
    en: ({ domain }) => `We could not check: the registry of ${domain} does not answer.`,
    ja: ({ domain }) => `確認できませんでした: ${domain} のレジストリが応答しません。`,
  },
  registry_no_expiry: {
    en: ({ suffix }) => `We could not check: the registry of .${suffix} publishes no expiry date.`,
    ja: ({ suffix }) => `確認できませんでした: .${suffix} のレジストリは有効期限を公開していません。`,
  },
  no_location_answered: {
    en: () => 'We could not check: none of our locations answered.',
    ja: () => '確認できませんでした: 監視拠点からの結果がありません。',
  },
  quorum_not_reached: {
    en: ({ answered, needed }) =>
      `We could not check: ${answered} of our locations answered, ${needed} are needed.`,
    ja: ({ answered, needed }) =>
      `確認できませんでした: 結果を返した監視拠点は${answered}か所です (${needed}か所必要)。`,
  },
}

const jsonProblems = {
  missing: { en: 'was missing.', ja: 'がありませんでした。' },
  not_json: {
    en: 'could not be read: the answer is not JSON.',
    ja: 'を読み取れません: 応答がJSONではありません。',
  },
  truncated: {
    en: 'could not be read: the answer goes on beyond what is read.',
    ja: 'を読み取れません: 応答が読み取れる大きさを超えています。',
  },
} as const

/** The sentence for a stored code; one of a later version shows itself. */
export function writeMessage(code: string, values: MessageValues, language: Language): string {
  if (!isCheckCode(code)) return code
  // Safe: a code is only ever stored with its own values; `CheckValues` types whoever makes them.
  const write = messages[code][language] as (values: MessageValues) => string
  return write(values)
}

function isCheckCode(code: string): code is CheckCode {
  return Object.hasOwn(messages, code)
}

function toHostPort(ip: string, port: string | number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
}

/** To the second, in UTC: `2026-03-01 09:30:00 UTC`. */
function toTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
