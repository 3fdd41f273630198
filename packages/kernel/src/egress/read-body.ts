import type { IncomingMessage } from 'node:http'
import { pipeline, type Transform } from 'node:stream'
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib'
import type { HttpFault } from './egress-error.ts'
import { unpadded } from './unpadded.ts'

export type BodyRead = { readonly body: Buffer; readonly truncated: boolean }

/** The content encodings that a request offers; `readBody` undoes zstd too, for servers that send it unasked. */
export const acceptedEncodings = 'gzip, deflate, br'

/** A well-behaved server applies one coding; each coding costs a decoder. */
const codingsMax = 4

/** RFC 8878 §3.1.1.1.2: the window that a decoder should at least support; a larger one is refused. */
const zstdWindowLogMax = 23

/** The answer uses content codings that are not supported. */
export class RefusedCodingError extends Error {
  override readonly name = 'RefusedCodingError'
  readonly httpFault: HttpFault
  readonly coding: string | undefined

  constructor(httpFault: HttpFault, coding?: string) {
    super(httpFault)
    this.httpFault = httpFault
    this.coding = coding
  }
}

/** Reads and decompresses at most `bytesMax` bytes; the rest is never read, so memory stays bounded. */
export async function readBody(response: IncomingMessage, bytesMax: number): Promise<BodyRead> {
  const codings = parseCodings(response.headers['content-encoding'])
  const { chunks, isCut } = unpadded(response)
  if (codings.length === 0) {
    const read = await collect(chunks, bytesMax)
    return { ...read, truncated: read.truncated || isCut() }
  }
  const flow = { isCut: false, bytesMax: bytesMax * 2 + slackBytes }
  // RFC 9110 §8.4: codings are listed in the order in which they were applied.
  const decoded = codings.reduceRight<AsyncIterable<Buffer>>(
    (source, decoder) => decode(take(source, flow), decoder),
    chunks,
  )
  try {
    return await collect(decoded, bytesMax)
  } catch (error) {
    if (!flow.isCut && !isCut()) throw error
    return { body: Buffer.alloc(0), truncated: true }
  }
}

// Compressed data that decodes to nothing can also be endless. Twice the cap leaves room for data that does not
// compress.
const slackBytes = 65_536

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

/** Passes input to one decoder until its limit is reached. */
async function* take(
  source: AsyncIterable<Buffer>,
  flow: { isCut: boolean; readonly bytesMax: number },
): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const chunk of source) {
    bytes += chunk.length
    if (bytes > flow.bytesMax) {
      flow.isCut = true
      return
    }
    yield chunk
  }
}

/** Creates a decoder once the first bytes are known. */
type Decoder = (first: Buffer) => Transform

/** An empty body is valid in every coding. */
async function* decode(source: AsyncIterable<Buffer>, createDecoder: Decoder): AsyncGenerator<Buffer> {
  const rest = source[Symbol.asyncIterator]()
  const first = await takeFirst(rest, 2)
  if (first.length === 0) return
  const decoder = createDecoder(first)
  // A failure of the pipeline reaches the reader through the decoder, which fails or ends with it.
  pipeline(join(first, rest), decoder, () => undefined)
  yield* decoder
}

async function takeFirst(source: AsyncIterator<Buffer>, bytesMin: number): Promise<Buffer> {
  let first: Buffer = Buffer.alloc(0)
  while (first.length < bytesMin) {
    const next = await source.next()
    if (next.done === true) break
    first = Buffer.concat([first, next.value])
  }
  return first
}

async function* join(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
}

/** The decoders for a Content-Encoding header; blanks and `identity` need none. */
function parseCodings(header: string | undefined): readonly Decoder[] {
  const names = (header ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity')
  if (names.length > codingsMax) throw new RefusedCodingError('codings_too_many')
  return names.map((name) => {
    const decoder = decoders.get(name)
    // RFC 9110 §5.6.2: only a token is a name that may be repeated in an error.
    if (decoder === undefined)
      throw new RefusedCodingError(
        'coding_unknown',
        /^[!#$%&'*+\-.^_`|~\w]{1,40}$/.test(name) ? name : undefined,
      )
    return decoder
  })
}

const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['gzip', () => createGunzip()],
  ['x-gzip', () => createGunzip()],
  ['br', () => createBrotliDecompress()],
  // RFC 9110 §8.4.1.2: some servers send deflate without its zlib wrapper.
  ['deflate', (first) => (hasZlibHeader(first) ? createInflate() : createInflateRaw())],
  ['zstd', () => createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: zstdWindowLogMax } })],
])

/** RFC 1950 §2.2: method 8, and the first two bytes as one number are a multiple of 31. */
function hasZlibHeader([method = 0, flags = 0]: Buffer): boolean {
  return (method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0
}
