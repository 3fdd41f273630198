import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import type { Answer } from './answer.ts'

/** Writes an answer to the socket without the framework's serializer; a complete body is sent in one write. */
export function send(
  { method }: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
): void {
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) {
    response.writeHead(status, headers)
    if (method !== 'HEAD') return void pipeline(body, response, () => undefined)
    body.destroy()
    response.end()
    return
  }
  if (status !== 304 && status !== 204) headers['content-length'] = String(Buffer.byteLength(body))
  response.writeHead(status, headers)
  endSoon(response, method === 'HEAD' ? '' : body)
}

type Ending = { readonly response: ServerResponse; readonly body: string | Buffer }
let ending: Ending[] = []

/**
 * Collects the replies of one turn of the event loop and sends them together, after its last request was read: their
 * receivers wake up once.
 */
function endSoon(response: ServerResponse, body: string | Buffer): void {
  if (ending.length === 0) setImmediate(endAll)
  ending.push({ response, body })
}

function endAll(): void {
  const all = ending
  ending = []
  for (const { response, body } of all) response.end(body)
}
