import type {
  CertificateFault,
  EgressError,
  EgressErrorCode,
  HttpFault,
  TlsFault,
} from '@gatehouse/kernel/egress'
import { httpFaults } from './http-faults.ts'
import type { FaultOf, Language, Sentence } from './sentence.ts'
import { certificateFaults, tlsFaults } from './tls-faults.ts'

type None = Readonly<Record<never, never>>
type Seconds = { readonly seconds: number }

const dnsNotFound: Sentence<{ readonly host: string }> = {
  en: ({ host }) => `The name ${host} does not exist.`,
  ja: ({ host }) => `${host} という名前は存在しません。`,
}
const dnsFailed: Sentence<{ readonly host: string; readonly rcode: string }> = {
  en: ({ host, rcode }) => `The name servers of ${host} answered with an error (${rcode}).`,
  ja: ({ host, rcode }) => `${host} のネームサーバーがエラー (${rcode}) を返しました。`,
}
const connectRefused: Sentence<{ readonly ip: string; readonly port: string | number }> = {
  en: ({ ip, port }) => `${toHostPort(ip, port)} refused the connection.`,
  ja: ({ ip, port }) => `${toHostPort(ip, port)} が接続を拒否しました。`,
}
/** `during` is absent if nothing had been received yet. */
const connectionReset: Sentence<{ readonly during?: 'tls' | 'answer' }> = {
  en: ({ during }) => resets[during ?? 'before'].en,
  ja: ({ during }) => resets[during ?? 'before'].ja,
}
const resets = {
  before: { en: 'The connection was closed before an answer.', ja: '応答の前に接続が切断されました。' },
  tls: {
    en: 'The connection was closed during the TLS handshake.',
    ja: 'TLSハンドシェイク中に接続が切断されました。',
  },
  answer: {
    en: 'The connection was cut in the middle of the answer.',
    ja: '応答の途中で接続が切断されました。',
  },
} as const
const networkUnreachable: Sentence<{ readonly ip: string }> = {
  en: ({ ip }) => `No route to ${ip}.`,
  ja: ({ ip }) => `${ip} への経路がありません。`,
}
const connectTimeout: Sentence<Seconds> = {
  en: ({ seconds }) => `No connection within ${seconds} s.`,
  ja: ({ seconds }) => `${seconds}秒以内に接続できませんでした。`,
}
const tlsTimeout: Sentence<Seconds> = {
  en: ({ seconds }) => `No TLS handshake within ${seconds} s.`,
  ja: ({ seconds }) => `${seconds}秒以内にTLSハンドシェイクが完了しませんでした。`,
}
const responseTimeout: Sentence<Seconds> = {
  en: ({ seconds }) => `No answer within ${seconds} s.`,
  ja: ({ seconds }) => `${seconds}秒以内に応答がありませんでした。`,
}
const targetForbidden: Sentence<None> = {
  en: () => 'The name now points to an address that may not be monitored.',
  ja: () => 'この名前は、監視が許可されていないアドレスを指しています。',
}
/** `date` is absent if it is not known. */
const tlsExpired: Sentence<{ readonly date?: string }> = {
  en: ({ date }) => `The certificate expired${date === undefined ? '' : ` on ${date}`}.`,
  ja: ({ date }) => `証明書の有効期限が切れています${date === undefined ? '' : ` (${date})`}。`,
}
const tlsNameMismatch: Sentence<{ readonly host: string }> = {
  en: ({ host }) => `The certificate is not valid for ${host}.`,
  ja: ({ host }) => `証明書は ${host} に対して有効ではありません。`,
}
/** `fault` is absent in results of an earlier version, and `date` if it does not apply. */
const tlsUntrusted: Sentence<{
  readonly reason: string
  readonly fault?: CertificateFault
  readonly date?: string
}> = {
  en: ({ reason, fault, date }) =>
    fault === undefined
      ? `The certificate is not trusted: ${reason}.`
      : `${certificateFaults[fault].en}${date === undefined ? '' : `, but from ${date} on`} (${reason}).`,
  ja: ({ reason, fault, date }) =>
    fault === undefined
      ? `証明書を信頼できません: ${reason}`
      : `${certificateFaults[fault].ja}${date === undefined ? '' : ` (${date} から有効)`} (${reason})。`,
}
/** `alert` is the alert that the server sent, if no other fault explains it. */
const tlsProtocol: Sentence<{ readonly fault?: TlsFault; readonly alert?: string }> = {
  en: ({ fault = 'other', alert }) =>
    `${tlsFaults[fault].en}${alert === undefined ? '' : ` Its alert: ${alert}.`}`,
  ja: ({ fault = 'other', alert }) =>
    `${tlsFaults[fault].ja}${alert === undefined ? '' : ` (アラート: ${alert})`}`,
}
const invalidHttp: Sentence<{ readonly fault?: HttpFault; readonly coding?: string }> = {
  en: ({ fault, coding }) => `The answer is not valid HTTP${withFault('en', fault, coding)}.`,
  ja: ({ fault, coding }) => `応答が正しいHTTPではありません${withFault('ja', fault, coding)}。`,
}

function withFault(language: Language, fault: HttpFault | undefined, coding: string | undefined): string {
  if (fault === undefined) return ''
  return `: ${httpFaults[fault][language]}${coding === undefined ? '' : ` (${coding})`}`
}

const headersTooLarge: Sentence<None> = {
  en: () => 'Headers over 32 KiB.',
  ja: () => 'ヘッダーが32 KiBを超えています。',
}
const bodyTooLarge: Sentence<None> = {
  en: () => 'The answer is larger than may be read.',
  ja: () => '応答が読み取れる大きさを超えています。',
}

/** The sentences for targets that could not be reached, common to all types. */
export const lookSentences = {
  dns_not_found: dnsNotFound,
  dns_failed: dnsFailed,
  connect_refused: connectRefused,
  connection_reset: connectionReset,
  network_unreachable: networkUnreachable,
  connect_timeout: connectTimeout,
  tls_timeout: tlsTimeout,
  response_timeout: responseTimeout,
  target_forbidden: targetForbidden,
  tls_expired: tlsExpired,
  tls_name_mismatch: tlsNameMismatch,
  tls_untrusted: tlsUntrusted,
  tls_protocol: tlsProtocol,
  invalid_http: invalidHttp,
  headers_too_large: headersTooLarge,
  body_too_large: bodyTooLarge,
} satisfies Record<EgressErrorCode, Sentence<never>>

export type LookFault = FaultOf<typeof lookSentences>

export type Place = {
  readonly host: string
  readonly port: number
  readonly timeoutMs: number
  readonly isEncrypted: boolean
}

/** The fault of a target that could not be reached. */
export function toLookFault(error: EgressError, { host, port, timeoutMs, isEncrypted }: Place): LookFault {
  const { code } = error
  const seconds = timeoutMs / 1000
  switch (code) {
    case 'dns_not_found':
    case 'tls_name_mismatch':
      return { code, values: { host } }
    case 'dns_failed':
      return { code, values: { host, rcode: error.rcode ?? 'unknown' } }
    case 'connect_refused':
      return { code, values: { ip: error.remoteAddress ?? host, port } }
    case 'network_unreachable':
      return { code, values: { ip: error.remoteAddress ?? host } }
    case 'connect_timeout':
    case 'tls_timeout':
    case 'response_timeout':
      return { code, values: { seconds } }
    case 'tls_expired':
      return { code, values: error.expiredAtMs === undefined ? {} : { date: toDay(error.expiredAtMs) } }
    case 'tls_untrusted': {
      const { reason = 'unknown', certificateFault: fault = 'other', validFromMs } = error
      const date = validFromMs === undefined ? {} : { date: toDay(validFromMs) }
      return { code, values: { reason, fault, ...date } }
    }
    case 'tls_protocol': {
      const { tlsFault: fault = 'other', alert } = error
      return { code, values: { fault, ...(fault === 'alert' && alert !== undefined ? { alert } : {}) } }
    }
    case 'invalid_http': {
      const { httpFault: fault = 'other', coding } = error
      return { code, values: { fault, ...(coding === undefined ? {} : { coding }) } }
    }
    case 'connection_reset': {
      const { ttfbMs, connectMs, tlsMs } = error.phases
      if (ttfbMs !== null) return { code, values: { during: 'answer' } }
      return { code, values: isEncrypted && connectMs !== null && tlsMs === null ? { during: 'tls' } : {} }
    }
    case 'target_forbidden':
    case 'headers_too_large':
    case 'body_too_large':
      return { code, values: {} }
  }
}

function toDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

function toHostPort(ip: string, port: string | number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
}
