import type { IncomingMessage } from 'node:http'
import { problems } from './problems.ts'

/** A host name or address of RFC 3986, with an optional port; may be empty. */
const hostPattern = /^(?:[\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(?::\d*)?$/i

/**
 * Requires exactly one Host header in an HTTP/1.1 request, so that no proxy can have used another one (RFC 9112, 3.2).
 */
export function assertHost({ rawHeaders, httpVersion }: IncomingMessage): void {
  let host: string | undefined
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (name.length !== 4 || name.toLowerCase() !== 'host') continue
    if (host !== undefined) throw refused('must be sent once')
    host = rawHeaders[at + 1] ?? ''
  }
  if (host === undefined && httpVersion !== '1.0') throw refused('is required')
  if (host !== undefined && !hostPattern.test(host)) throw refused('must be a host, with or without a port')
}

function refused(message: string): Error {
  return problems.VALIDATION_ERROR({ fields: [{ field: 'Host', message }] })
}
