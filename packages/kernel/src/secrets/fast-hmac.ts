import { hash } from 'node:crypto'

/** HMAC-SHA-256 of one message under one key. */
export type FastHmac = (message: string | Buffer, encoding: 'base64' | 'hex') => string

const blockBytes = 64
const digestBytes = 32

/**
 * HMAC of RFC 2104 with its two padded keys computed once, over the one-shot `hash`: an Hmac object for each of many
 * short texts costs more than the hashing (76,000/s against 650,000/s).
 */
export function createFastHmac(key: Buffer): FastHmac {
  const block = Buffer.alloc(blockBytes)
  block.set(key.length > blockBytes ? hash('sha256', key, 'buffer') : key)
  const innerPad = block.map((byte) => byte ^ 0x36)
  const outer = Buffer.alloc(blockBytes + digestBytes)
  outer.set(block.map((byte) => byte ^ 0x5c))
  return (message, encoding) => {
    const inner = Buffer.allocUnsafe(blockBytes + Buffer.byteLength(message))
    inner.set(innerPad)
    if (typeof message === 'string') inner.write(message, blockBytes)
    else inner.set(message, blockBytes)
    outer.set(hash('sha256', inner, 'buffer'), blockBytes)
    return hash('sha256', outer, encoding)
  }
}
