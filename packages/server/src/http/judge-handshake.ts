import type { IncomingMessage } from 'node:http'
import type { SocketTerms } from '@gatehouse/kernel/endpoint'
import { problems } from './problems.ts'

const keyPattern = /^[+/0-9A-Za-z]{22}==$/
const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const protocolsPattern = new RegExp(`^${token}(?:[ \\t]*,[ \\t]*${token})*$`)

/** Whether a request asks for an upgrade to WebSocket; requests for any other upgrade are handled as plain requests. */
export function asksForSocket({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  return method === 'GET' && headers.upgrade?.trim().toLowerCase() === 'websocket'
}

/**
 * The subprotocol of a handshake, or an empty text when none of the requested ones is supported. Throws for an invalid
 * handshake (RFC 6455 §4.2.1), so that its answer comes from here and nowhere else.
 */
export function judgeHandshake(
  { headers }: Pick<IncomingMessage, 'headers'>,
  { protocols }: Pick<SocketTerms, 'protocols'>,
): string {
  if (headers['sec-websocket-version'] !== '13')
    throw refuse('Sec-WebSocket-Version', 'must be 13, the version of RFC 6455')
  if (!keyPattern.test(headers['sec-websocket-key'] ?? ''))
    throw refuse('Sec-WebSocket-Key', 'must be 16 bytes in base64')
  const asked = headers['sec-websocket-protocol']
  if (asked === undefined) return ''
  const names = asked.split(',').map((name) => name.trim())
  if (!protocolsPattern.test(asked) || new Set(names).size !== names.length)
    throw refuse('Sec-WebSocket-Protocol', 'must be names separated by commas, each once')
  return names.find((name) => protocols.includes(name)) ?? ''
}

function refuse(field: string, message: string): Error {
  return problems.VALIDATION_ERROR({ fields: [{ field, message }] })
}
