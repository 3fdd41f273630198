export type LogoType = 'image/png' | 'image/jpeg' | 'image/webp'

export type LogoVerdict =
  | { readonly accepted: true; readonly type: LogoType; readonly width: number; readonly height: number }
  | { readonly accepted: false; readonly message: string }

type Size = { readonly width: number; readonly height: number }

/**
 * Determines an image's format from its content, and whether it may be a logo. Only the header is read; decoding is
 * left to browsers. Formats: PNG 3rd ed. §11.2.1, JPEG ITU-T T.81 §B.2.2, WebP RFC 9649 §2.
 */
export function judgeLogo(
  bytes: Uint8Array,
  { bytesMax, pixelsMax }: { readonly bytesMax: number; readonly pixelsMax: number },
): LogoVerdict {
  if (bytes.length > bytesMax) return refuse(`must be at most ${bytesMax / 1_000} kB`)
  const type = typeOf(bytes)
  if (type === undefined) return refuse('must be a PNG, JPEG or WebP image')
  const size = readSize[type](Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  if (size === undefined || size.width < 1 || size.height < 1) return refuse('must be a whole image')
  if (size.width > pixelsMax || size.height > pixelsMax)
    return refuse(`must be at most ${pixelsMax} pixels wide and high, and is ${size.width} by ${size.height}`)
  return { accepted: true, type, ...size }
}

const startsWith = (bytes: Uint8Array, signature: readonly number[], at = 0): boolean =>
  signature.every((byte, index) => bytes[at + index] === byte)

const ascii = (text: string): readonly number[] => [...text].map((character) => character.charCodeAt(0))

function typeOf(bytes: Uint8Array): LogoType | undefined {
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png'
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return 'image/jpeg'
  if (startsWith(bytes, ascii('RIFF')) && startsWith(bytes, ascii('WEBP'), 8)) return 'image/webp'
  return undefined
}

const readSize: Readonly<Record<LogoType, (bytes: Buffer) => Size | undefined>> = {
  'image/png': (bytes) =>
    bytes.length < 33 || bytes.toString('latin1', 12, 16) !== 'IHDR'
      ? undefined
      : { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) },
  'image/jpeg': readJpegSize,
  'image/webp': readWebpSize,
}

function readJpegSize(bytes: Buffer): Size | undefined {
  let at = 2
  while (at + 9 <= bytes.length) {
    if (bytes[at] !== 0xff) return undefined
    const marker = bytes[at + 1] ?? 0
    if (marker === 0xff) {
      at += 1
      continue
    }
    // Frames start with SOF0 to SOF15; DHT, JPG and DAC lie in that range but are no frames.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) }
    // Image data comes after the frame's header, so there is none.
    if (marker === 0xda || marker === 0xd9) return undefined
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  return undefined
}

function readWebpSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 30) return undefined
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8X':
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 }
    case 'VP8L': {
      if (bytes[20] !== 0x2f) return undefined
      const bits = bytes.readUInt32LE(21)
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
    }
    case 'VP8 ':
      return bytes.readUIntBE(23, 3) === 0x9d012a
        ? { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff }
        : undefined
    default:
      return undefined
  }
}

function refuse(message: string): LogoVerdict {
  return { accepted: false, message }
}
