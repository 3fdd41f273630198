import type { IncomingMessage } from 'node:http'

/** The most framing bytes of a body's chunks. A chunk per byte of content takes five framing bytes, and a callback. */
const framingBytesMax = 262_144

export type Unpadded = {
  readonly chunks: AsyncGenerator<Buffer>
  /** True once the body was cut because its framing exceeded the limit. */
  readonly isCut: () => boolean
}

/** The body of a response. It is cut once its framing, counted on the connection, is more than any real body has. */
export function unpadded(response: IncomingMessage): Unpadded {
  let cut = false
  async function* read(): AsyncGenerator<Buffer> {
    const { socket } = response
    const before = socket.bytesRead - response.readableLength
    let bytes = 0
    const chunks: AsyncIterable<Buffer> = response
    for await (const chunk of chunks) {
      bytes += chunk.length
      yield chunk
      cut = socket.bytesRead - before - bytes - response.readableLength > framingBytesMax
      if (cut) return
    }
  }
  return { chunks: read(), isCut: () => cut }
}
