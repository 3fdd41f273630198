import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { chooseEncoding, type Encoding, RawReply } from '@gatehouse/kernel/endpoint'

/**
 * A body that is requested often, compressed once per coding at its first request: doing so earlier would take a tenth
 * of the start-up time.
 */
export type Compressed = { readonly mediaType: string; readonly bodyIn: (encoding: Encoding) => Buffer }

const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }

const compressors = {
  br: (identity) => brotliCompressSync(identity, brotli),
  gzip: (identity) => gzipSync(identity, { level: 9 }),
  identity: (identity) => identity,
} as const satisfies Readonly<Record<Encoding, (identity: Buffer) => Buffer>>

export function compress(identity: Buffer, mediaType: string): Compressed {
  const made = new Map<Encoding, Buffer>()
  const bodyIn = (encoding: Encoding): Buffer => {
    const body = made.get(encoding) ?? compressors[encoding](identity)
    made.set(encoding, body)
    return body
  }
  return { mediaType, bodyIn }
}

export function toCompressedReply(
  { mediaType, bodyIn }: Compressed,
  accepted: string | undefined,
  headers: Readonly<Record<string, string>>,
): RawReply {
  const encoding = chooseEncoding(accepted)
  return new RawReply(bodyIn(encoding), {
    ...headers,
    'content-type': mediaType,
    vary: 'accept-encoding',
    ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
  })
}
