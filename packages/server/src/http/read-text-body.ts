import type { IncomingMessage } from 'node:http'
import { Readable, type Transform } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

/** Bytes that are read of encoded data beyond those that are kept, for the framing of the encoding. */
const framingBytesMax = 1_024
/** A client that sends more than this is answered before it has finished. */
const restBytesMax = 16 * 1_048_576

/**
 * The beginning of a body, of any media type, as text; undefined when there is none. Nothing about the body is refused:
 * data that cannot be decompressed is taken as it is, and if the client disconnects, what it has sent counts. The rest
 * is read and dropped, because closing the connection on a client that still writes would lose its answer.
 */
export async function readTextBody(request: IncomingMessage, bytesMax: number): Promise<string | undefined> {
  const wire = await readFirst(request, bytesMax + framingBytesMax)
  if (wire.length === 0) return undefined
  let bytes = wire
  for (const coding of toCodings(request).toReversed()) bytes = await decodeFirst(bytes, coding, bytesMax + 1)
  const isCut = bytes.length > bytesMax
  // A character that was cut in half is dropped.
  const text = new TextDecoder().decode(bytes.subarray(0, bytesMax), { stream: isCut })
  return text.replaceAll('\0', '\uFFFD')
}

/** Resolves when the whole body, or the most that an answer waits for, was read and dropped. */
export function readToEnd(request: IncomingMessage): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (request.readableEnded || request.destroyed) resolve()
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > restBytesMax) resolve()
  })
  request.once('end', resolve)
  request.once('close', resolve)
  return promise
}

/** Reads the first bytes. The listener stays, so that the rest is read and dropped. */
function readFirst(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const { promise, resolve } = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  let size = 0
  const finish = (): void => resolve(Buffer.concat(chunks).subarray(0, bytesMax))
  request.on('data', (chunk: Buffer) => {
    if (size >= bytesMax) return
    chunks.push(chunk)
    size += chunk.length
    if (size >= bytesMax) finish()
  })
  for (const event of ['end', 'error', 'close']) request.once(event, finish)
  if (request.readableEnded || request.destroyed) finish()
  return promise
}

function toCodings(request: IncomingMessage): readonly string[] {
  const header = request.headers['content-encoding'] ?? ''
  return header.split(',').map((coding) => coding.trim().toLowerCase())
}

async function decodeFirst(bytes: Buffer, coding: string, bytesMax: number): Promise<Buffer> {
  const decoder = createDecoder(coding)
  if (decoder === undefined) return bytes
  const pieces: Buffer[] = []
  let size = 0
  try {
    for await (const piece of Readable.from([bytes]).pipe(decoder)) {
      // Safe: a decompressor without an encoding yields buffers.
      const decoded = piece as Buffer
      pieces.push(decoded)
      size += decoded.length
      if (size >= bytesMax) break
    }
  } catch {
    // What was decoded before the fault is kept; the ping counts whatever its log contains.
  }
  return size === 0 ? bytes : Buffer.concat(pieces).subarray(0, bytesMax)
}

/** A decoder that is flushed at the end instead of finished: cut-off compressed data is no error. */
function createDecoder(coding: string): Transform | undefined {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })
    case 'deflate':
      return createInflate({ finishFlush: constants.Z_SYNC_FLUSH })
    case 'br':
      return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH })
    default:
      return undefined
  }
}
