import { hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { type Endpoint, RawReply, WithHeaders } from '@gatehouse/kernel/endpoint'

export type Answer = {
  readonly status: number
  readonly body: string | Buffer | Readable
  readonly headers: Record<string, string | string[]>
}

/** What a handler returned, as it goes on the wire. */
export function toAnswer(
  { method, reply, revealsSecret }: Endpoint,
  result: unknown,
  request: IncomingMessage,
): Answer {
  if (result instanceof RawReply) {
    const mediaType = 'mediaType' in reply ? reply.mediaType : 'application/octet-stream'
    return {
      status: result.status ?? reply.status,
      body: result.body,
      headers: { 'content-type': mediaType, ...result.headers },
    }
  }
  if (!('schema' in reply)) throw new Error('This endpoint must answer with a RawReply')
  const { value, headers } = result instanceof WithHeaders ? unwrap(result) : { value: result, headers: {} }
  const kept = revealsSecret === true ? 'no-store' : 'private, no-cache'
  if (reply.schema === null)
    return { status: reply.status, body: '', headers: { 'cache-control': kept, ...headers } }
  // A reply that does not fit its schema would leak or lie; it dies here as a 500 instead.
  const body = JSON.stringify(reply.schema.parse(value))
  const answer = { 'content-type': 'application/json; charset=utf-8', 'cache-control': kept, ...headers }
  if (method !== 'GET' || revealsSecret === true) return { status: reply.status, body, headers: answer }
  const etag = `"${hash('sha1', body, 'base64url')}"`
  if (request.headers['if-none-match'] === etag)
    return { status: 304, body: '', headers: { etag, 'cache-control': kept } }
  return { status: reply.status, body, headers: { ...answer, etag } }
}

function unwrap(result: WithHeaders<unknown>): Pick<WithHeaders<unknown>, 'value' | 'headers'> {
  return result
}
