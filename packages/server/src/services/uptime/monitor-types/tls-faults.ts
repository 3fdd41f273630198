import type { CertificateFault, TlsFault } from '@gatehouse/kernel/egress'
import type { Language } from './sentence.ts'

type Words = Readonly<Record<Language, string>>

/** Why a TLS connection could not be established. */
export const tlsFaults: Readonly<Record<TlsFault, Words>> = {
  version: {
    en: 'No common TLS version; TLS 1.2 or 1.3 is needed.',
    ja: '共通のTLSバージョンがありません。TLS 1.2または1.3が必要です。',
  },
  no_http1: {
    en: 'The server does not offer HTTP/1.1 (by ALPN); it may speak HTTP/2 alone.',
    ja: 'サーバーがHTTP/1.1を提供していません (ALPN)。HTTP/2のみの可能性があります。',
  },
  not_tls: {
    en: 'This port does not speak TLS; it may serve plain HTTP.',
    ja: 'このポートはTLSに対応していません。平文のHTTPの可能性があります。',
  },
  handshake_refused: {
    en: 'The server refused the TLS handshake: it shares no cipher with us, has no certificate for this name, or wants one of ours.',
    ja: 'サーバーがTLSハンドシェイクを拒否しました。共通の暗号スイートがないか、この名前の証明書がないか、クライアント証明書が必要です。',
  },
  cipher: { en: 'No common TLS cipher.', ja: '共通のTLS暗号スイートがありません。' },
  name_refused: {
    en: 'The server does not serve this name over TLS.',
    ja: 'サーバーはこの名前でのTLS接続を提供していません。',
  },
  client_certificate: {
    en: 'The server wants a client certificate, which monitors do not have.',
    ja: 'サーバーがクライアント証明書を要求していますが、監視では提示できません。',
  },
  too_weak: {
    en: 'The server offers cryptography that is too weak only.',
    ja: 'サーバーが提供する暗号方式が弱すぎます。',
  },
  endless: {
    en: 'The server goes on with the TLS handshake without end.',
    ja: 'サーバーがTLSハンドシェイクを終わらせません。',
  },
  alert: { en: 'The server ended the TLS handshake.', ja: 'サーバーがTLSハンドシェイクを終了しました。' },
  other: { en: 'The TLS handshake failed.', ja: 'TLSハンドシェイクに失敗しました。' },
}

/** Why a certificate is not trusted. */
export const certificateFaults: Readonly<Record<CertificateFault, Words>> = {
  not_yet_valid: { en: 'The certificate is not valid yet', ja: '証明書はまだ有効ではありません' },
  self_signed: { en: 'The certificate is signed by itself', ja: '証明書は自己署名です' },
  private_authority: {
    en: 'The certificate comes from an authority that is not public',
    ja: '証明書の発行元が公的な認証局ではありません',
  },
  unknown_authority: {
    en: 'The certificate comes from an authority that is not known, or an intermediate certificate is missing',
    ja: '証明書の発行元が不明か、中間証明書が不足しています',
  },
  issuer_expired: {
    en: 'A certificate of the chain above it has expired',
    ja: '証明書チェーンの上位の証明書が期限切れです',
  },
  issuer_not_yet_valid: {
    en: 'A certificate of the chain above it is not valid yet',
    ja: '証明書チェーンの上位の証明書がまだ有効ではありません',
  },
  revoked: { en: 'The certificate has been revoked', ja: '証明書は失効しています' },
  too_weak: {
    en: 'The certificate uses a key or digest that is too weak',
    ja: '証明書の鍵またはダイジェストが弱すぎます',
  },
  wrong_purpose: {
    en: 'The certificate, or one above it, is not made for this use',
    ja: '証明書またはその上位の証明書の用途が異なります',
  },
  broken: { en: 'The certificate or its signature is damaged', ja: '証明書またはその署名が壊れています' },
  other: { en: 'The certificate is not trusted', ja: '証明書を信頼できません' },
}
