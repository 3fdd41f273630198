import { parseAddress, type Address } from './parse-address.ts'

/** All addresses of one family from `first` to `last`, both included. */
export type AddressRange = {
  readonly family: 4 | 6
  readonly first: readonly number[]
  readonly last: readonly number[]
}

/** Reads `address/bits` or a single address; undefined unless every bit after the prefix is zero. */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [, addressText, bitsText] = /^([^/]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? []
  const address = addressText === undefined ? undefined : parseAddress(addressText)
  if (address === undefined) return undefined
  const bitsMax = address.words.length * 32
  const bits = bitsText === undefined ? bitsMax : Number(bitsText)
  if (bits > bitsMax) return undefined
  const hostMasks = address.words.map((_word, index) => toHostMask(bits - index * 32))
  if (address.words.some((word, index) => (word & (hostMasks[index] ?? 0)) !== 0)) return undefined
  const last = address.words.map((word, index) => (word | (hostMasks[index] ?? 0)) >>> 0)
  return { family: address.family, first: address.words, last }
}

export function isWithin(address: Address, range: AddressRange): boolean {
  if (address.family !== range.family) return false
  return compareWords(address.words, range.first) >= 0 && compareWords(address.words, range.last) <= 0
}

export function compareWords(left: readonly number[], right: readonly number[]): number {
  for (let index = 0; index < left.length; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function toHostMask(prefixBits: number): number {
  if (prefixBits >= 32) return 0
  return prefixBits <= 0 ? 0xffffffff : 0xffffffff >>> prefixBits
}
