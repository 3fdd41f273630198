import type { IncomingMessage } from 'node:http'

/** What a body's chunks may take beside what they hold; a chunk for every byte takes five of them, and a callback. */
const framingBytesMax = 262_144

export type Unpadded = {
  readonly chunks: AsyncGenerator<Buffer>
  /** True once the body was cut because it was more framing than body. */
  readonly isCut: () => boolean
}

/** The body of a response until its framing alone, counted on its connection, is more than any real body has. */
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
