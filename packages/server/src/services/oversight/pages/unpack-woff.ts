import { inflateSync } from 'node:zlib'

const [headBytes, packedEntryBytes] = [44, 20]
const [fileHeadBytes, entryBytes] = [12, 16]

/**
 * Converts a WOFF 1.0 file to the font it contains. The PDF library reads both, but decompresses a WOFF table again
 * for every glyph.
 */
export function unpackWoff(woff: Buffer): Buffer {
  const count = woff.readUInt16BE(12)
  const tables = Array.from({ length: count }, (_, at) => {
    const entry = woff.subarray(headBytes + at * packedEntryBytes)
    const [offset, packedBytes, bytes] = [
      entry.readUInt32BE(4),
      entry.readUInt32BE(8),
      entry.readUInt32BE(12),
    ]
    const packed = woff.subarray(offset, offset + packedBytes)
    return {
      tag: entry.subarray(0, 4),
      checksum: entry.subarray(16, 20),
      content: packedBytes < bytes ? inflateSync(packed) : packed,
    }
  })
  const exponent = Math.floor(Math.log2(count))
  const head = Buffer.alloc(fileHeadBytes + count * entryBytes)
  woff.copy(head, 0, 4, 8)
  head.writeUInt16BE(count, 4)
  head.writeUInt16BE(2 ** exponent * entryBytes, 6)
  head.writeUInt16BE(exponent, 8)
  head.writeUInt16BE((count - 2 ** exponent) * entryBytes, 10)
  const parts: Buffer[] = [head]
  let offset = head.length
  for (const [at, { tag, checksum, content }] of tables.entries()) {
    const entry = head.subarray(fileHeadBytes + at * entryBytes)
    tag.copy(entry, 0)
    checksum.copy(entry, 4)
    entry.writeUInt32BE(offset, 8)
    entry.writeUInt32BE(content.length, 12)
    // Each table starts at a multiple of four bytes.
    const padding = Buffer.alloc((4 - (content.length % 4)) % 4)
    parts.push(content, padding)
    offset += content.length + padding.length
  }
  return Buffer.concat(parts)
}
