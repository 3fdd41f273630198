import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** The format of a service's keys (K1): `prefix` + `bodyLength` characters of `alphabet` + the check, if any. */
export type KeyShape = {
  /** The prefixes that a key may have; new keys get the first one that is not `testPrefix`. */
  readonly prefixes: readonly string[]
  /** The prefix of test keys; absent when the service has none. */
  readonly testPrefix?: string
  readonly alphabet: string
  readonly bodyLength: number
  /** How many of a key's first characters, prefix included, may be stored and shown. */
  readonly visibleLength: number
  /**
   * CRC-32 (IEEE) of all preceding characters, big-endian in `alphabet`, padded to `length` with its first character.
   */
  readonly check: { readonly algorithm: 'crc-32'; readonly length: number } | null
}

/** The shape of each service's keys, by the service's name. */
export type KeyShapes = Readonly<Record<string, KeyShape>>

export type ParsedKey = {
  readonly service: string
  /** The prefix that the key has. */
  readonly prefix: string
  /** The first characters of the key, which may be stored and shown. */
  readonly visible: string
}

export type RandomSource = (bytes: number) => Uint8Array

/** Makes a new key. Each character of the body is drawn without bias. */
export function mintKey(shape: KeyShape, prefix: string, random: RandomSource = randomBytes): string {
  if (!shape.prefixes.includes(prefix)) throw new Error(`No key of this shape starts with ${prefix}`)
  return withCheck(shape, prefix + drawBody(shape, random))
}

/** Recognises the service of a key by its format alone, without a look-up; undefined when the text is no key. */
export function parseKey(shapes: KeyShapes, text: string): ParsedKey | undefined {
  for (const service in shapes) {
    const shape = shapes[service]
    const prefix = shape?.prefixes.find((literal) => text.startsWith(literal))
    if (shape === undefined || prefix === undefined) continue
    return isWellFormed(shape, prefix, text)
      ? { service, prefix, visible: text.slice(0, shape.visibleLength) }
      : undefined
  }
  return undefined
}

function isWellFormed(shape: KeyShape, prefix: string, text: string): boolean {
  const bodyEnd = prefix.length + shape.bodyLength
  if (text.length !== bodyEnd + (shape.check?.length ?? 0)) return false
  for (let at = prefix.length; at < bodyEnd; at += 1)
    if (!shape.alphabet.includes(text.charAt(at))) return false
  return shape.check === null || withCheck(shape, text.slice(0, bodyEnd)) === text
}

function drawBody({ alphabet, bodyLength }: KeyShape, random: RandomSource): string {
  // Bytes at or above the largest multiple of the alphabet's size would favour its first characters.
  const fairBelow = 256 - (256 % alphabet.length)
  let body = ''
  while (body.length < bodyLength)
    for (const byte of random(bodyLength - body.length))
      if (byte < fairBelow) body += alphabet.charAt(byte % alphabet.length)
  return body
}

function withCheck({ alphabet, check }: KeyShape, text: string): string {
  if (check === null) return text
  let rest = crc32(text)
  let digits = ''
  while (digits.length < check.length) {
    digits = alphabet.charAt(rest % alphabet.length) + digits
    rest = Math.floor(rest / alphabet.length)
  }
  return text + digits
}
