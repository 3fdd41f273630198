import type { Socket } from 'node:net'
import { connect, type SecureContext, type TLSSocket } from 'node:tls'
import type { Attempt } from './attempt.ts'
import type { EgressErrorCode, EgressErrorDetails } from './egress-error.ts'
import type { Target } from './judge-target.ts'
import { toErrorCode, toNetworkFailure } from './network-failure.ts'
import { alertOf, toCertificateFault, toTlsFault } from './tls-fault.ts'
import { watchWire } from './watch-wire.ts'

export type TlsOptions = {
  /** False returns the socket whatever the certificate; `authorizationError` then says what is wrong. Default true. */
  readonly verifyCertificate?: boolean
  readonly alpnProtocols?: readonly string[]
  /** The newest TLS version to offer, to learn which versions a server refuses. Default: the newest there is. */
  readonly newest?: 'TLSv1.2' | 'TLSv1.3'
}

export type SecureRules = {
  /** The secure context, by the newest TLS version that is offered. */
  readonly secureContextFor: (newest: TlsOptions['newest']) => SecureContext
  readonly handshakeBytesMax: number
}

export function secure(
  attempt: Attempt,
  plain: Socket,
  target: Target,
  { secureContextFor, handshakeBytesMax }: SecureRules,
  options: TlsOptions,
): Promise<TLSSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>()
  const { remoteAddress } = plain
  attempt.begin()
  const socket = connect({
    socket: plain,
    host: target.hostname,
    // RFC 6066 §3: an address is no server name.
    servername: target.literal ? '' : target.hostname,
    // The TLS version of the context applies, and not the one of these options.
    secureContext: secureContextFor(options.newest),
    // The certificate is still verified; the result is judged below, where the certificate can be read to say what is
    // wrong.
    rejectUnauthorized: false,
    ...(options.alpnProtocols === undefined ? {} : { ALPNProtocols: [...options.alpnProtocols] }),
  })
  const overflow = (): void =>
    fail(
      attempt.failure('tls_protocol', { remoteAddress, reason: 'HANDSHAKE_TOO_LARGE', tlsFault: 'endless' }),
    )
  const unwatch = watchWire(plain, (bytesRead) => bytesRead > handshakeBytesMax, overflow)
  const fail = (reason: unknown): void => {
    unwatch()
    attempt.signal.removeEventListener('abort', timeOut)
    socket.destroy()
    plain.destroy()
    reject(reason)
  }
  const timeOut = (): void => fail(attempt.interruption('tls_timeout', { remoteAddress }))
  attempt.signal.addEventListener('abort', timeOut)
  // The listener stays, as on the plain socket.
  socket.on('error', (error: Error) => fail(toHandshakeFailure(attempt, remoteAddress, error)))
  socket.once('secureConnect', () => {
    unwatch()
    // A TLS 1.2 server may ask for renegotiation again and again, and each costs as much as the first handshake.
    socket.disableRenegotiation()
    attempt.finish('tlsMs')
    if (options.verifyCertificate !== false && !socket.authorized) {
      const { code, ...details } = judgeCertificate(socket)
      return fail(attempt.failure(code, { ...details, remoteAddress }))
    }
    attempt.signal.removeEventListener('abort', timeOut)
    return resolve(socket)
  })
  if (attempt.signal.aborted) timeOut()
  return promise
}

function judgeCertificate(socket: TLSSocket): EgressErrorDetails & { readonly code: EgressErrorCode } {
  // Node.js types this as an Error; in fact it is the verifier's code, as text.
  const reason = String(socket.authorizationError)
  const certificate = socket.getPeerCertificate()
  const [validFromMs, expiredAtMs] = [Date.parse(certificate.valid_from), Date.parse(certificate.valid_to)]
  const nowMs = Date.now()
  if (reason === 'ERR_TLS_CERT_ALTNAME_INVALID') return { code: 'tls_name_mismatch', reason }
  // The verifier reports one code for the whole chain; the dates of the server's own certificate show whether that one
  // has expired.
  if (reason === 'CERT_HAS_EXPIRED' && expiredAtMs <= nowMs)
    return { code: 'tls_expired', reason, expiredAtMs }
  if (reason === 'CERT_HAS_EXPIRED')
    return { code: 'tls_untrusted', reason, certificateFault: 'issuer_expired' }
  if (reason === 'CERT_NOT_YET_VALID' && validFromMs <= nowMs)
    return { code: 'tls_untrusted', reason, certificateFault: 'issuer_not_yet_valid' }
  const certificateFault = toCertificateFault(reason)
  return {
    code: 'tls_untrusted',
    reason,
    certificateFault,
    ...(certificateFault === 'not_yet_valid' ? { validFromMs } : {}),
  }
}

function toHandshakeFailure(attempt: Attempt, remoteAddress: string | undefined, error: Error): Error {
  const reason = toErrorCode(error)
  if (isTlsFault(reason)) return toTlsFailure(attempt, remoteAddress, error)
  const code = toNetworkFailure(error)
  if (code === undefined) return new Error('A TLS handshake failed on our side', { cause: error })
  return attempt.failure(code === 'connect_timeout' ? 'tls_timeout' : code, {
    remoteAddress,
    reason,
    cause: error,
  })
}

/** In TLS 1.3 a server may refuse after our handshake is over, so this is used while reading as well. */
export function toTlsFailure(attempt: Attempt, remoteAddress: string | undefined, error: unknown): Error {
  const reason = toErrorCode(error)
  const details = { tlsFault: toTlsFault(reason), alert: alertOf(reason) }
  return attempt.failure('tls_protocol', { remoteAddress, reason, ...details, cause: error })
}

export function isTlsFault(code: string): boolean {
  return code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO'
}
