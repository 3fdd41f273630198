import { isWithin } from './address-range.ts'
import { noAllowance, type EgressAllowance } from './egress-allowance.ts'
import { parseAddress, type Address } from './parse-address.ts'
import { buildRangeTable, findInTable } from './range-table.ts'
import { specialRanges, type SpecialReason } from './special-ranges.ts'

export type ForbiddenReason = SpecialReason | 'isatap' | 'not_an_address'

export type AddressVerdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: ForbiddenReason }

/**
 * Whether an address may be dialled: only globally reachable ones and those that the operator allows; an allowance that
 * names a port holds for that port alone. Metadata addresses are refused under every allowance, also when they are
 * embedded in IPv6, and so is local-use NAT64, which could hide one.
 */
export function judgeAddress(
  text: string,
  allow: EgressAllowance = noAllowance,
  port?: number,
): AddressVerdict {
  const address = parseAddress(text)
  return address === undefined ? refuse('not_an_address') : judgeParsed(address, allow, port)
}

function judgeParsed(address: Address, allow: EgressAllowance, port: number | undefined): AddressVerdict {
  const reason = classify(address)
  if (reason === 'global') return allowed
  if (neverAllowed.has(reason)) return refuse(reason)
  const embedded = toEmbeddedIpv4(reason, address)
  const inner = embedded === undefined ? allowed : judgeParsed(embedded, allow, port)
  if (!inner.allowed && inner.reason === 'metadata') return inner
  // The operator of a translator allows its prefix; the address that it translates to is still judged by itself.
  return inner.allowed && isAllowed(address, allow, port) ? allowed : refuse(reason)
}

function classify(address: Address): ForbiddenReason | 'global' {
  if (address.family === 4) return findInTable(ipv4Table, address)
  const reason = findInTable(ipv6Table, address)
  return reason !== 'metadata' && isIsatap(address) ? 'isatap' : reason
}

function isAllowed(address: Address, allow: EgressAllowance, port: number | undefined): boolean {
  return allow.ranges.some(
    (range) => isWithin(address, range) && (range.port === undefined || range.port === port),
  )
}

/** RFC 5214 §6.1: the interface identifier is 0000:5efe or 0200:5efe, then the IPv4 address; u and g may be set. */
function isIsatap(address: Address): boolean {
  return ((address.words[2] ?? 0) & 0xfcffffff) === 0x5efe
}

function toEmbeddedIpv4(reason: ForbiddenReason, { words }: Address): Address | undefined {
  const [first = 0, second = 0, , last = 0] = words
  if (reason === 'six_to_four') return toIpv4(((first << 16) | (second >>> 16)) >>> 0)
  // RFC 4380 §4: the client's address is stored with every bit inverted.
  if (reason === 'teredo') return toIpv4(~last >>> 0)
  return tailEmbedding.has(reason) ? toIpv4(last) : undefined
}

/**
 * In the local-use NAT64 block (RFC 8215) the operator chooses where the IPv4 address is placed, so a metadata address
 * in it could not be recognised.
 */
const neverAllowed: ReadonlySet<ForbiddenReason> = new Set(['metadata', 'nat64_local'])

const tailEmbedding: ReadonlySet<ForbiddenReason> = new Set([
  'v4_mapped',
  'v4_compatible',
  'v4_translated',
  'nat64',
  'isatap',
])

function toIpv4(value: number): Address {
  return { family: 4, words: [value] }
}

const ipv4Table = buildRangeTable(4, specialRanges, 'global')
const ipv6Table = buildRangeTable(6, specialRanges, 'reserved')

const allowed: AddressVerdict = { allowed: true }
const refusals = new Map<ForbiddenReason, AddressVerdict>()

/** One frozen verdict per reason, so that millions of decisions a second produce no garbage. */
function refuse(reason: ForbiddenReason): AddressVerdict {
  const known = refusals.get(reason)
  if (known !== undefined) return known
  const verdict = Object.freeze({ allowed: false, reason } as const)
  refusals.set(reason, verdict)
  return verdict
}
