import type { EgressErrorCode } from './egress-error.ts'

/** The class of a system error that the network or the peer caused; undefined for a fault of this program. */
export function toNetworkFailure(error: unknown): EgressErrorCode | undefined {
  return failures.get(toErrorCode(error))
}

/** `code` of a Node.js error, or an empty string. */
export function toErrorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

const failures: ReadonlyMap<string, EgressErrorCode> = new Map([
  ['ECONNREFUSED', 'connect_refused'],
  ['ECONNRESET', 'connection_reset'],
  ['ECONNABORTED', 'connection_reset'],
  ['EPIPE', 'connection_reset'],
  ['ERR_STREAM_PREMATURE_CLOSE', 'connection_reset'],
  ['ENETUNREACH', 'network_unreachable'],
  ['ENETDOWN', 'network_unreachable'],
  ['EHOSTUNREACH', 'network_unreachable'],
  ['EHOSTDOWN', 'network_unreachable'],
  ['EAFNOSUPPORT', 'network_unreachable'],
  // A local firewall rule rejects the connection.
  ['EACCES', 'network_unreachable'],
  ['EPERM', 'network_unreachable'],
  ['ETIMEDOUT', 'connect_timeout'],
])
