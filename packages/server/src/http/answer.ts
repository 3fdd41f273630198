import { hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { type Endpoint, Otherwise, PreparedReply, RawReply, WithHeaders } from '@gatehouse/kernel/endpoint'
import { isUnchanged } from './is-unchanged.ts'

export type Answer = {
  readonly status: number
  readonly body: string | Buffer | Readable
  readonly headers: Record<string, string | string[]>
}

/** A smaller body fits one packet, compressed or not. */
export const compressedFromBytes = 1_024

/** Turns the result of a handler into an HTTP answer. */
export function toAnswer(
  { method, reply, revealsSecret }: Endpoint,
  result: unknown,
  request: Pick<IncomingMessage, 'headers'>,
): Answer {
  if (result instanceof RawReply) {
    const mediaType = 'mediaType' in reply ? reply.mediaType : 'application/octet-stream'
    return {
      status: result.status ?? reply.status,
      body: result.body,
      headers: {
        'content-type': mediaType,
        ...result.headers,
        ...(result.cookies.length === 0 ? {} : { 'set-cookie': [...result.cookies] }),
      },
    }
  }
  if (!('schema' in reply)) throw new Error('This endpoint must answer with a RawReply')
  const kept = revealsSecret === true ? 'no-store' : 'private, no-cache'
  if (result instanceof Otherwise) {
    if (reply.also === undefined) throw new Error('This endpoint has one answer')
    return {
      status: reply.also.status,
      body: JSON.stringify(reply.also.schema.parse(toValue(result))),
      headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': kept },
    }
  }
  if (result instanceof PreparedReply) return toPreparedAnswer(reply.status, result, request, kept)
  const { value, headers } = result instanceof WithHeaders ? unwrap(result) : { value: result, headers: {} }
  if (reply.schema === null)
    return { status: reply.status, body: '', headers: { 'cache-control': kept, ...headers } }
  // A reply that does not match its schema could leak data or be wrong; it becomes a 500 here.
  const body = JSON.stringify(reply.schema.parse(value))
  const answer = { 'content-type': 'application/json; charset=utf-8', 'cache-control': kept, ...headers }
  if (method !== 'GET' || revealsSecret === true) return { status: reply.status, body, headers: answer }
  // A reply that has a version sets its own etag, because its request id and time differ each time.
  const etag = typeof headers['etag'] === 'string' ? headers['etag'] : `"${hash('sha1', body, 'base64url')}"`
  if (isUnchanged(request.headers['if-none-match'], etag)) {
    const vary = body.length < compressedFromBytes ? {} : { vary: 'Accept-Encoding' }
    return { status: 304, body: '', headers: { etag, 'cache-control': kept, ...vary } }
  }
  return { status: reply.status, body, headers: { ...answer, etag } }
}

const json = 'application/json; charset=utf-8'

function toPreparedAnswer(
  status: number,
  { body, etag }: PreparedReply<unknown>,
  request: Pick<IncomingMessage, 'headers'>,
  kept: string,
): Answer {
  if (isUnchanged(request.headers['if-none-match'], etag)) {
    const vary = body.length < compressedFromBytes ? {} : { vary: 'Accept-Encoding' }
    return { status: 304, body: '', headers: { etag, 'cache-control': kept, ...vary } }
  }
  return { status, body, headers: { 'content-type': json, 'cache-control': kept, etag } }
}

function toValue(result: Otherwise<unknown>): unknown {
  return result.value
}

function unwrap(result: WithHeaders<unknown>): Pick<WithHeaders<unknown>, 'value' | 'headers'> {
  return result
}
