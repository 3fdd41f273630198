/** An address as unsigned 32-bit words, most significant first: one for IPv4, four for IPv6. */
export type Address = { readonly family: 4 | 6; readonly words: readonly number[] }

// The longest spelling is an IPv6 address with a dotted IPv4 tail.
const addressLengthMax = 45

/**
 * Reads the textual forms of RFC 4291 §2.2 and dotted decimal, strictly: no leading zeros in IPv4, no zone id, no
 * brackets. Anything else is undefined, and so never dialled.
 */
export function parseAddress(text: string): Address | undefined {
  if (text.length > addressLengthMax) return undefined
  if (text.includes(':')) return parseIpv6(text)
  const value = parseIpv4(text, 0)
  return value === undefined ? undefined : { family: 4, words: [value] }
}

function parseIpv4(text: string, start: number): number | undefined {
  let value = 0
  let octet = 0
  let digits = 0
  let dots = 0
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === dot) {
      if (digits === 0 || ++dots > 3) return undefined
      value = value * 256 + octet
      octet = 0
      digits = 0
      continue
    }
    if (code < zero || code > nine || (digits > 0 && octet === 0)) return undefined
    octet = octet * 10 + code - zero
    digits++
    if (octet > 255) return undefined
  }
  return dots === 3 && digits > 0 ? value * 256 + octet : undefined
}

function parseIpv6(text: string): Address | undefined {
  const groups: number[] = []
  let gapAt = -1
  let at = 0
  if (text.startsWith('::')) {
    gapAt = 0
    at = 2
  }
  while (at < text.length) {
    const start = at
    let value = 0
    for (let digit = toHexDigit(text, at); digit >= 0; digit = toHexDigit(text, ++at))
      value = value * 16 + digit
    if (at === start || at - start > 4 || groups.length === 8) return undefined
    if (text.charCodeAt(at) === dot) {
      const tail = parseIpv4(text, start)
      if (tail === undefined) return undefined
      groups.push(tail >>> 16, tail & 0xffff)
      break
    }
    groups.push(value)
    if (at === text.length) break
    if (text.charCodeAt(at++) !== colon || at === text.length) return undefined
    if (text.charCodeAt(at) !== colon) continue
    if (gapAt >= 0) return undefined
    gapAt = groups.length
    at++
  }
  return toWords(groups, gapAt)
}

function toWords(groups: readonly number[], gapAt: number): Address | undefined {
  // '::' stands for at least one group of zeros.
  if (gapAt < 0 ? groups.length !== 8 : groups.length > 7) return undefined
  const missing = 8 - groups.length
  const words = [0, 0, 0, 0]
  for (let index = 0; index < groups.length; index++) {
    const place = gapAt >= 0 && index >= gapAt ? index + missing : index
    const shifted = place % 2 === 0 ? (groups[index] ?? 0) * 0x10000 : (groups[index] ?? 0)
    words[place >> 1] = (words[place >> 1] ?? 0) + shifted
  }
  return { family: 6, words }
}

const dot = 0x2e
const colon = 0x3a
const zero = 0x30
const nine = 0x39

/** The value of a hexadecimal digit; -1 where there is none, also at the end of the text. */
function toHexDigit(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code >= zero && code <= nine) return code - zero
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
