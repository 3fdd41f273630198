const prefix = 'whsec_'
const keyBytes = { min: 24, max: 64 }
const plainLength = { min: 16, max: 500 }
const blankAtAnEnd = /^[\s\p{C}\p{Z}]|[\s\p{C}\p{Z}]$/u

/** Why a secret that a user supplies cannot be used for signing, as the end of a sentence; undefined when it can. */
export function judgeSigningSecret(text: string): string | undefined {
  if (!text.isWellFormed() || text.includes('\0')) return 'must not contain U+0000 or half a character'
  if (text.startsWith(prefix)) {
    const bytes = decodeStrictly(text.slice(prefix.length))
    if (bytes === undefined) return `must be base64, padded, after ${prefix}`
    if (bytes.length >= keyBytes.min && bytes.length <= keyBytes.max) return undefined
    return `must hold ${keyBytes.min} to ${keyBytes.max} bytes after ${prefix}`
  }
  const { length } = [...text]
  if (length < plainLength.min || length > plainLength.max)
    return `must be ${plainLength.min} to ${plainLength.max} characters long`
  return blankAtAnEnd.test(text) ? 'must not begin or end with a blank' : undefined
}

/**
 * The HMAC key of a signing secret: the base64 after `whsec_`, else the UTF-8 text. Throws when it is no key at all.
 */
export function signingKeyOf(text: string): Buffer {
  const key = text.startsWith(prefix)
    ? Buffer.from(text.slice(prefix.length), 'base64')
    : Buffer.from(text, 'utf8')
  if (key.length === 0) throw new Error('A signing secret holds no key')
  return key
}

function decodeStrictly(encoded: string): Buffer | undefined {
  const bytes = Buffer.from(encoded, 'base64')
  // Node ignores invalid characters; only text that Node would write itself is base64 of the standard alphabet.
  return bytes.toString('base64') === encoded ? bytes : undefined
}
