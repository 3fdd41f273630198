import fc from 'fast-check'
import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import {
  ipv4Registry,
  ipv6Registry,
  refusedAllTheSame,
  refusedUnlisted,
  type RegisteredBlock,
} from './fixtures/special-purpose-registries.ts'
import { judgeAddress } from './judge-address.ts'

type Range = readonly [base: IPv4 | IPv6, bits: number]

const registry = [...ipv4Registry, ...ipv6Registry].map((row) => ({ ...row, range: toRange(row.block) }))
const exceptions = refusedAllTheSame.map(toRange)
const unlisted = refusedUnlisted.map(toRange)

/** Whether the registries call an address globally reachable, computed with another library than our own. */
function isReachableByRegistry(address: IPv4 | IPv6): boolean {
  const rows = registry.filter(({ range }) => contains(range, address))
  const narrowest = rows.toSorted((left, right) => right.range[1] - left.range[1])[0]
  return narrowest === undefined || narrowest.reachable === true
}

function isExpectedAllowed(address: IPv4 | IPv6): boolean {
  const refused = [...exceptions, ...unlisted].some((range) => contains(range, address)) || isIsatap(address)
  return isReachableByRegistry(address) && !refused
}

/** RFC 5214 §6.1: an address with this interface identifier tunnels to an IPv4 address. */
function isIsatap(address: IPv4 | IPv6): boolean {
  const groups = 'parts' in address ? address.parts : []
  return ((groups[4] ?? 0) & 0xfcff) === 0 && groups[5] === 0x5efe
}

function toRange(block: string): Range {
  return ipaddr.parseCIDR(block)
}

function contains([base, bits]: Range, address: IPv4 | IPv6): boolean {
  return base.kind() === address.kind() && address.match(base, bits)
}

/** Any address of the block: its prefix, then bits at random, with the two ends more often than chance would have it. */
function within([base, bits]: Range): fc.Arbitrary<IPv4 | IPv6> {
  const bytes = base.toByteArray()
  const ends = fc.constantFrom(0, 255).map((value) => bytes.map(() => value))
  const any = fc.array(fc.nat(255), { minLength: bytes.length, maxLength: bytes.length })
  return fc.oneof({ weight: 1, arbitrary: ends }, { weight: 4, arbitrary: any }).map((fill) =>
    ipaddr.fromByteArray(
      bytes.map((byte, index) => {
        const mask = 255 >> Math.min(8, Math.max(0, bits - index * 8))
        return byte | ((fill[index] ?? 0) & mask)
      }),
    ),
  )
}

/** Judges an address in its short spelling and with its zeros written out. */
function judgesAsExpected(address: IPv4 | IPv6): void {
  const allowed = isExpectedAllowed(address)
  for (const text of [address.toString(), address.toNormalizedString()]) {
    expect({ text, allowed: judgeAddress(text).allowed }).toEqual({ text, allowed })
  }
}

describe('no-special-address-is-dialled: the registries of IANA, row by row', () => {
  it.each(registry)('$block $name, $rfc, reachable: $reachable', ({ range }) => {
    fc.assert(fc.property(within(range), judgesAsExpected), { numRuns: 300 })
  })

  it.each(refusedUnlisted)('%s, which they do not list', (block) => {
    fc.assert(fc.property(within(toRange(block)), judgesAsExpected), { numRuns: 300 })
  })

  it('any address at all is judged as they and our exceptions say', () => {
    const anywhere = [toRange('0.0.0.0/0'), toRange('2000::/3'), toRange('2001::/16'), toRange('::/0')]
    fc.assert(fc.property(fc.oneof(...anywhere.map(within)), judgesAsExpected), { numRuns: 20_000 })
  })

  it('every exception stands in a registry as reachable, or it would be none', () => {
    const reachable = new Set(
      registry.filter((row: RegisteredBlock) => row.reachable).map(({ block }) => block),
    )
    for (const block of refusedAllTheSame) expect(reachable).toContain(block)
  })
})
