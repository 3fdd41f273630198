import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { chooseEncoding, type Endpoint } from '@gatehouse/kernel/endpoint'
import { type Answer, compressedFromBytes } from './answer.ts'

/** A compromise of speed and size; quality 9 and above takes ten times as long for a tenth less. */
const quality = { br: 4, gzip: 6 }

const toBrotli = promisify(brotliCompress)
const toGzip = promisify(gzip)

/**
 * Whether an answer is compressed: JSON, when the client accepts it, and in threads beside the event loop. Never a
 * reply that reveals a secret: its length would disclose the secret to anyone who can add text to the reply.
 */
export function isCompressible(
  { revealsSecret }: Endpoint,
  { headers: asked }: IncomingMessage,
  { status, body, headers }: Answer,
): boolean {
  if (revealsSecret === true || status === 304 || headers['content-encoding'] !== undefined) return false
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) return false
  const isWorthIt =
    body.length >= compressedFromBytes || (body.length > 0 && refusesIdentity(asked['accept-encoding']))
  return isWorthIt && isJson(headers['content-type'])
}

export async function compressAnswer({ headers: asked }: IncomingMessage, answer: Answer): Promise<Answer> {
  const { status, body, headers } = answer
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) return answer
  const vary = addToVary(headers['vary'], 'Accept-Encoding')
  const encoding = chooseEncoding([asked['accept-encoding'] ?? []].flat().join(','))
  if (encoding === 'identity') return { status, body, headers: { ...headers, vary } }
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality.br }
  const packed =
    encoding === 'br' ? await toBrotli(body, { params }) : await toGzip(body, { level: quality.gzip })
  const { etag } = headers
  return {
    status,
    body: packed,
    headers: {
      ...headers,
      vary,
      'content-encoding': encoding,
      // The content is the same, but not its bytes.
      ...(typeof etag === 'string' && !etag.startsWith('W/') ? { etag: `W/${etag}` } : {}),
    },
  }
}

function refusesIdentity(accepted: string | string[] | undefined): boolean {
  return typeof accepted === 'string' && /(?:identity|\*)\s*;\s*q\s*=\s*0(?:\.0*)?\s*(?:,|$)/i.test(accepted)
}

export function addToVary(vary: string | string[] | undefined, name: string): string {
  const named = [vary ?? []].flat().flatMap((line) => line.split(',').map((one) => one.trim()))
  const isNamed = named.some((one) => one.toLowerCase() === name.toLowerCase())
  return (isNamed ? named : [...named, name]).join(', ')
}

function isJson(mediaType: string | string[] | undefined): boolean {
  return typeof mediaType === 'string' && /^application\/(?:[\w.-]+\+)?json\b/.test(mediaType)
}
