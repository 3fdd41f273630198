import type { Socket } from 'node:net'
import { connect, type SecureContext, type TLSSocket } from 'node:tls'
import type { Attempt } from './attempt.ts'
import type { EgressErrorCode, EgressErrorDetails } from './egress-error.ts'
import type { Target } from './judge-target.ts'
import { toErrorCode, toNetworkFailure } from './network-failure.ts'

export type TlsOptions = {
  /** False hands over the socket whatever the certificate; `authorizationError` then says what is wrong. Default true. */
  readonly verifyCertificate?: boolean
  readonly alpnProtocols?: readonly string[]
}

export function secure(
  attempt: Attempt,
  plain: Socket,
  target: Target,
  secureContext: SecureContext,
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
    secureContext,
    // Verification still runs; the verdict is taken below, where the certificate can be read to say what is wrong.
    rejectUnauthorized: false,
    ...(options.alpnProtocols === undefined ? {} : { ALPNProtocols: [...options.alpnProtocols] }),
  })
  const fail = (reason: unknown): void => {
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
  if (reason === 'CERT_HAS_EXPIRED') {
    return { code: 'tls_expired', reason, expiredAtMs: Date.parse(socket.getPeerCertificate().valid_to) }
  }
  return { code: reason === 'ERR_TLS_CERT_ALTNAME_INVALID' ? 'tls_name_mismatch' : 'tls_untrusted', reason }
}

function toHandshakeFailure(attempt: Attempt, remoteAddress: string | undefined, error: Error): Error {
  const reason = toErrorCode(error)
  const code = isTlsFault(reason) ? 'tls_protocol' : toNetworkFailure(error)
  if (code === undefined) return new Error('A TLS handshake failed on our side', { cause: error })
  return attempt.failure(code === 'connect_timeout' ? 'tls_timeout' : code, {
    remoteAddress,
    reason,
    cause: error,
  })
}

export function isTlsFault(code: string): boolean {
  return code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO'
}
