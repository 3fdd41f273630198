import { compareWords, isWithin, parseAddressRange, type AddressRange } from './address-range.ts'
import type { Address } from './parse-address.ts'

/** Disjoint segments in order: `values[n]` holds from `starts[n]` up to the next start. */
export type RangeTable<T> = { readonly starts: readonly (readonly number[])[]; readonly values: readonly T[] }

/** Flattens nested ranges, the most specific winning, so that a look-up is one binary search. */
export function buildRangeTable<T>(
  family: 4 | 6,
  entries: readonly (readonly [cidr: string, value: T])[],
  outside: T,
): RangeTable<T> {
  const ranges = entries
    .map(([cidr, value]) => ({ range: toRange(cidr), value }))
    .filter(({ range }) => range.family === family)
    .toSorted((left, right) => compareSize(left.range, right.range))
  const lowest = Array.from({ length: family === 4 ? 1 : 4 }, () => 0)
  const starts = [lowest, ...ranges.flatMap(({ range }) => [range.first, ...toSuccessor(range.last)])]
    .toSorted(compareWords)
    .filter((start, index, all) => index === 0 || compareWords(start, all[index - 1] ?? lowest) !== 0)
  const values = starts.map(
    (words) => ranges.find(({ range }) => isWithin({ family, words }, range))?.value ?? outside,
  )
  return { starts, values }
}

export function findInTable<T>(table: RangeTable<T>, address: Address): T {
  let low = 0
  let high = table.starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (compareWords(address.words, table.starts[middle] ?? []) < 0) high = middle - 1
    else low = middle
  }
  // Safe: the first segment starts at zero, so `low` always names a segment.
  return table.values[low] as T
}

function toRange(cidr: string): AddressRange {
  const range = parseAddressRange(cidr)
  if (range === undefined) throw new Error(`${cidr} is not an address range`)
  return range
}

/** Orders smaller ranges first; the ranges of a family nest, so the difference of the ends orders them. */
function compareSize(left: AddressRange, right: AddressRange): number {
  const span = (range: AddressRange): number[] =>
    range.last.map((word, index) => word - (range.first[index] ?? 0))
  return compareWords(span(left), span(right))
}

/** The next address, or none at the end of the address space. */
function toSuccessor(words: readonly number[]): readonly number[][] {
  const next = [...words]
  for (let index = next.length - 1; index >= 0; index--) {
    const word = next[index] ?? 0
    if (word < 0xffffffff) {
      next[index] = word + 1
      return [next]
    }
    next[index] = 0
  }
  return []
}
