import { compareWords, parseAddressRange } from './address-range.ts'
import { noAllowance, type AllowedRange, type EgressAllowance } from './egress-allowance.ts'
import { judgeAddress } from './judge-address.ts'

/**
 * Reads `10.0.0.0/8, 127.0.0.1:8080, [::1]:8080, [fd00::/8]:443, fd00::/8`: addresses or CIDR ranges, comma-separated,
 * each with an optional port. Throws an error that names the entry it cannot accept.
 */
export function parseEgressAllowance(text: string): EgressAllowance {
  if (text.trim() === '') return noAllowance
  return { ranges: text.split(',').map((entry) => parseEntry(entry.trim())) }
}

function parseEntry(text: string): AllowedRange {
  if (text === '') throw new Error('The egress allowance has an empty entry between two commas.')
  const { rangeText, portText } = splitPort(text)
  const port = portText === undefined ? undefined : Number(portText)
  if (port !== undefined && (port < 1 || port > 65_535)) {
    throw new Error(`"${text}" in the egress allowance has a port outside 1 to 65535.`)
  }
  const range = parseAddressRange(rangeText)
  if (range === undefined) {
    throw new Error(
      `"${text}" in the egress allowance is not an address or a CIDR range; ` +
        'write 10.0.0.0/8, 127.0.0.1:8080 or [::1]:8080, with no bit set after the prefix.',
    )
  }
  const verdict = judgeAddress(rangeText.replace(/\/.*$/, ''))
  const reason = verdict.allowed ? undefined : verdict.reason
  if (reason === 'nat64_local') {
    throw new Error(`"${text}" in the egress allowance is local-use NAT64, which can never be allowed.`)
  }
  if (reason === 'metadata' && compareWords(range.first, range.last) === 0) {
    throw new Error(
      `"${text}" in the egress allowance is a cloud metadata address, which can never be allowed.`,
    )
  }
  return { ...range, text, port }
}

function splitPort(text: string): { rangeText: string; portText: string | undefined } {
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text)
  if (bracketed !== null) return { rangeText: bracketed[1] ?? '', portText: bracketed[2] }
  const dotted = /^([\d./]+):(\d{1,5})$/.exec(text)
  return dotted === null
    ? { rangeText: text, portText: undefined }
    : { rangeText: dotted[1] ?? '', portText: dotted[2] }
}
