import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import type { Answer } from './answer.ts'

/** Puts an answer on the wire, past the framework's own serialising; a body that is there already goes out in one write. */
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

/** Replies of one turn of the event loop leave together, after its last request was read: their receivers wake once. */
function endSoon(response: ServerResponse, body: string | Buffer): void {
  if (ending.length === 0) setImmediate(endAll)
  ending.push({ response, body })
}

function endAll(): void {
  const all = ending
  ending = []
  for (const { response, body } of all) response.end(body)
}
