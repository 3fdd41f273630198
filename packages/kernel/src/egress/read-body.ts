import type { IncomingMessage } from 'node:http'
import { pipeline, type Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib'

export type BodyRead = { readonly body: Buffer; readonly truncated: boolean }

/** The content encodings that `readBody` undoes, as a request offers them. */
export const acceptedEncodings = 'gzip, deflate, br'

class UnknownEncodingError extends Error {
  override readonly name = 'UnknownEncodingError'
  readonly code = 'UNKNOWN_CONTENT_ENCODING'
}

/** Reads and decompresses at most `bytesMax` bytes; the rest is never read, so memory stays bounded. */
export async function readBody(response: IncomingMessage, bytesMax: number): Promise<BodyRead> {
  const encoding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (encoding === 'identity' || encoding === '') return collect(response, bytesMax)
  const chunks: AsyncIterableIterator<Buffer> = response[Symbol.asyncIterator]()
  const first = await chunks.next()
  if (first.done === true) return { body: Buffer.alloc(0), truncated: false }
  const decoder = createDecoder(encoding, first.value)
  const wire = { bytes: 0, bytesMax: bytesMax * 2 + wireSlackBytes }
  // Its outcome reaches the reader through the decoder, which fails or ends with it.
  pipeline(takeWire(first.value, chunks, wire), decoder, () => undefined)
  try {
    return await collect(decoder, bytesMax)
  } catch (error) {
    if (wire.bytes <= wire.bytesMax) throw error
    return { body: Buffer.alloc(0), truncated: true }
  }
}

// Compressed data that yields nothing can go on for ever too. Twice the cap leaves room for bytes that do not compress.
const wireSlackBytes = 65_536

async function collect(source: AsyncIterable<Buffer>, bytesMax: number): Promise<BodyRead> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of source) {
    pieces.push(piece)
    bytes += piece.length
    if (bytes > bytesMax) return { body: Buffer.concat(pieces, bytesMax), truncated: true }
  }
  return { body: Buffer.concat(pieces, bytes), truncated: false }
}

async function* takeWire(
  first: Buffer,
  rest: AsyncIterable<Buffer>,
  wire: { bytes: number; readonly bytesMax: number },
): AsyncGenerator<Buffer> {
  wire.bytes += first.length
  yield first
  for await (const chunk of rest) {
    wire.bytes += chunk.length
    if (wire.bytes > wire.bytesMax) return
    yield chunk
  }
}

function createDecoder(encoding: string, first: Buffer): Transform {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip()
  if (encoding === 'br') return createBrotliDecompress()
  if (encoding !== 'deflate')
    throw new UnknownEncodingError(`The content encoding ${encoding} is not one we asked for`)
  // RFC 9110 §8.4.1.2: some servers send deflate without its zlib wrapper, whose first byte names method 8.
  return ((first[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw()
}
